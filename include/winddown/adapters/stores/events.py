"""What desks and docks reported, kept as it came, and the three legs it adds up to."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, select, text
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.database import copy_out, statement
from include.winddown.adapters.stores.tables import event, return_request
from include.winddown.domain.effects import Event

CHUNK_ROWS = 5_000
LEGS = pa.schema(
    [
        ("request_id", pa.string()),
        ("request_no", pa.string()),
        ("warehouse_id", pa.string()),
        ("sku", pa.string()),
        ("condition", pa.string()),
        ("requested_qty", pa.int64()),
        ("accepted_qty", pa.int64()),
        ("shipped_qty", pa.int64()),
        ("received_ok_qty", pa.int64()),
        ("received_damaged_qty", pa.int64()),
        ("is_closed", pa.bool_()),
    ]
)


class EventStore:
    """Events of every exit; each is kept once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, exit_id: str, events: Iterable[Event]) -> int:
        """
        Keep events; those known by source and id are left alone. All are kept or none.

        Returns:
            How many are new.
        """
        new = insert(event).on_conflict_do_nothing()
        counted = 0
        with self._engine.begin() as connection:
            for rows in _chunks({"exit_id": exit_id, **asdict(one)} for one in events):
                counted += connection.execute(
                    new, rows, execution_options={"preserve_rowcount": True}
                ).rowcount
        return counted

    def requests(self, exit_id: str) -> list[dict[str, Any]]:
        """List the return requests of an exit: request_id, request_no, plan_id, shipment_no, warehouse_id."""
        names = ("request_id", "request_no", "plan_id", "shipment_no", "warehouse_id", "created_at")
        query = select(*(return_request.c[name] for name in names)).where(return_request.c.exit_id == exit_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(return_request.c.request_no)).mappings()
            return [dict(row) for row in rows]

    def legs(self, exit_id: str) -> pa.Table:
        """
        Set what was requested beside what was reported.

        Returns:
            One row per (request_no, sku, condition) with request_id, warehouse_id, requested_qty,
            accepted_qty, shipped_qty, received_ok_qty, received_damaged_qty [pcs] and is_closed
            (the dock finished counting that request). What no return line explains has no
            request_id and no warehouse_id.
        """
        with self._engine.connect() as connection:
            return copy_out(connection, text(statement("match_legs")), LEGS, {"exit_id": exit_id})


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk

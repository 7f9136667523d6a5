"""What desks and docks reported, kept as it came."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import event, return_request
from include.winddown.domain.effects import Event

CHUNK_ROWS = 5_000
NAMES = ("source", "event_id", "happened_at", "raw")
CONTENT = tuple(field.name for field in fields(Event) if field.name not in NAMES)
"""What an event says; another time of the same thing is no news."""


class EventStore:
    """Events of every exit; each is kept once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, exit_id: str, events: Iterable[Event]) -> int:
        """
        Keep events; one that is known, and says the same, is left alone. All are kept or none.

        One that says something else than before is kept as a newer edition beside the older ones.

        Returns:
            How many are new.
        """
        with self._engine.begin() as connection:
            return keep_events(connection, exit_id, events)

    def requests(self, exit_id: str) -> list[dict[str, Any]]:
        """List the return requests of an exit: request_id, request_no, plan_id, shipment_no, warehouse_id."""
        names = ("request_id", "request_no", "plan_id", "shipment_no", "warehouse_id", "created_at")
        query = select(*(return_request.c[name] for name in names)).where(return_request.c.exit_id == exit_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(return_request.c.request_no)).mappings()
            return [dict(row) for row in rows]


def keep_events(connection: Connection, exit_id: str, events: Iterable[Event]) -> int:
    """Keep events in the caller's transaction; gives how many are new."""
    new = insert(event).on_conflict_do_nothing()
    counted = 0
    for rows in _chunks({"exit_id": exit_id, **asdict(one)} for one in events):
        fresh = _editions(connection, exit_id, rows)
        if fresh:
            done = connection.execute(new, fresh, execution_options={"preserve_rowcount": True})
            counted += done.rowcount
    return counted


def _editions(connection: Connection, exit_id: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave of rows those that are new or say something new, each with its version."""
    ids = [row["event_id"] for row in rows]
    known = connection.execute(
        select(event.c.source, event.c.event_id, event.c.version, *(event.c[name] for name in CONTENT))
        .where(event.c.exit_id == exit_id, event.c.event_id.in_(ids))
        .order_by(event.c.version)
    )
    newest = {(row.source, row.event_id): (row.version, tuple(row[3:])) for row in known}
    fresh = []
    for row in rows:
        key, content = (row["source"], row["event_id"]), tuple(row[name] for name in CONTENT)
        version, before = newest.get(key, (0, None))
        if content != before:
            newest[key] = (version + 1, content)
            fresh.append(row | {"version": version + 1})
    return fresh


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk

"""Double entry of units in PostgreSQL; movements are only ever added."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import pyarrow as pa
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.database import copy_out, statement
from include.winddown.adapters.stores.tables import exit_, movement

NATURAL_KEY = ["exit_id", "source_system", "source_doc", "source_line"]
BALANCE = pa.schema([("sku", pa.string()), ("node", pa.string()), ("qty", pa.int64())])
BOOKED = pa.schema(
    [
        *((name, pa.string()) for name in ("request_id", "sku", "condition", "node")),
        ("qty", pa.int64()),
        ("movement_id", pa.int64()),
    ]
)


class MovementStore:
    """Where every unit went."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def book(self, exit_id: str, movements: Iterable[Mapping[str, object]]) -> int:
        """
        Book movements, all or none; one that is booked already (by its natural key) is left alone.

        Args:
            exit_id: whose books.
            movements: sku, from_node, to_node, qty [pcs > 0], source_system, source_doc,
                source_line, reason, moved_at (as domain.movements makes them); those of a
                requested line also request_id and condition.

        Returns:
            How many are new.
        """
        with self._engine.begin() as connection:
            return add_movements(connection, exit_id, movements)

    def rebook(
        self,
        exit_id: str,
        request_ids: Sequence[str],
        decide: Callable[[pa.Table], Iterable[Mapping[str, object]]],
    ) -> int:
        """
        Bring the books of some requests up to date; two runs of one exit take turns.

        Args:
            exit_id: whose books.
            request_ids: of these.
            decide: gives the movements, from one row per (request_id, sku, condition, node) with qty,
                what is booked there, and movement_id, the latest movement that touched it.

        Returns:
            How many movements are new.
        """
        own = select(exit_.c.exit_id).where(exit_.c.exit_id == exit_id)
        with self._engine.begin() as connection:
            # weaker than an update of the exit, so that movements of others may refer to it meanwhile
            connection.execute(own.with_for_update(key_share=True))
            values = {"exit_id": exit_id, "request_ids": list(request_ids)}
            booked = copy_out(connection, text(statement("balance_lines")), BOOKED, values)
            return add_movements(connection, exit_id, decide(booked))

    def balance(self, exit_id: str) -> pa.Table:
        """
        Sum the books up.

        Returns:
            One row per (sku, node) a movement ever touched, with qty [pcs]: what came in less
            what went out, 0 included. SUPPLY counts below zero.
        """
        with self._engine.connect() as connection:
            return copy_out(connection, text(statement("balance_nodes")), BALANCE, {"exit_id": exit_id})


def add_movements(connection: Connection, exit_id: str, movements: Iterable[Mapping[str, object]]) -> int:
    """Add movements in the caller's transaction; gives how many are new."""
    rows = [{"exit_id": exit_id, **row} for row in movements]
    if not rows:
        return 0
    new = insert(movement).on_conflict_do_nothing(index_elements=NATURAL_KEY)
    return connection.execute(new, rows, execution_options={"preserve_rowcount": True}).rowcount

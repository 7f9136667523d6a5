"""Double entry of units in PostgreSQL; movements are only ever added."""

from collections.abc import Iterable, Mapping

import pyarrow as pa
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.database import copy_out, statement
from include.winddown.adapters.stores.tables import movement

NATURAL_KEY = ["exit_id", "source_system", "source_doc", "source_line"]
BALANCE = pa.schema([("sku", pa.string()), ("node", pa.string()), ("qty", pa.int64())])


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
                source_line, reason, moved_at (as domain.movements makes them).

        Returns:
            How many are new.
        """
        with self._engine.begin() as connection:
            return add_movements(connection, exit_id, movements)

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

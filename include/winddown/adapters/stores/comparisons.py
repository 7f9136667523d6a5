"""What a snapshot says otherwise than somebody else, line by line, in PostgreSQL."""

import pyarrow as pa
from sqlalchemy import Engine, Table, delete

from include.winddown.adapters.stores.database import copy_into
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.tables import restatement, stock_difference
from include.winddown.domain.compare import Restated, StockDifference


class ComparisonStore:
    """Differences and restatements of snapshots; they can be written until the snapshot is sealed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep_differences(self, snapshot_id: str, rows: pa.Table) -> None:
        """
        Keep where stock report and totals differ, in place of an earlier comparison.

        Args:
            snapshot_id: of a snapshot that is being taken.
            rows: of compare_stock.sql.
        """
        self._replace(stock_difference, snapshot_id, rows)

    def keep_restatements(self, snapshot_id: str, restates_snapshot_id: str, rows: pa.Table) -> None:
        """
        Keep which order lines are told otherwise than before, in place of an earlier comparison.

        Args:
            snapshot_id: of a snapshot that is being taken.
            restates_snapshot_id: of the valid one before, which stays as it is.
            rows: of restate_orders.sql.
        """
        before = pa.array([restates_snapshot_id] * rows.num_rows, pa.string())
        self._replace(restatement, snapshot_id, rows.append_column("restates_snapshot_id", before))

    def differences(self, snapshot_id: str) -> list[StockDifference]:
        """List the SKUs two sides count differently, the furthest apart first."""
        rows = ask_rows(self._engine, "compare_differing", snapshot_id=snapshot_id)
        return [StockDifference(**row) for row in rows]

    def restated(self, snapshot_id: str) -> list[Restated]:
        """Count the restated order lines by kind and column."""
        rows = ask_rows(self._engine, "compare_restated", snapshot_id=snapshot_id)
        return [Restated(**row) for row in rows]

    def _replace(self, table: Table, snapshot_id: str, rows: pa.Table) -> None:
        own = pa.array([snapshot_id] * rows.num_rows, pa.string())
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.snapshot_id == snapshot_id))
            copy_into(connection, table, rows.append_column("snapshot_id", own).to_batches())

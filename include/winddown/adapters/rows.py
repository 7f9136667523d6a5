"""Rows of a frame gathered one by one and given on as Arrow batches."""

from collections.abc import Sequence

import pyarrow as pa

from include.winddown.adapters.columns import Cell, arrow_column
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.frames import Frame

__all__ = ["Cell", "Rows"]


class Rows:
    """
    Rows waiting to become a batch.

    Args:
        frame: what they are; every row has its columns, in stored order.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.waiting: list[Sequence[Cell]] = []

    def __len__(self) -> int:
        """Count the rows that wait."""
        return len(self.waiting)

    def add(self, row: Sequence[Cell]) -> None:
        """Let a row wait."""
        self.waiting.append(row)

    def extend(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Let several rows wait."""
        self.waiting.extend(rows)

    def batch(self) -> pa.RecordBatch:
        """Give the waiting rows in the frame's Arrow schema, and forget them."""
        schema = arrow_schema(self.frame)
        columns = list(zip(*self.waiting, strict=True)) or [()] * len(schema)
        self.waiting = []
        arrays = [arrow_column(cells, field) for cells, field in zip(columns, schema, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

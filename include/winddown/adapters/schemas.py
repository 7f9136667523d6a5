"""The Arrow form of a frame, built from its one declaration."""

from functools import cache

import pyarrow as pa

from include.winddown.domain.frames import INTEGER_KINDS, Column, Frame

TEXT_TYPE = pa.string()
INTEGER_TYPE = pa.int64()
REAL_TYPE = pa.float64()
TIME_TYPE = pa.timestamp("us", tz="UTC")
DAY_TYPE = pa.date32()
_TYPES = {"real": REAL_TYPE, "at": TIME_TYPE, "on": DAY_TYPE}


def arrow_type(column: Column) -> pa.DataType:
    """
    Give the Arrow type of a column.

    int64 for pieces, sizes and money, UTC microseconds for times, float64 for what has a fraction.
    """
    return INTEGER_TYPE if column.kind in INTEGER_KINDS else _TYPES.get(column.kind, TEXT_TYPE)


@cache
def arrow_schema(frame: Frame) -> pa.Schema:
    """
    Give the Arrow schema of a frame.

    Args:
        frame: one of `domain.frames`.

    Returns:
        One field per column in stored order, nullable exactly where the declaration says so.
    """
    return pa.schema([pa.field(c.name, arrow_type(c), nullable=c.nullable) for c in frame.columns])

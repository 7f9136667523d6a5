"""
Python values as Arrow columns, without the detour through pandas.

`pyarrow.array` asks of every list whether pandas made it, and for that imports pandas: a quarter
of a second and 50 MB in a task that needs neither.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import cast

import numpy as np
import pyarrow as pa

from include.winddown.adapters.schemas import DAY_TYPE, INTEGER_TYPE, REAL_TYPE, TEXT_TYPE, TIME_TYPE

Cell = str | int | float | datetime | date | None
_BLANKS: dict[pa.DataType, Cell] = {
    INTEGER_TYPE: 0,
    REAL_TYPE: 0.0,
    TIME_TYPE: datetime.fromtimestamp(0, UTC),
    DAY_TYPE: date(1970, 1, 1),
}


def arrow_column(cells: Sequence[Cell], field: pa.Field) -> pa.Array:
    """
    Make one column.

    Args:
        cells: texts for a string type, whole numbers for int64, finite floats for float64, aware datetimes
            for a time of microseconds, days for date32; None for an empty cell, in a nullable field only.
        field: one of arrow_schema.

    Raises:
        TypeError, ValueError, OverflowError: a cell is of another kind, or a number too large.
    """
    empty = [cell is None for cell in cells] if field.nullable and None in cells else None
    if pa.types.is_string(field.type):
        return _texts([cell or "" for cell in cast("Sequence[str]", cells)] if empty else cells, empty)
    full = [_BLANKS[field.type] if cell is None else cell for cell in cells] if empty else cells
    numbers = _NUMBERS[field.type](full)
    return pa.Array.from_buffers(field.type, len(full), [_mask(empty), pa.py_buffer(numbers)])


def _texts(cells: Sequence[Cell], empty: list[bool] | None) -> pa.Array:
    texts = cast("Sequence[str]", cells)
    joined = "".join(texts)
    data = joined.encode()
    parts: Sequence[str | bytes] = texts if len(data) == len(joined) else [text.encode() for text in texts]
    ends = np.zeros(len(parts) + 1, dtype=np.int32)
    np.cumsum(np.fromiter(map(len, parts), np.int32, len(parts)), out=ends[1:])
    buffers = [_mask(empty), pa.py_buffer(ends), pa.py_buffer(data)]
    return pa.Array.from_buffers(TEXT_TYPE, len(parts), buffers)


def _mask(empty: list[bool] | None) -> pa.Buffer | None:
    """Write Arrow's bitmap of the cells that are there."""
    if empty is None:
        return None
    return pa.py_buffer(np.packbits(~np.array(empty), bitorder="little"))


def _whole(cells: Sequence[Cell]) -> np.ndarray:
    numbers = np.array(cells) if cells else np.array([], dtype=np.int64)
    if numbers.dtype != np.int64:
        msg = f"a column of whole numbers holds {numbers.dtype}"
        raise TypeError(msg)
    return numbers


def _micros(cells: Sequence[Cell]) -> np.ndarray:
    """Count microseconds since 1970; in double precision a time is exact to a quarter of one until 2242."""
    seconds = np.array([cast("datetime", cell).timestamp() for cell in cells])
    return np.rint(seconds * 1e6).astype(np.int64)


def _fractions(cells: Sequence[Cell]) -> np.ndarray:
    numbers = np.array(cells) if cells else np.array([], dtype=np.float64)
    if numbers.dtype != np.float64:
        msg = f"a column of numbers with a fraction holds {numbers.dtype}"
        raise TypeError(msg)
    if not np.isfinite(numbers).all():
        msg = "a column of numbers with a fraction holds one that is not finite"
        raise ValueError(msg)
    return numbers


def _days(cells: Sequence[Cell]) -> np.ndarray:
    first = date(1970, 1, 1).toordinal()
    return np.array([cast("date", cell).toordinal() - first for cell in cells], dtype=np.int32)


_NUMBERS: dict[pa.DataType, Callable[[Sequence[Cell]], np.ndarray]] = {
    INTEGER_TYPE: _whole,
    REAL_TYPE: _fractions,
    TIME_TYPE: _micros,
    DAY_TYPE: _days,
}

"""Find rows about the same thing: by hashes first, then by the keys themselves."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pyarrow as pa

from include.winddown.adapters.files.chunks import Reading
from include.winddown.adapters.files.cross_rows import Hashes, twice
from include.winddown.adapters.files.spill import Spill
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused, shorten
from include.winddown.domain.ids import same_text
from include.winddown.domain.texts import shown

_LOOKED_AT_ONCE = 100
_NAMED_AT_MOST = 5

Repeats = dict[tuple[str, ...], list[int]]


def refuse_repeats(reading: Reading, grain: list[str], hashes: Hashes, spill: Spill) -> None:
    """
    Refuse a file in which the grain names two rows.

    Args:
        reading: the file.
        grain: the columns that together name a row; compared in NFC.
        hashes: of those columns, one a row of the spill.
        spill: the rows.

    Raises:
        FileRefused: F_DUPROW with the first keys and their rows.
    """
    suspects = twice(hashes)
    if not len(suspects):
        return
    in_file_order = pd.unique(hashes[np.isin(hashes, suspects)])
    for start in range(0, len(in_file_order), _LOOKED_AT_ONCE):
        found = _look_up(grain, hashes, in_file_order[start : start + _LOOKED_AT_ONCE], spill)
        if found:
            _refuse(reading, grain, found, len(in_file_order))


def _look_up(grain: list[str], hashes: Hashes, suspects: Hashes, spill: Spill) -> Repeats:
    seen: Repeats = defaultdict(list)
    done = 0
    for batch in spill.read():
        hit = np.isin(hashes[done : done + batch.num_rows], suspects)
        done += batch.num_rows
        for row in batch.filter(pa.array(hit)).to_pylist():
            seen[tuple(same_text(str(row[name])) for name in grain)].append(row["row_no"])
    return {key: rows for key, rows in seen.items() if len(rows) > 1}


def _refuse(reading: Reading, grain: list[str], found: Repeats, count: int) -> None:
    listed = [
        f"rows {shorten([str(row) for row in rows])}: {', '.join(shown(part) for part in key)}"
        for key, rows in found.items()
    ]
    named = "; ".join(listed[:_NAMED_AT_MOST])
    more = f"; and {count - _NAMED_AT_MOST} more" if count > _NAMED_AT_MOST else ""
    columns = ", ".join(reading.label(reading.frame.column(name)) for name in grain)
    msg = (
        f"{reading.name}: {count} times the same {columns}: {named}{more};"
        " leave one row each, adding them up would double a return"
    )
    raise FileRefused(Code.F_DUPROW, msg)

"""Find a mapping's columns in a header; by name only, never by position."""

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from include.winddown.adapters.files.layouts import DELIMITERS, Layout
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused, shorten
from include.winddown.domain.texts import shown


def find_columns(header: Sequence[str], layout: Layout, name: str) -> dict[str, int]:
    """
    Give the position of every column that is read; a column that the mapping calls optional may lack.

    Raises:
        FileRefused: F_NO_ROWS without a header, F_DELIM for another delimiter, F_ENC for NUL
            bytes, F_SCHEMA for missing, unknown, unnamed or repeated columns.
    """
    if not any(cell.strip() for cell in header):
        msg = f"{name} has no header in its first line; export it with column names"
        raise FileRefused(Code.F_NO_ROWS, msg)
    if any("\x00" in cell for cell in header):
        msg = f"{name} has NUL bytes in its header, as UTF-16 has; save as UTF-8"
        raise FileRefused(Code.F_ENC, msg)
    _check_delimiter(header, layout, name)
    _check_names(header, layout, name)
    return {source: list(header).index(source) for source in layout.sources if source in header}


def _check_delimiter(header: Sequence[str], layout: Layout, name: str) -> None:
    expected = len(layout.needed)
    if len(header) != 1 or expected == 1:
        return
    found = [mark for mark in DELIMITERS if mark != layout.delimiter and mark in header[0]]
    hint = f"; it seems to be {found[0]!r}" if found else ""
    msg = (
        f"{name}: 1 column found, {expected} expected with delimiter {layout.delimiter!r}{hint}:"
        " declare file.delimiter in the mapping"
    )
    raise FileRefused(Code.F_DELIM, msg)


def _check_names(header: Sequence[str], layout: Layout, name: str) -> None:
    blank = [str(number) for number, cell in enumerate(header, start=1) if not cell.strip()]
    if blank:
        msg = f"{name}: header cell {shorten(blank)} is empty (merged cells?); name every column"
        raise FileRefused(Code.F_SCHEMA, msg)
    repeated = [cell for cell, count in Counter(header).items() if count > 1]
    if repeated:
        msg = f"{name}: column {_listed(repeated)} stands twice in the header; remove one"
        raise FileRefused(Code.F_SCHEMA, msg)
    missing = [source for source in layout.needed if source not in header]
    extra = [cell for cell in header if cell not in layout.sources and cell not in layout.ignore]
    if missing:
        there = f"; not expected: {_listed(extra)}" if extra else ""
        msg = f"{name}: column {_listed(missing)} is missing{there}. Rename it, or map it in mapping {layout.name}"
        raise FileRefused(Code.F_SCHEMA, msg)
    if extra:
        lacking = [source for source in layout.sources if source not in header]
        near = get_close_matches(extra[0], lacking, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        msg = f"{name}: column {_listed(extra)} is unknown{hint}; add it to ignore in mapping {layout.name}, or remove it"
        raise FileRefused(Code.F_SCHEMA, msg)


def _listed(names: Sequence[str]) -> str:
    return shorten([repr(shown(name)) for name in names])

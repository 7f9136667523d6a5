"""Sort the records of one chunk: blank, of the wrong length, set aside, bad, good."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.adapters.files.columns import Typed, read_column
from include.winddown.adapters.files.guards import Limits
from include.winddown.adapters.files.layouts import Feed, Layout
from include.winddown.adapters.ports import BadRow
from include.winddown.adapters.schemas import TEXT_TYPE
from include.winddown.domain.cells import Form
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.frames import Column, Frame
from include.winddown.domain.ids import Complaint, is_totals_word
from include.winddown.domain.texts import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    What stays the same for a whole file.

    Attributes:
        name: of the file, for messages.
        frame: what it fills.
        layout: its mapping.
        header: its columns.
        positions: where the mapped ones stand.
        forms: how each frame column is written.
        limits: for the length of a cell.
        known_skus: NFC texts; None = not checked.
    """

    name: str
    frame: Frame
    layout: Layout
    header: Sequence[str]
    positions: Mapping[str, int]
    forms: Mapping[str, Form]
    limits: Limits
    known_skus: pa.Array | None = None

    def label(self, column: Column) -> str:
        """Name a frame column as the file does."""
        feed = self.layout.feeds.get(column.name)
        return feed.source if feed is not None and feed.source is not None else column.name

    def complain(self, row_no: int, column: str, value: str, complaint: Complaint) -> BadRow:
        """Put a complaint into words for quarantine."""
        return BadRow(
            file=self.name,
            row_no=row_no,
            column=column,
            code=complaint.code.value,
            value=shown(value),
            reason=complaint.reason,
        )


@dataclass(slots=True, kw_only=True)
class Sorted:
    """
    A chunk after sorting; rows_in = set_aside + damaged + good rows.

    Attributes:
        good: the frame's fed columns, plus row_no.
        damaged, set_aside: what goes to quarantine.
        words: distinct identifiers of each id column, bad ones included.
        blank: records skipped.
        trailers: row number and cells of trailer rows.
    """

    good: pa.Table
    damaged: list[BadRow] = field(default_factory=list)
    set_aside: list[BadRow] = field(default_factory=list)
    words: dict[str, pa.StringArray] = field(default_factory=dict)
    blank: int = 0
    trailers: list[tuple[int, list[str]]] = field(default_factory=list)

    @property
    def rows_in(self) -> int:
        """How many data rows the chunk had."""
        return int(self.good.num_rows) + len(self.damaged) + len(self.set_aside)


def sort_chunk(records: list[list[str]] | pa.Table, first_row_no: int, reading: Reading) -> Sorted:
    """
    Sort the records of one chunk.

    Args:
        records: in file order; a table when each has as many cells as the header.
        first_row_no: the number of the first one; the header is row 1, blank rows count.
        reading: the file's mapping.

    Raises:
        FileRefused: F_CELL for a cell beyond the limit.
    """
    result = Sorted(good=pa.table({}))
    numbers = np.arange(first_row_no, first_row_no + len(records), dtype=np.int64)
    if isinstance(records, pa.Table) and _may_be_odd(records, reading):
        records = [
            list(cells) for cells in zip(*(column.to_pylist() for column in records.columns), strict=True)
        ]
    if isinstance(records, pa.Table):
        columns = [column.combine_chunks() for column in records.columns]
    else:
        odd = _sort_out_odd(records, numbers, reading, result)
        records = [record for at, record in enumerate(records) if at not in odd] if odd else records
        numbers = np.delete(numbers, sorted(odd))
        columns = [pa.array(cells, TEXT_TYPE) for cells in zip(*records, strict=True)]
    columns = columns or [pa.array([], TEXT_TYPE) for _ in reading.header]
    _check_lengths(columns, numbers, reading)
    columns, numbers = _set_aside(columns, numbers, reading, result)
    _read_columns(columns, numbers, reading, result)
    return result


def _may_be_odd(records: pa.Table, reading: Reading) -> bool:
    first = pc.unique(records.column(0)).to_pylist()
    return any(not cell.strip() or cell == reading.layout.trailer for cell in first)


def _sort_out_odd(
    records: list[list[str]],
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    reading: Reading,
    result: Sorted,
) -> set[int]:
    width, mark = len(reading.header), reading.layout.trailer
    odd = set()
    for at, record in enumerate(records):
        if len(record) == width and record[0].strip() and record[0] != mark:
            continue
        row_no = int(numbers[at])
        if not any(cell.strip() for cell in record):
            result.blank += 1
        elif mark and record[0] == mark:
            result.trailers.append((row_no, record))
        elif len(record) != width:
            result.damaged.append(_wrong_length(record, row_no, reading))
        else:
            continue
        odd.add(at)
    return odd


def _wrong_length(record: list[str], row_no: int, reading: Reading) -> BadRow:
    for cell in record:
        if len(cell.encode()) > reading.limits.cell_max:
            _refuse_cell(row_no, "", reading)
    total = next((cell for cell in record if is_totals_word(cell)), None)
    if total is not None:
        return reading.complain(row_no, "", total, _TOTALS_ROW)
    reason = (
        f"{len(record)} cells, the header has {len(reading.header)}; quote the delimiter or add the cells"
    )
    return reading.complain(row_no, "", reading.layout.delimiter.join(record), Complaint(Code.R_COLS, reason))


_TOTALS_ROW = Complaint(Code.R_TOTAL, "a totals row; remove it from the file")


def _check_lengths(
    columns: list[pa.Array], numbers: np.ndarray[tuple[int], np.dtype[np.int64]], reading: Reading
) -> None:
    for title, cells in zip(reading.header, columns, strict=True):
        lengths = pc.binary_length(cells)
        if len(cells) and pc.max(lengths).as_py() > reading.limits.cell_max:
            _refuse_cell(int(numbers[np.argmax(lengths.to_numpy())]), title, reading)


def _refuse_cell(row_no: int, title: str, reading: Reading) -> None:
    msg = (
        f"{reading.name} row {row_no}, column {shown(title)!r}: a cell longer than {reading.limits.cell_max} bytes;"
        " shorten it, or close a quote that was left open"
    )
    raise FileRefused(Code.F_CELL, msg)


def _set_aside(
    columns: list[pa.Array],
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    reading: Reading,
    result: Sorted,
) -> tuple[list[pa.Array], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    kept = np.ones(len(numbers), dtype=bool)
    for aside in reading.layout.asides:
        cells = columns[reading.positions[aside.column]]
        hit = pc.match_substring_regex(cells, aside.pattern).to_numpy(zero_copy_only=False) & kept
        complaint = Complaint(Code.R_ASIDE, f"set aside by mapping {reading.layout.name}: {aside.reason}")
        for at in np.flatnonzero(hit).tolist():
            value = cells[at].as_py()
            result.set_aside.append(reading.complain(int(numbers[at]), aside.column, value, complaint))
        kept &= ~hit
    if kept.all():
        return columns, numbers
    return [cells.filter(pa.array(kept)) for cells in columns], numbers[kept]


def _read_columns(
    columns: list[pa.Array],
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    reading: Reading,
    result: Sorted,
) -> None:
    typed = dict(_typed(columns, len(numbers), reading))
    first: dict[int, tuple[Column, str, Complaint]] = {}
    for column in reading.frame.columns:
        if column.name not in typed:
            continue
        read = typed[column.name]
        if column.kind == "id":
            result.words[column.name] = read.words
        for at in read.bad_rows().tolist():
            word = int(read.word_of[at])
            first.setdefault(at, (column, read.words[word].as_py(), read.complaints[word]))
    for at, (column, value, complaint) in sorted(first.items()):
        total = next((cell for cells in columns if is_totals_word(cell := cells[at].as_py())), None)
        bad = (value, complaint) if total is None else (total, _TOTALS_ROW)
        result.damaged.append(reading.complain(int(numbers[at]), reading.label(column), *bad))
    table = pa.table({"row_no": numbers} | {name: read.values for name, read in typed.items()})
    keep = np.ones(len(numbers), dtype=bool)
    keep[list(first)] = False
    result.good = table.filter(pa.array(keep)) if first else table


def _typed(columns: list[pa.Array], rows: int, reading: Reading) -> Iterator[tuple[str, Typed]]:
    for column in reading.frame.columns:
        feed = reading.layout.feeds.get(column.name, Feed(constant=""))
        if feed.number_within is not None:
            continue
        if feed.source is not None and feed.source in reading.positions:
            texts = columns[reading.positions[feed.source]]
        else:
            texts = pa.repeat(pa.scalar(feed.constant or "", TEXT_TYPE), rows)
        known = reading.known_skus if column.name == "sku" else None
        yield column.name, read_column(column, texts, reading.forms[column.name], known)

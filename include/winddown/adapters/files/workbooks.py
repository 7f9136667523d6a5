"""XLSX as rows of text; what a spreadsheet changed is shown in a form the cell rules refuse."""

import contextlib
import re
import stat
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

import openpyxl

from include.winddown.adapters.files.guards import BLOCK, LIMITS, Limits
from include.winddown.adapters.files.layouts import Layout
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.texts import shown

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

EXACT_BELOW = 10**15
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
_MERGED_HEADER = re.compile(rb"<mergeCell[^>]*ref=\"([A-Z]+1:[A-Z]+[0-9]+)\"")
_PADDED = re.compile(r"0{2,}")


@contextlib.contextmanager
def read_workbook(
    file: BinaryIO, name: str, layout: Layout, texts: frozenset[str]
) -> Iterator[Iterator[list[str]]]:
    """
    Open the one sheet of a workbook.

    Args:
        file: the bytes.
        name: of the file.
        layout: names the sheet when there are several.
        texts: columns of identifiers, in which numbers with decimals and dates are damage.

    Raises:
        FileRefused: F_FORMAT, F_PATH or F_BOMB; F_FORMAT also while iterating, for formulas.
    """
    with _named(name), zipfile.ZipFile(file) as archive, contextlib.ExitStack() as opened:
        _check_archive(archive, name, LIMITS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        opened.callback(book.close)
        sheet = _choose_sheet(book, name, layout)
        _check_merges(archive, sheet, name)
        kept = opened.pop_all()
    with kept:
        yield _rows(sheet, name, layout, texts)


@contextlib.contextmanager
def _named(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        msg = f"{name} is not a readable workbook ({type(error).__name__}: {error}); save it as .xlsx again"
        raise FileRefused(Code.F_FORMAT, msg) from error


def _check_archive(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    members = archive.infolist()
    for member in members:
        path = member.filename.replace("\\", "/")
        linked = stat.S_ISLNK(member.external_attr >> 16)
        if linked or path.startswith("/") or ":" in path.split("/", 1)[0] or ".." in path.split("/"):
            msg = (
                f"{name} holds the path {shown(member.filename)!r}, which leaves its folder; ask who sent it"
            )
            raise FileRefused(Code.F_PATH, msg)
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if unpacked > limits.unpacked_max or unpacked > max(packed, 1 << 16) * limits.ratio_max:
        msg = (
            f"{name} unpacks to {unpacked} bytes from {packed}; at most {limits.unpacked_max} are; send a CSV"
        )
        raise FileRefused(Code.F_BOMB, msg)
    if "xl/workbook.xml" not in archive.namelist() or not name.lower().endswith(".xlsx"):
        msg = f"{name} holds an archive or a workbook, not what its name says; send the CSV itself, or name it .xlsx"
        raise FileRefused(Code.F_FORMAT, msg)


def _choose_sheet(book: "Workbook", name: str, layout: Layout) -> "ReadOnlyWorksheet":
    titles = book.sheetnames
    if layout.sheet and layout.sheet not in titles:
        msg = f"{name} has no sheet {layout.sheet!r}, only {', '.join(map(repr, titles))}; correct file.sheet"
        raise FileRefused(Code.F_FORMAT, msg)
    if not layout.sheet and len(titles) != 1:
        msg = f"{name} has {len(titles)} sheets, {', '.join(map(repr, titles))}; declare file.sheet in the mapping"
        raise FileRefused(Code.F_FORMAT, msg)
    sheet = book[layout.sheet or titles[0]]
    sheet.reset_dimensions()
    return sheet


def _check_merges(archive: zipfile.ZipFile, sheet: "ReadOnlyWorksheet", name: str) -> None:
    path = sheet._worksheet_path.lstrip("/")  # noqa: SLF001  (openpyxl gives no public way in read-only mode)
    tail = b""
    with archive.open(path) as content:
        while block := content.read(BLOCK):
            merged = _MERGED_HEADER.search(tail + block)
            if merged:
                msg = f"{name} has merged header cells, {merged[1].decode()}; unmerge them and name every column"
                raise FileRefused(Code.F_FORMAT, msg)
            tail = block[-200:]


def _rows(
    sheet: "ReadOnlyWorksheet", name: str, layout: Layout, texts: frozenset[str]
) -> Iterator[list[str]]:
    header: list[str] = []
    patterns = {feed.source: feed.pattern for feed in layout.feeds.values() if feed.pattern}
    with _named(name):
        for cells in sheet.iter_rows():
            kept = header or [""] * len(cells)
            row = [
                _text(cell, name, is_id=column in texts, pattern=patterns.get(column))
                for cell, column in _paired(cells, kept)
            ]
            row = _trim(row, len(header))
            header = header or row
            yield row


def _paired(cells: "Sequence[Cell]", header: Sequence[str]) -> "Iterator[tuple[Cell, str]]":
    for number, cell in enumerate(cells):
        yield cell, header[number] if number < len(header) else ""


def _trim(row: list[str], width: int) -> list[str]:
    """Cut empty cells beyond the header and add those a sheet leaves out."""
    while len(row) > width and not row[-1]:
        row.pop()
    return row + [""] * (width - len(row))


def _text(cell: "Cell", name: str, *, is_id: bool, pattern: str | None) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        msg = f"{name} cell {cell.coordinate} is a formula; save the values only"
        raise FileRefused(Code.F_FORMAT, msg)
    if isinstance(value, datetime):
        return value.strftime(pattern) if pattern and not is_id else value.isoformat()
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00"
    if is_id and isinstance(value, int | float) and not isinstance(value, bool):
        return _identifier(value, str(cell.number_format))
    return str(value)


def _identifier(value: float, number_format: str) -> str:
    """Keep a whole number as its digits; show what Excel rounded or padded as it would: 1.23E+11."""
    exact = isinstance(value, int) and abs(value) < EXACT_BELOW
    return str(value) if exact and not _PADDED.fullmatch(number_format) else f"{value:.6E}"

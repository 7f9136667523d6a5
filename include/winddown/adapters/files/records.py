"""The records of a CSV or XLSX file as lists of text, header and blank ones included."""

import contextlib
import csv
import tempfile
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from include.winddown.adapters.files.guards import (
    LIMITS,
    Limits,
    Original,
    check_encoding,
    sniff,
    unpack_gzip,
)
from include.winddown.adapters.files.layouts import Layout
from include.winddown.adapters.files.plain_records import PlainRecords, refuse_csv
from include.winddown.adapters.files.workbooks import read_workbook

CHUNK_ROWS = 50_000


class Records:
    """
    One file's records in chunks.

    Args:
        name: of the file.
        rows: every record, the header first.
        ends_cleanly: whether the last line has its end; a workbook always has.
    """

    def __init__(self, name: str, rows: Iterator[list[str]], *, ends_cleanly: bool) -> None:
        self.name = name
        self.ends_cleanly = ends_cleanly
        self._rows = rows

    def chunks(self) -> Iterator[list[list[str]] | pa.Table]:
        """
        Give the records in lists.

        Raises:
            FileRefused: F_CELL or F_QUOTE where the CSV breaks.
        """
        while chunk := self._take(CHUNK_ROWS):
            yield chunk

    def header(self) -> list[str]:
        """Take the first record; empty when there is none."""
        found = self._take(1)
        return found[0] if found else []

    def _take(self, most: int) -> list[list[str]]:
        try:
            return list(islice(self._rows, most))
        except csv.Error as error:
            raise refuse_csv(self.name, getattr(self._rows, "line_num", 0), error) from error


@contextlib.contextmanager
def open_records(
    original: Original, layout: Layout, texts: frozenset[str], limits: Limits = LIMITS
) -> Iterator[Records | PlainRecords]:
    """
    Open the file for reading row by row.

    Args:
        original: the bytes.
        layout: its declared form.
        texts: file columns that hold identifiers; a workbook must keep them as text.
        limits: sizes.

    Raises:
        FileRefused: any F_ code about the bytes.
    """
    kind = sniff(original.file, original.name, Path(original.name).suffix)
    with contextlib.ExitStack() as stack:
        plain = original.file
        if kind == "gzip":
            plain = stack.enter_context(tempfile.TemporaryFile())
            unpack_gzip(
                original.file, plain, original.name, many=layout.gzip_members == "many", limits=limits
            )
            kind = sniff(plain, original.name, ".csv")
        if kind == "xlsx":
            rows = stack.enter_context(read_workbook(plain, original.name, layout, texts))
            yield Records(original.name, rows, ends_cleanly=True)
        else:
            yield _open_csv(plain, original.name, layout, limits)


def _open_csv(file: BinaryIO, name: str, layout: Layout, limits: Limits) -> Records | PlainRecords:
    facts = check_encoding(file, name, layout.encoding)
    if facts.is_plain and layout.encoding == "utf-8":
        return PlainRecords(name, file, layout.delimiter, limits, ends_cleanly=facts.ends_cleanly)
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    lines = _Borrowed(file, encoding=encoding, errors="strict", newline="")
    rows = csv.reader(lines, strict=True, delimiter=layout.delimiter)
    return Records(name, rows, ends_cleanly=facts.ends_cleanly)


class _Borrowed(TextIOWrapper):
    """A text view that leaves the file below open, because someone else closes it."""

    def close(self) -> None:
        """Let go of the file instead of closing it."""
        if not self.buffer.closed:
            self.detach()

"""
The records of a UTF-8 CSV without a single quote character, some four times faster.

Without quotes a line is a record and a delimiter is a border, so Arrow's reader and csv.reader
cannot differ. A block in which a line has another number of cells goes to csv.reader.
"""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
from pyarrow import csv as arrow_csv

from include.winddown.adapters.files.guards import HEADER_MAX, Limits
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused

BLOCK_BYTES = 4 << 20


def refuse_csv(name: str, line: int, error: csv.Error) -> FileRefused:
    """Turn what csv.reader stumbles over into F_CELL or F_QUOTE."""
    if "field limit" in str(error):
        msg = f"{name} line {line}: a cell longer than 32 KB; shorten it, or close a quote that was left open"
        return FileRefused(Code.F_CELL, msg)
    msg = f"{name} line {line}: a quote is not closed or not doubled ({error}); export the file again"
    return FileRefused(Code.F_QUOTE, msg)


class PlainRecords:
    """
    One file's records in blocks of whole lines.

    Args:
        name: of the file.
        file: its bytes, at the start; known to be UTF-8 and to hold no quote.
        delimiter: between cells.
        limits: for the length of a line.
        ends_cleanly: whether the last line has its end.
    """

    def __init__(
        self, name: str, file: BinaryIO, delimiter: str, limits: Limits, *, ends_cleanly: bool
    ) -> None:
        self.name = name
        self.ends_cleanly = ends_cleanly
        self._file, self._delimiter, self._limits = file, delimiter, limits
        self._header: list[str] = []

    def header(self) -> list[str]:
        """Take the first record; empty when there is none."""
        line = self._file.readline(HEADER_MAX).decode("utf-8-sig")
        self._header = next(csv.reader([line], strict=True, delimiter=self._delimiter), [])
        return self._header

    def chunks(self) -> Iterator[list[list[str]] | pa.Table]:
        """
        Give the records as tables of text, one column for each of the header.

        Raises:
            FileRefused: F_CELL for a line that only an oversized cell can fill.
        """
        rest, lines = b"", 1
        while block := self._file.read(BLOCK_BYTES):
            end = block.rfind(b"\n") + 1
            rest, whole = (block[end:], rest + block[:end]) if end else (rest + block, b"")
            if len(rest) > self._limits.cell_max * (len(self._header) + 1) + BLOCK_BYTES:
                line = lines + 1 + whole.count(b"\n")
                msg = (
                    f"{self.name} line {line}: more than {len(rest)} bytes;"
                    f" no cell may exceed {self._limits.cell_max}, shorten it"
                )
                raise FileRefused(Code.F_CELL, msg)
            if whole:
                yield self._parse(whole, lines)
                lines += whole.count(b"\n")
        if rest:
            yield self._parse(rest, lines)

    def _parse(self, block: bytes, before: int) -> list[list[str]] | pa.Table:
        if block.count(b"\r") == block.count(b"\r\n"):
            try:
                return self._fast(block)
            except pa.ArrowInvalid:
                pass  # some line has more or fewer cells; csv.reader gives it as it is
        rows = csv.reader(io.StringIO(block.decode(), newline=""), strict=True, delimiter=self._delimiter)
        try:
            return list(rows)
        except csv.Error as error:
            raise refuse_csv(self.name, before + rows.line_num, error) from error

    def _fast(self, block: bytes) -> pa.Table:
        names = [str(at) for at in range(len(self._header))]
        return arrow_csv.read_csv(
            pa.BufferReader(block),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(block) + 1),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._delimiter,
                quote_char=False,
                newlines_in_values=False,
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )

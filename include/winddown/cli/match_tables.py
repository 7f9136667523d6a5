"""The write-up of a reconciliation: CSV, one workbook and one HTML page, in the layout of an OS&D report."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from include.winddown.adapters.match.run import Result
from include.winddown.adapters.shown_pages import PAGE_ROWS_MAX, plain_times, texts, write_page
from include.winddown.adapters.shown_tables import (
    SHEET_ROWS_MAX,
    in_currency,
    safe_table,
    write_csv,
    write_workbook,
)
from include.winddown.cli.match_labels import MATCH_LABELS
from include.winddown.domain.match.osd import over_short_damaged

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HARMLESS = r"^([0-9A-Za-z][ -~]*)?$"


class LineFile:
    """
    `lines.csv`, written chunk by chunk.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._file.write(BYTE_ORDER_MARK)
        self._writer: csv.CSVWriter | None = None

    def add(self, lines: pa.Table) -> None:
        """Write a chunk."""
        if self._writer is None:
            self._writer = csv.CSVWriter(
                self._file, lines.schema, write_options=csv.WriteOptions(quoting_style="needed")
            )
        self._writer.write_table(quick_safe(lines))

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()
        self._file.close()


def quick_safe(table: pa.Table) -> pa.Table:
    """Make texts safe for a spreadsheet as `safe_table` does, and leave alone what needs nothing."""
    odd = [
        column.name
        for column in table.schema
        if pa.types.is_string(column.type)
        and not pc.all(
            pc.match_substring_regex(pc.fill_null(table[column.name], ""), _HARMLESS), min_count=0
        ).as_py()
    ]
    return safe_table(table.select(odd)) if odd == table.column_names else _replaced(table, odd)


def _replaced(table: pa.Table, names: list[str]) -> pa.Table:
    for name, column in zip(names, safe_table(table.select(names)).columns, strict=True):
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def tables_of(result: Result) -> dict[str, pa.Table]:
    """Give every table of a match but the lines, by the name of its file."""
    frames = {
        "osd": over_short_damaged(result.found),
        "discrepancies": result.found,
        "swaps": pd.DataFrame(
            [(one.account_id, one.request_no, one.short_sku, one.over_sku, one.qty) for one in result.swaps],
            columns=["account_id", "request_no", "short_sku", "over_sku", "qty"],
        ),
        "cartons": result.cartons,
        "scorecard": result.scorecard,
    }
    tables = {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in frames.items()}
    return {**tables, "parcels": result.parcels, "notes": result.notes}


def write_tables(folder: Path, tables: Mapping[str, pa.Table], summary: str, language: str) -> None:
    """Write the tables as CSV, as sheets of one workbook and, the most telling, as a page."""
    safe = {name: quick_safe(texts(table)) for name, table in tables.items()}
    for name, table in safe.items():
        write_csv(folder / f"{name}.csv", table)
    title, *lines = summary.splitlines()
    page = quick_safe(pa.table({title: pa.array(lines, pa.string())}))
    sheets = {name: in_currency(plain_times(table.slice(0, SHEET_ROWS_MAX))) for name, table in safe.items()}
    write_workbook(folder / "osd.xlsx", {"summary": page, **sheets}, MATCH_LABELS[language]["cut"])
    (folder / "report.html").write_text(_html(tables, summary, language), encoding="utf-8")


def _html(tables: Mapping[str, pa.Table], summary: str, language: str) -> str:
    label = MATCH_LABELS[language]
    odd = tables["cartons"].filter(
        pc.is_in(tables["cartons"]["verdict"], pa.array(["too_light", "too_heavy"]))
    )
    shown = {"osd": tables["osd"], "cartons": odd, "scorecard": tables["scorecard"]}
    cut = label["cut"].replace("10,000", f"{PAGE_ROWS_MAX}").replace("10 000", f"{PAGE_ROWS_MAX}")
    title, _, *rest = summary.splitlines()
    named = {label[name]: table for name, table in shown.items()}
    return write_page(title, "\n".join(rest), named, language, cut)

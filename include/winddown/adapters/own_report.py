"""A report for people, as one workbook and one page."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from include.winddown.adapters.shown_pages import PAGE_ROWS_MAX, plain_times, texts, write_page
from include.winddown.adapters.shown_tables import SHEET_ROWS_MAX, in_currency, safe_table, write_workbook

CUT = f"the first {PAGE_ROWS_MAX} rows; the workbook holds up to {SHEET_ROWS_MAX}"
FULL = f"this sheet ends after {SHEET_ROWS_MAX} rows; the Parquet file beside it holds all"


def write_report(
    title: str, summary: str, tables: Mapping[str, pa.Table], headings: Mapping[str, str]
) -> tuple[bytes, str]:
    """
    Write workbook and page.

    Args:
        title: names exit and day.
        summary: one sentence.
        tables: by the name of their sheet; those without rows are left out, money in minor units is shown in the currency.
        headings: sheet → heading on the page, in the order in which they are shown.
    """
    shown = {name: texts(tables[name]) for name in headings if name in tables and tables[name].num_rows}
    page = write_page(title, summary, {headings[name]: table for name, table in shown.items()}, "en", CUT)
    head = pa.table({title: pa.array([summary], pa.string())})
    sheets = {"summary": safe_table(head)} | {
        name: in_currency(safe_table(plain_times(table.slice(0, SHEET_ROWS_MAX))))
        for name, table in shown.items()
    }
    with tempfile.TemporaryDirectory(prefix="winddown-") as folder:
        path = Path(folder) / "report.xlsx"
        write_workbook(path, sheets, FULL)
        return path.read_bytes(), page

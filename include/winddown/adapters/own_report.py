"""The report of a watch over the own warehouse: one workbook, and one page."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from include.winddown.adapters.shown_pages import PAGE_ROWS_MAX, plain_times, texts, write_page
from include.winddown.adapters.shown_tables import SHEET_ROWS_MAX, in_currency, safe_table, write_workbook

HEADINGS = {
    "alerts": "Needs attention",
    "stock": "Stock and reorder points",
    "service": "Delivery: promised against actual days",
    "carriers": "Carriers: per order and kilogram, against contract and the scheme before",
    "cheapest": "Cheapest carrier by zone and weight band",
    "assortment": "Assortment and prices: suggestions",
    "problems": "Not used, and not known",
    "bad_rows": "Rows kept out",
}
CUT = f"the first {PAGE_ROWS_MAX} rows; the workbook holds up to {SHEET_ROWS_MAX}"
FULL = f"this sheet ends after {SHEET_ROWS_MAX} rows; the Parquet file beside it holds all"


def write_own_report(title: str, summary: str, tables: Mapping[str, pa.Table]) -> tuple[bytes, str]:
    """
    Write workbook and page.

    Args:
        title: names exit and day.
        summary: one sentence.
        tables: by a name of HEADINGS; money in minor units is shown in the currency.
    """
    shown = {name: texts(tables[name]) for name in HEADINGS if name in tables}
    page = write_page(title, summary, {HEADINGS[name]: table for name, table in shown.items()}, "en", CUT)
    head = pa.table({title: pa.array([summary], pa.string())})
    sheets = {"summary": safe_table(head)} | {
        name: in_currency(safe_table(plain_times(table.slice(0, SHEET_ROWS_MAX))))
        for name, table in shown.items()
    }
    with tempfile.TemporaryDirectory(prefix="winddown-") as folder:
        path = Path(folder) / "report.xlsx"
        write_workbook(path, sheets, FULL)
        return path.read_bytes(), page

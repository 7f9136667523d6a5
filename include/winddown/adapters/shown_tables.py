"""Tables for people: CSV and one workbook; no text of them can act in a spreadsheet."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from pyarrow import csv

from include.winddown.domain.texts import formula_safe, visible

SHEET_ROWS_MAX = 10_000
"""A sheet holds so many rows, which a person can still work with; the CSV beside it holds all."""

COLUMN_WIDTH_MAX = 60
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MINOR = "_minor"


def safe_table(table: pa.Table) -> pa.Table:
    """Make every text show itself letter by letter: hidden characters by number, no formula."""
    for place, column in enumerate(table.schema):
        if pa.types.is_string(column.type):
            table = table.set_column(place, column.name, _safe(table[column.name]))
    return table


def _safe(texts: pa.ChunkedArray) -> pa.Array:
    encoded = texts.combine_chunks().dictionary_encode()
    words = [formula_safe(visible(word)) for word in encoded.dictionary.to_pylist()]
    return pc.take(pa.array(words, pa.string()), encoded.indices)


def in_currency(table: pa.Table) -> pa.Table:
    """Show amounts in the currency's unit: price_minor 1999 becomes price 19.99."""
    shown, names = table, []
    for place, column in enumerate(table.schema):
        names.append(column.name.removesuffix(_MINOR))
        if column.name.endswith(_MINOR):
            exact = pc.cast(table[column.name], pa.decimal128(20, 0))
            amount = pc.divide(exact, pa.scalar(100, pa.decimal128(3, 0)))
            shown = shown.set_column(place, column.name, pc.cast(amount, pa.decimal128(20, 2), safe=False))
    return shown.rename_columns(names)


def most_at_stake(table: pa.Table) -> pa.Table:
    """Leave of a long table what fits on a sheet: the rows with the most money, in their order."""
    if table.num_rows <= SHEET_ROWS_MAX:
        return table
    qty = next((name for name in ("free_qty", "planned_qty") if name in table.column_names), None)
    if qty is None:
        return table.slice(0, SHEET_ROWS_MAX)
    worth = pc.multiply(table[qty], table["price_minor"])
    largest = pc.select_k_unstable(pa.table({"worth": worth}), SHEET_ROWS_MAX, [("worth", "descending")])
    return table.take(pc.take(largest, pc.array_sort_indices(largest)))


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a table as CSV that spreadsheets open as UTF-8."""
    with path.open("wb") as file:
        file.write(_BYTE_ORDER_MARK)
        csv.write_csv(table, file, csv.WriteOptions(quoting_style="needed"))


def write_workbook(path: Path, sheets: Mapping[str, pa.Table], note: str) -> None:
    """
    Write tables as the sheets of one workbook, with frozen headers and filters.

    Args:
        path: of the workbook.
        sheets: by name.
        note: below a sheet that is full, so that it may not hold all rows.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        head, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            _write_sheet(sheet, table, {"head": head, "money": money, "day": day})
            if table.num_rows >= SHEET_ROWS_MAX:
                sheet.write_string(SHEET_ROWS_MAX + 1, 0, note, head)


def _write_sheet(sheet: Any, table: pa.Table, formats: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    if table.num_columns:
        sheet.autofilter(0, 0, table.num_rows, table.num_columns - 1)
    for place, column in enumerate(table.schema):
        sheet.set_column(place, place, _width(table, column.name), _format_of(column.type, formats))
        sheet.write_string(0, place, column.name, formats["head"])
    for number, row in enumerate(
        zip(*(column.to_pylist() for column in table.columns), strict=True), start=1
    ):
        for place, value in enumerate(row):
            _write_cell(sheet, (number, place), value, formats)


def _write_cell(sheet: Any, place: tuple[int, int], value: object, formats: Mapping[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(*place, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(*place, value)
    elif hasattr(value, "year"):
        sheet.write_datetime(*place, value, formats["day"])
    else:
        sheet.write_number(*place, float(str(value)), formats["money"])


def _format_of(kind: pa.DataType, formats: Mapping[str, Any]) -> object:
    if pa.types.is_decimal(kind):
        return formats["money"]
    return formats["day"] if pa.types.is_date(kind) else None


def _width(table: pa.Table, name: str) -> int:
    longest = max((len(str(value)) for value in table[name].slice(0, 100).to_pylist()), default=0)
    return min(COLUMN_WIDTH_MAX, max(longest, len(name)) + 2)

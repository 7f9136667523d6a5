import io
from datetime import datetime

import openpyxl
import pytest
from openpyxl.styles import numbers

from include.winddown.domain.errors import FileRefused
from tests.file_kit import CATALOGUE_ROW, STOCK_ROW, pull, read, stock_file, stock_layout

HEADER = list(STOCK_ROW)
GOOD = list(STOCK_ROW.values())


def workbook(*rows, shape=lambda _sheet: None, titles=("Sheet",)):
    """Write rows into the first of the sheets."""
    book = openpyxl.Workbook()
    book.active.title = titles[0]
    for title in titles[1:]:
        book.create_sheet(title)
    for row in rows:
        book.active.append(row)
    shape(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(**changes):
    return list((STOCK_ROW | changes).values())


def refused(data, name="stock.xlsx", **options):
    with pytest.raises(FileRefused) as caught:
        list(pull(data, name=name, **options).batches)
    assert name in str(caught.value)
    return str(caught.value)


def test_a_workbook_reads_as_the_same_csv():
    """Text cells, and whole numbers in number columns, give what the CSV gives."""
    data = workbook(HEADER, changed(sku="S0", quantity=5, reserved=0, stock_status=1), changed(sku="S1"))
    assert read(data, name="stock.xlsx") == read(stock_file({}, {}))


def test_a_whole_number_is_an_id():
    """An exact whole number keeps its digits as text."""
    rows, bad = read(workbook(HEADER, changed(sku=100014070)), name="stock.xlsx")
    assert ([row["sku"] for row in rows], bad) == (["100014070"], [])


@pytest.mark.parametrize("sku", [1.5, 1.23e20, 10**15 + 1])
def test_line_56_a_number_that_excel_rounds_is_no_id(sku):
    """Beyond 15 digits, or with decimals, the id is not what it was."""
    assert read(workbook(HEADER, GOOD, changed(sku=sku)), name="stock.xlsx")[1] == [(3, "sku", "R_SKU_SCI")]


def test_line_56_a_number_shown_with_zeros_is_no_id():
    """A number format that pads zeros shows 00123 and holds 123."""

    def pad(sheet):
        sheet["C3"].number_format = "00000"

    data = workbook(HEADER, GOOD, changed(sku=123), shape=pad)
    assert read(data, name="stock.xlsx")[1] == [(3, "sku", "R_SKU_SCI")]


def test_line_57_a_date_is_no_id():
    """A date cell in a column of ids is damage."""
    data = workbook(HEADER, GOOD, changed(sku=datetime.fromisoformat("2025-03-01")))
    assert read(data, name="stock.xlsx")[1] == [(3, "sku", "R_SKU")]


def test_a_formula_refuses_the_workbook():
    """What a formula gives depends on who opens it; its cell is named."""
    assert "F_FORMAT: stock.xlsx cell E3 is a formula" in refused(
        workbook(HEADER, GOOD, changed(quantity="=1+1"))
    )


def test_line_64_a_text_that_looks_like_a_formula_is_a_text():
    """A cell stored as text stays text."""

    def as_text(sheet):
        sheet["B2"].value = "=cmd|'/c calc'!A1"
        sheet["B2"].data_type = "s"

    rows, _ = read(workbook(HEADER, GOOD, shape=as_text), name="stock.xlsx")
    assert rows[0]["offer_id"] == "=cmd|'/c calc'!A1"


def test_merged_header_cells_refuse_the_workbook():
    """A merged header names one column for two."""

    def merge(sheet):
        sheet.merge_cells("A1:B1")

    assert "merged header cells, A1:B1" in refused(workbook(HEADER, GOOD, shape=merge))


def test_a_fraction_or_a_truth_value_is_no_quantity():
    """2.5 pieces and TRUE are R_NUM."""
    data = workbook(HEADER, GOOD, changed(sku="S2", quantity=2.5), changed(sku="S3", quantity=True))
    assert [code for _, _, code in read(data, name="stock.xlsx")[1]] == ["R_NUM", "R_NUM"]


def test_excel_times_need_a_declared_zone():
    """A date cell has no zone, so the mapping must declare it."""
    data = workbook(HEADER, GOOD, changed(sku="S2", snapshot_at=datetime.fromisoformat("2026-03-01T10:00")))
    assert read(data, name="stock.xlsx")[1] == [(3, "snapshot_at", "R_TZ")]


def test_prices_of_a_workbook_are_exact_decimals():
    """A price cell is read as the decimal it shows; one with more digits is R_PRICE."""
    good, bad = CATALOGUE_ROW | {"price": 199.9}, CATALOGUE_ROW | {"sku": "S2", "price": 0.125}
    data = workbook(list(good), list(good.values()), list(bad.values()))
    rows, complaints = read(data, name="catalogue.xlsx", table="catalogue")
    assert ([row["price_minor"] for row in rows], complaints) == ([19990], [(3, "price", "R_PRICE")])


def test_several_sheets_need_a_declared_one():
    """Which sheet is meant is not guessed."""
    data = workbook(HEADER, GOOD, titles=("March", "April"))
    assert "2 sheets, 'March', 'April'; declare file.sheet" in refused(data)
    assert len(read(data, name="stock.xlsx", layout=stock_layout(file={"sheet": "March"}))[0]) == 1
    assert "no sheet 'May'" in refused(data, layout=stock_layout(file={"sheet": "May"}))


def test_empty_cells_at_the_right_are_cut():
    """A sheet that once had more columns is not refused for it."""

    def widen(sheet):
        sheet["J1"].number_format = numbers.FORMAT_TEXT
        sheet["J2"].number_format = numbers.FORMAT_TEXT

    assert len(read(workbook(HEADER, GOOD, shape=widen), name="stock.xlsx")[0]) == 1


def test_a_broken_workbook_is_refused():
    """Whatever the library stumbles over is one refusal with the name of the file."""
    data = workbook(HEADER, GOOD)
    assert "not a readable workbook" in refused(data[: len(data) // 2])

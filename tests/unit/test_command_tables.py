"""Tables for people: what they hold is shown letter by letter, and amounts in the currency's unit."""

from datetime import date
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest

from include.winddown.adapters import shown_tables as tables
from include.winddown.adapters.shown_tables import in_currency, most_at_stake, safe_table, write_workbook
from tests.plan_kit import plan_on, read_rows, write_world

EVIL = ("=cmd|'/c calc'!A1", "+1", "-2+3", "@SUM(A1)", "\u202egpj.exe", "＝1", "  =1")


def opened(path):
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize("name", EVIL)
def test_no_text_of_a_table_can_act(name):
    """What would start a formula gets an apostrophe, what hides is shown by number."""
    (shown,) = safe_table(pa.table({"name": [name]}))["name"].to_pylist()
    assert shown == (f"'{name}" if "\u202e" not in name else "⟨U+202E⟩gpj.exe")


def test_a_product_name_reaches_csv_and_workbook_as_text(tmp_path):
    """Both are read back: no cell is a formula."""
    world = write_world(tmp_path / "in", catalogue={0: {"name": EVIL[0]}}.items())
    _, out = plan_on(world)
    assert {row["name"] for row in read_rows(out / "lines.csv") if row["sku"] == "S1"} == {f"'{EVIL[0]}"}
    book = opened(out / "plan.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert any(cell.value == f"'{EVIL[0]}" for cell in cells)


def test_what_is_kept_out_is_shown_as_text_too(tmp_path):
    """A bad value is quoted in quarantine.csv; there it must not act either."""
    world = write_world(
        tmp_path / "in", stock={0: {"quantity": "=1+1"}}.items(), policy="rows_bad_max_pct: 100\n"
    )
    _, out = plan_on(world)
    assert [(row["row_no"], row["value"]) for row in read_rows(out / "quarantine.csv")] == [(2, "'=1+1")]


def test_the_workbook_holds_what_the_csv_files_hold(tmp_path):
    """A sheet for each, amounts in the currency's unit, days as days."""
    _, out = plan_on(write_world(tmp_path / "in"))
    book = opened(out / "plan.xlsx")
    assert book.sheetnames == ["summary", "decisions", "lines", "notes", "quarantine"]
    head, *rows = book["decisions"].iter_rows(values_only=True)
    told = read_rows(out / "decisions.csv")
    price, call = head.index("price"), head.index("last_call_on")
    assert [row[price] for row in rows] == [row["price_minor"] / 100 for row in told]
    assert {row[call].date() for row in rows} == {date(2026, 5, 11)}
    assert book["lines"].max_row == len(read_rows(out / "lines.csv")) + 1


def test_amounts_are_shown_exactly():
    """Nothing is lost to floating point, and what is missing stays missing."""
    shown = in_currency(pa.table({"price_minor": pa.array([1_999, -5, None, 99_999_999_999], pa.int64())}))
    assert shown["price"].to_pylist() == [Decimal("19.99"), Decimal("-0.05"), None, Decimal("999999999.99")]


def test_a_sheet_holds_the_rows_with_the_most_money(tmp_path, monkeypatch):
    """In their order, and it says so below; the CSV beside it holds all."""
    monkeypatch.setattr(tables, "SHEET_ROWS_MAX", 2)
    long = pa.table({"sku": ["a", "b", "c"], "planned_qty": [5, 1, 2], "price_minor": [100, 100, 300]})
    write_workbook(tmp_path / "x.xlsx", {"lines": most_at_stake(long)}, "more in lines.csv")
    sheet = opened(tmp_path / "x.xlsx")["lines"]
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["sku", "a", "c", "more in lines.csv"]


def test_a_long_table_without_money_is_cut(monkeypatch):
    """As notes are."""
    monkeypatch.setattr(tables, "SHEET_ROWS_MAX", 2)
    assert most_at_stake(pa.table({"line": [1, 2, 3]}))["line"].to_pylist() == [1, 2]

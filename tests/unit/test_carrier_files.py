"""What carriers hand in: every file of a name, good rows kept, bad ones named, a refused one left out."""

from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from upath import UPath

from include.winddown.adapters.carrier_files import CarrierFiles
from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.marketplaces.exports_own import ExportsOwn
from include.winddown.domain.exits import Policy
from include.winddown.domain.own_frames import CARRIER_FRAMES, INBOUND, INVOICES, TARIFFS

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HEAD = ("provider", "invoice_no", "zone", "weight_g", "amount", "currency", "shipped_on")
ROW = ("Swift", "I-1", "Moscow", 500, "200.50", "RUB", "2026-11-01")


def carriers(folder: Path, **policy: object) -> CarrierFiles:
    return CarrierFiles(UPath(folder), Policy(**policy), NOW, "RUB")


def write(path: Path, *rows: tuple[object, ...]) -> None:
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")


def test_csv_and_workbooks_of_a_name_are_read_together(tmp_path: Path):
    """Money becomes minor units, a day a day; other files in the folder are none of them."""
    write(tmp_path / "invoices-10.csv", HEAD, ROW)
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(("Steady", "I-2", "Moscow", 700, "99", "RUB", date(2026, 11, 2)))
    book.save(tmp_path / "invoices-11.xlsx")
    (tmp_path / "notes.txt").write_text("invoices come monthly", encoding="utf-8")
    read = carriers(tmp_path).read(INVOICES)
    assert (read.problems, read.bad_rows, read.files) == ({}, [], 2)
    rows = [(row["provider"], row["amount_minor"], row["shipped_on"]) for row in read.rows.to_pylist()]
    assert rows == [("Swift", 20_050, date(2026, 11, 1)), ("Steady", 9_900, date(2026, 11, 2))]


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026-11-01", date(2026, 11, 1)),
        ("2026-11-01T00:00:00", date(2026, 11, 1)),
        ("2026-11-01T10:00:00", None),
        ("2026-11-01T00:00:00Z", None),
        ("2026-11-31T00:00:00", None),
        ("01.11.2026", None),
    ],
)
def test_a_day_is_a_day(tmp_path: Path, told: str, day: date | None):
    """Midnight is how a date cell of a workbook comes; any other time of day has no place there."""
    write(tmp_path / "invoices.csv", HEAD, ROW, (*ROW[:6], told))
    read = carriers(tmp_path, rows_bad_max_pct=50).read(INVOICES)
    assert [row["shipped_on"] for row in read.rows.to_pylist()[1:]] == ([day] if day else [])
    assert [one.code for one in read.bad_rows] == ([] if day else ["R_DATE"])


def test_a_bad_row_is_named_and_the_others_count(tmp_path: Path):
    """Within what the policy bears; beyond it the whole file is refused."""
    bad = ("Swift", "I-1", "Moscow", -5, "1", "RUB", "2026-11-01")
    write(tmp_path / "invoices.csv", HEAD, ROW, bad)
    read = carriers(tmp_path, rows_bad_max_pct=50).read(INVOICES)
    assert read.rows.num_rows == 1
    assert [(one.file, one.row_no, one.column) for one in read.bad_rows] == [("invoices.csv", 3, "weight_g")]
    refused = carriers(tmp_path, rows_bad_max=0).read(INVOICES)
    assert refused.rows.num_rows == 0
    assert refused.problems["invoices.csv"].startswith("F_BAD_ROWS")


def test_a_file_without_a_column_does_not_stop_the_others(tmp_path: Path):
    """It is named with the code and what is missing."""
    write(tmp_path / "tariffs-a.csv", ("provider", "zone"), ("Swift", "Moscow"))
    head = ("provider", "zone", "weight_to_g", "per_order", "per_kg", "currency")
    write(tmp_path / "tariffs-b.csv", head, ("Swift", "Moscow", 1_000, "10", "1.25", "RUB"))
    read = carriers(tmp_path).read(TARIFFS)
    assert list(read.problems) == ["tariffs-a.csv"]
    assert "F_SCHEMA" in read.problems["tariffs-a.csv"]
    (row,) = read.rows.to_pylist()
    assert (row["order_minor"], row["kg_minor"], row["from_on"], row["until_on"]) == (1_000, 125, None, None)


def test_amounts_in_another_currency_refuse_the_file(tmp_path: Path):
    """Nothing is converted by guessing."""
    write(tmp_path / "invoices.csv", HEAD, (*ROW[:5], "CNY", ROW[6]))
    read = carriers(tmp_path).read(INVOICES)
    assert read.rows.num_rows == 0
    assert (
        "F_SCOPE: invoices.csv has amounts in CNY, and the exit counts in RUB"
        in read.problems["invoices.csv"]
    )


@pytest.mark.parametrize("frame", CARRIER_FRAMES, ids=lambda frame: frame.name)
def test_without_a_folder_there_is_nothing(tmp_path: Path, frame):
    """Whoever hands in nothing gets no problem; the rows are there, and none."""
    read = carriers(tmp_path / "none").read(frame)
    assert (read.rows.num_rows, read.rows.column_names) == (0, list(frame.names))
    assert (read.problems, read.files) == ({}, 0)


def test_suppliers_tell_what_is_on_order(tmp_path: Path):
    """A SKU twice is a mistake of the file."""
    write(tmp_path / "inbound.csv", ("sku", "on_order", "lead_days"), ("A1", 5, 20))
    assert carriers(tmp_path).read(INBOUND).rows.to_pylist() == [
        {"sku": "A1", "on_order_qty": 5, "lead_days": 20}
    ]


def test_a_marketplace_of_files_tells_its_own_warehouse(tmp_path: Path):
    """By files beside the orders; what is not there is not known, and chats never are."""
    day = tmp_path / "2026-11-19"
    day.mkdir()
    own = ExportsOwn(Exports(folder=tmp_path, as_of=None, policy=Policy(), now=NOW))
    assert (own.stock(), own.postings(90, 28), own.returns(90)) == (None, None, None)
    assert "read from files" in own.chats().why
    write(
        day / "own_stock.csv",
        ("sku", "offer_id", "scheme", "present", "reserved"),
        ("A1", "a-1", "rfbs", 7, 2),
    )
    head = ("posting_number", "status", "in_process_at", "warehouse_id", "delivery_method", "sku", "offer_id")
    head = (*head, "quantity", "price", "currency", "promised_date", "delivered_on")
    row = ("P-1", "delivered", "2026-11-01T10:00:00Z", "W", "Courier", "A1", "a-1", 1, "10.00", "RUB")
    write(
        day / "own_postings.csv",
        head,
        (*row, "2026-11-05T00:00:00Z", "2026-11-04"),
        (*row[:5], "B2", *row[6:], "", ""),
    )
    head = ("return_id", "scheme", "posting_number", "sku", "offer_id", "returned_at")
    write(day / "own_returns.csv", head, ("R-1", "rfbs", "P-1", "A1", "a-1", "2026-11-08T00:00:00Z"))
    (stock,) = [row for batch in own.stock().batches for row in batch.to_pylist()]
    assert (stock["present_qty"], stock["reserved_qty"]) == (7, 2)
    first, second = [row for batch in own.postings(90, 28).batches for row in batch.to_pylist()]
    assert (first["line_no"], second["line_no"], first["delivered_on"]) == (1, 2, date(2026, 11, 4))
    assert (second["promised_at"], second["delivered_on"], second["provider"]) == (None, None, None)
    (back,) = [row for batch in own.returns(90).batches for row in batch.to_pylist()]
    assert back["returned_qty"] is None

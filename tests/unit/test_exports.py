import gzip
import hashlib
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from include.winddown.adapters.files.layouts import load_layout
from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy
from tests.file_kit import CATALOGUE_ROW, LENIENT, NOW, ORDERS_ROW, STOCK_ROW, drain, frame_of, pull, written

RAW = "raw/online-retail-2010-12-week-1.csv"
RETAIL_HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


FEES_ROW = {
    "sku": "S1",
    "offer_id": "ART-1",
    "scheme": "fbp",
    "price": "499.00",
    "min_price": "",
    "currency": "RUB",
    "commission_bp": "1910",
    "delivery": "",
    "haul_min": "",
    "haul_max": "",
    "acquiring": "7.49",
}


def gift_shop():
    """Find the real gift shop's files, or None where they are not at hand."""
    beside = Path(__file__).parents[3] / "shared" / "data" / "gift-shop"
    folder = Path(os.environ.get("WINDDOWN_GIFT_SHOP", beside))
    return folder if folder.is_dir() else None


@pytest.fixture
def folder(tmp_path):
    """Lay out a small merchant: a catalogue and two days."""
    (tmp_path / "catalogue.csv").write_bytes(written([CATALOGUE_ROW]))
    for day in ("2026-03-01", "2026-03-02"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "stock.csv").write_bytes(written([STOCK_ROW | {"snapshot_at": f"{day}T22:00:00Z"}]))
        (tmp_path / day / "orders.csv").write_bytes(written([ORDERS_ROW]))
    return tmp_path


def exports(folder, as_of=None, policy=LENIENT, mappings=None):
    return Exports(folder=folder, as_of=as_of, policy=policy, now=NOW, mappings=mappings)


def test_the_latest_day_is_read_unless_another_is_asked_for(folder):
    """Without a day the newest sub-folder counts."""
    assert drain(exports(folder).stock())[1].sources[0].name == "2026-03-02/stock.csv"
    assert drain(exports(folder, date(2026, 3, 1)).stock())[1].sources[0].name == "2026-03-01/stock.csv"


def test_batches_have_the_schema_of_their_frame(folder):
    """What comes out can be stored without another look."""
    for pulled in (exports(folder).stock(), exports(folder).orders(), exports(folder).catalogue()):
        assert [batch.schema for batch in pulled.batches] == [arrow_schema(pulled.frame)]


def test_a_source_is_known_by_the_hash_of_its_original_bytes(folder):
    """Line 31 needs the hash of what lay there, not of what was unpacked."""
    path = folder / "2026-03-02" / "orders.csv"
    packed = gzip.compress(path.read_bytes())
    path.unlink()
    (folder / "2026-03-02" / "orders.csv.gz").write_bytes(packed)
    source = drain(exports(folder).orders())[1].sources[0]
    assert (source.name, source.sha256, source.size_bytes) == (
        "2026-03-02/orders.csv.gz",
        hashlib.sha256(packed).hexdigest(),
        len(packed),
    )


def test_a_sku_the_catalogue_does_not_have_is_kept_out_of_stock_only(folder):
    """Unknown stock goes to quarantine; an unknown order stays, since it may block the gate."""
    (folder / "catalogue.csv").write_bytes(written([CATALOGUE_ROW | {"sku": "S9"}]))
    (folder / "2026-03-02" / "stock.csv").write_bytes(
        written([STOCK_ROW | {"snapshot_at": "2026-03-02T22:00:00Z"} | {"sku": sku} for sku in ("S1", "S9")])
    )
    rows, pulled = drain(exports(folder).stock())
    assert ([row["sku"] for row in rows], [bad.code for bad in pulled.bad_rows]) == (["S9"], ["R_SKU"])
    assert len(drain(exports(folder).orders())[0]) == 1


def test_fees_are_read_where_they_lie(folder):
    """There need be none; beside the days or, winning, in the day's folder; an empty cell is missing, not zero."""
    assert exports(folder).fees() is None
    (folder / "fees.csv").write_bytes(written([FEES_ROW]))
    (row,), pulled = drain(exports(folder).fees())
    assert (row["commission_bp"], row["acquiring_minor"], row["delivery_minor"]) == (1910, 749, None)
    (folder / "2026-03-02" / "fees.csv").write_bytes(
        written([FEES_ROW | {"commission_bp": "0"}, FEES_ROW | {"sku": "S2", "commission_bp": "19.1"}])
    )
    (row,), pulled = drain(exports(folder).fees())
    assert (row["commission_bp"], pulled.sources[0].name) == (0, "2026-03-02/fees.csv")
    assert [(bad.column, bad.code) for bad in pulled.bad_rows] == [("commission_bp", "R_NUM")]


def test_line_33_the_count_of_another_day_is_refused(folder):
    """Last month's stock in today's folder is F_SCOPE."""
    (folder / "2026-03-02" / "stock.csv").write_bytes(
        written([STOCK_ROW | {"snapshot_at": "2026-02-02T22:00:00Z"}])
    )
    with pytest.raises(FileRefused, match=r"F_SCOPE: 2026-03-02/stock.csv was counted 2026-02-02"):
        list(exports(folder).stock().batches)


def test_a_catalogue_of_the_day_comes_first(folder):
    """A catalogue in the day's folder is the one of that day."""
    (folder / "2026-03-02" / "catalogue.csv").write_bytes(written([CATALOGUE_ROW | {"name": "of the day"}]))
    assert drain(exports(folder).catalogue())[0][0]["name"] == "of the day"


def test_own_mappings_lie_in_the_folder(folder):
    """A merchant with other columns brings a mapping; a connection may name another one."""
    stock = folder / "2026-03-02" / "stock.csv"
    stock.write_bytes(stock.read_bytes().replace(b"quantity", b"amount"))
    with pytest.raises(FileRefused, match=r"F_SCHEMA.*'quantity' is missing"):
        list(exports(folder).stock().batches)
    own = """{frame: stock, columns: {warehouse_id: warehouse_id, sku: sku, offer_id: offer_id,
        condition: {column: stock_status, values: {"1": sellable}}, on_hand_qty: amount,
        reserved_qty: reserved, counted_at: snapshot_at}}"""
    (folder / "mappings").mkdir()
    (folder / "mappings" / "stock.yaml").write_text(own, encoding="utf-8")
    (folder / "mappings" / "second.yaml").write_text(own, encoding="utf-8")
    assert len(drain(exports(folder).stock())[0]) == 1
    assert len(drain(exports(folder, mappings={"stock": "second"}).stock())[0]) == 1
    with pytest.raises(FileRefused, match=r"F_MAPPING: mappings names the table 'stok'"):
        exports(folder, mappings={"stok": "second"})


def test_what_is_missing_is_named_with_what_is_there(folder):
    """A missing folder, day or file says where, what is there, and what to do."""
    with pytest.raises(FileRefused, match=r"F_MISSING: there is no folder .*nowhere; correct the connection"):
        exports(folder / "nowhere").stock()
    with pytest.raises(
        FileRefused, match=r"F_MISSING: .*no sub-folder 2026-03-09; there are 2026-03-02, 2026-03-01\."
    ):
        exports(folder, date(2026, 3, 9)).orders()
    (folder / "2026-03-02" / "orders.csv").unlink()
    with pytest.raises(FileRefused, match=r"F_MISSING: there is no orders.csv .*; there is stock.csv\. Put"):
        exports(folder).orders()
    (folder / "catalogue.csv").unlink()
    with pytest.raises(FileRefused, match=r"F_MISSING: there is no catalogue.csv"):
        exports(folder).stock()


def test_a_folder_without_days_is_refused(tmp_path):
    """Only real dates count as days."""
    (tmp_path / "2026-13-01").mkdir()
    (tmp_path / "20260301").mkdir()
    with pytest.raises(FileRefused, match=r"F_MISSING: .*has no sub-folder named by a day"):
        exports(tmp_path).stock()


def test_two_files_of_one_table_are_refused(folder):
    """Which of the two is right cannot be known."""
    (folder / "2026-03-02" / "stock.xlsx").write_bytes(b"x")
    with pytest.raises(FileRefused, match=r"F_FORMAT: .*stock.csv and stock.xlsx; leave the one"):
        exports(folder).stock()


def retail(*lines):
    """Write lines in the raw layout: CR line ends, latin-1, and a cut last line."""
    return "\r".join([RETAIL_HEADER, *lines, "537"]).encode("latin-1")


def test_the_raw_retail_layout_comes_in_through_its_mapping():
    """Cancellations, pseudo-SKUs and write-offs are set aside, a cut line is named, the rest are orders."""
    data = retail(
        "536365,85123A,CAF\xc9 SIGN,6,12/1/10 8:26,2.55,17850,United Kingdom",
        "536365,85123a,,2,12/1/10 8:26,2.5,17850,United Kingdom",
        "C536379,85123A,x,-1,12/1/10 9:41,27.5,14527,United Kingdom",
        "536370,POST,POSTAGE,3,12/1/10 8:45,18,12583,France",
        "536589,21777,,-10,12/1/10 16:50,0,,United Kingdom",
    )
    frame, _ = frame_of("orders")
    rows, pulled = drain(
        pull(data, name="week.csv", table="orders", layout=load_layout("online-retail", frame))
    )
    assert [(row["sku"], row["line_no"], row["price_minor"]) for row in rows] == [
        ("85123A", 1, 255),
        ("85123a", 2, 250),
    ]
    assert rows[0]["ordered_at"].isoformat() == "2010-12-01T08:26:00+00:00"
    assert [(bad.row_no, bad.code) for bad in pulled.bad_rows] == [
        (4, "R_ASIDE"),
        (5, "R_ASIDE"),
        (6, "R_ASIDE"),
        (7, "F_TRUNC"),
    ]


def test_the_real_raw_week_comes_in_under_the_default_policy():
    """14,595 records of the real file are all accounted for."""
    shop = gift_shop()
    data = (shop / RAW).read_bytes() if shop else retail(*["536365,71053,x,6,12/1/10 8:26,3.39,1,UK"] * 100)
    frame, _ = frame_of("orders")
    layout = load_layout("online-retail", frame)
    rows, pulled = drain(pull(data, name="week.csv", table="orders", layout=layout, policy=Policy()))
    codes = Counter(bad.code for bad in pulled.bad_rows)
    expected = (14_323, {"R_ASIDE": 271, "F_TRUNC": 1}) if shop else (100, {"F_TRUNC": 1})
    assert (len(rows), codes) == expected


def test_the_real_gift_shop_comes_in_without_a_bad_row(folder):
    """Both real days are read whole under the default policy; the small merchant stands in elsewhere."""
    shop = gift_shop()
    days = (date(2010, 12, 7), date(2010, 12, 8)) if shop else (date(2026, 3, 1), date(2026, 3, 2))
    expected = (5_228, 14_410, 2_218) if shop else (1, 1, 1)
    for day in days:
        source = exports(shop or folder, day, Policy())
        counts = tuple(
            len(drain(pulled)[0]) for pulled in (source.stock(), source.orders(), source.catalogue())
        )
        assert counts == expected

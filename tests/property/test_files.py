import contextlib
import csv
import gzip
import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from include.winddown.adapters.files.columns import read_column
from include.winddown.domain.cells import Form, check_cell
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK
from include.winddown.domain.ids import bare, check_id, skeleton
from include.winddown.domain.times import clock
from tests.file_kit import (
    CATALOGUE_ROW,
    LENIENT,
    NOW,
    STOCK_COLUMNS,
    STOCK_ROW,
    drain,
    pull,
    read,
    stock_file,
    written,
)

FORM = Form(clock=clock(NOW))
COLUMNS = [*STOCK.columns, *CATALOGUE.columns, ORDERS.column("price_minor")]
WORDS = """5 -1 +5 1e3 0005 1000000 1000001 999999999999999999999999999999 A1 а1 Total 25.Mar 1E+5
    2026-03-01T10:00:00Z 2026-02-30T10:00:00Z 2026-03-01T10:00:00+23:59 2026-03-01 199.90 1.999 sellable RUB"""
SIGNS = ("", " ", "\x00", "a\nb", "a\u202eb", "\u00a0", "=1", '"', ",", "\r", "й")
NASTY = st.sampled_from((*WORDS.split(), *SIGNS))
CELLS = st.one_of(NASTY, st.text(st.characters(codec="utf-8"), max_size=12))


def attempt(data, name="stock.csv"):
    """Read; a refusal is fine, any other error is not."""
    with contextlib.suppress(FileRefused):
        drain(pull(data, name=name))


@given(data=st.binary(max_size=400), name=st.sampled_from(["stock.csv", "stock.csv.gz", "stock.xlsx"]))
def test_any_bytes_are_rows_or_a_refusal(data, name):
    """Whatever comes in, rows_in = rows_ok + rows_bad, or the file is refused by name."""
    attempt(data, name)


@given(cells=st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=8), quote=st.booleans())
def test_any_cells_are_rows_or_a_refusal(cells, quote):
    """The same below a good header, with and without quoting."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL)
    writer.writerow(STOCK_COLUMNS)
    writer.writerows([*csv.reader(stock_file({}).decode().splitlines()[1:]), *cells])
    attempt(out.getvalue().encode())


@given(
    at=st.integers(min_value=0, max_value=10_000),
    value=st.integers(min_value=0, max_value=255),
    packed=st.booleans(),
)
def test_one_changed_byte_is_rows_or_a_refusal(at, value, packed):
    """A flipped byte of a CSV or an archive is never another error."""
    data = bytearray(stock_file({}, {}, {}))
    if packed:
        data = bytearray(gzip.compress(bytes(data), mtime=0))
    data[at % len(data)] = value
    attempt(bytes(data), "stock.csv.gz" if packed else "stock.csv")


def workbook():
    """Write a small workbook."""
    book = openpyxl.Workbook()
    book.active.append(list(STOCK_ROW))
    book.active.append(list(STOCK_ROW.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WORKBOOK = workbook()


@given(at=st.integers(min_value=0, max_value=10_000), value=st.integers(min_value=0, max_value=255))
def test_one_changed_byte_of_a_workbook_is_rows_or_a_refusal(at, value):
    """The same for what the spreadsheet library stumbles over."""
    data = bytearray(WORKBOOK)
    data[at % len(data)] = value
    attempt(bytes(data), "stock.xlsx")


@given(column=st.sampled_from(COLUMNS), texts=st.lists(CELLS, min_size=1, max_size=8))
def test_the_vector_reader_and_the_rule_agree(column, texts):
    """A cell is null with a complaint exactly when the pure rule complains."""
    read_back = read_column(column, pa.array(texts, pa.string()), FORM)
    bad = set(read_back.bad_rows().tolist())
    for at, text in enumerate(texts):
        complaint = check_cell(column, text, FORM)
        assert (at in bad) == (complaint is not None)
        missing = read_back.values[at].as_py() is None
        assert missing == (complaint is not None or (column.nullable and not text.strip()))


IDS = st.from_regex(r"[A-Z0-9]{1,12}(-[0-9]{1,4})?", fullmatch=True).filter(
    lambda text: check_id(text) is None
)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(
    lambda text: text.strip()
)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (made aware)


@settings(deadline=timedelta(seconds=2))
@given(
    rows=st.lists(
        st.tuples(IDS, NAMES, st.integers(0, 1_000_000), st.integers(1, 99_999_999_999), TIMES),
        min_size=1,
        max_size=20,
        unique_by=lambda row: row[0],
    )
)
def test_a_good_stock_survives_the_round_trip(rows):
    """What is written as CSV is read back unchanged."""
    changes = [
        {"sku": sku, "offer_id": "A", "quantity": str(qty), "snapshot_at": at.isoformat()}
        for sku, _, qty, _, at in rows
    ]
    read_back, bad = read(stock_file(*changes))
    assert bad == []
    assert [(row["sku"], row["on_hand_qty"], row["counted_at"]) for row in read_back] == [
        (sku, qty, at) for sku, _, qty, _, at in rows
    ]


@settings(deadline=timedelta(seconds=2))
@given(names=st.lists(NAMES, min_size=1, max_size=10), minor=st.integers(1, 99_999_999_999))
def test_a_good_catalogue_survives_the_round_trip(names, minor):
    """Names of any letters, and every amount, are read back unchanged."""
    price = f"{minor // 100}.{minor % 100:02d}"
    rows = [CATALOGUE_ROW | {"sku": f"S{at}", "name": name, "price": price} for at, name in enumerate(names)]
    read_back, bad = read(written(rows, quoting=csv.QUOTE_ALL), table="catalogue", policy=LENIENT)
    assert bad == []
    assert [(row["name"], row["price_minor"]) for row in read_back] == [(name, minor) for name in names]


@given(text=st.text(max_size=20))
def test_a_skeleton_does_not_see_case_or_space(text):
    """Twins have one skeleton, whatever stands between the letters."""
    assert skeleton(f"\u00a0{text} ") == skeleton(text)
    assert bare(bare(text)) == bare(text)

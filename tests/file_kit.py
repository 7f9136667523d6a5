"""Small files for the tests of the readers."""

import csv
import io
from datetime import UTC, datetime

import yaml

from include.winddown.adapters.files.layouts import BUILT_IN, load_layout, read_layout
from include.winddown.adapters.files.reader import Job, read_job, read_table
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK
from include.winddown.domain.side_frames import FEES

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LENIENT = Policy(rows_bad_max=1_000_000, rows_bad_max_pct=100)
STRICT = Policy()

STOCK_COLUMNS = ("warehouse_id", "offer_id", "sku", "stock_status", "quantity", "reserved", "snapshot_at")
STOCK_ROW = {
    "warehouse_id": "WH-1",
    "offer_id": "ART-1",
    "sku": "S1",
    "stock_status": "1",
    "quantity": "5",
    "reserved": "0",
    "snapshot_at": "2026-03-01T22:00:00Z",
}
CATALOGUE_ROW = {
    "sku": "S1",
    "offer_id": "ART-1",
    "barcode": "4600000000001",
    "name": "Mug",
    "length_mm": "100",
    "width_mm": "90",
    "height_mm": "80",
    "weight_g": "300",
    "handling_class": "fragile",
    "price": "199.90",
    "currency": "RUB",
    "unit_cost": "80",
    "resale_value": "50.5",
}
ORDERS_ROW = {
    "posting_number": "P-1",
    "status": "delivered",
    "in_process_at": "2026-03-01T10:00:00Z",
    "warehouse_id": "WH-1",
    "offer_id": "ART-1",
    "sku": "S1",
    "quantity": "1",
    "price": "10.00",
    "currency": "RUB",
}


def written(rows, **options):
    """Write dicts as CSV bytes; options go to csv.writer."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, **options)
    writer.writerow(rows[0])
    writer.writerows([row.values() for row in rows])
    return out.getvalue().encode()


def stock_rows(*changes, good=0):
    """Give one stock row per change, after so many good ones."""
    rows = [STOCK_ROW | {"sku": f"G{number}"} for number in range(good)]
    return rows + [STOCK_ROW | {"sku": f"S{number}"} | change for number, change in enumerate(changes)]


def stock_file(*changes, good=0):
    """Write a stock file."""
    return written(stock_rows(*changes, good=good))


def frame_of(table):
    """Find a frame and its built-in mapping."""
    frame = {"stock": STOCK, "orders": ORDERS, "catalogue": CATALOGUE, "fees": FEES}[table]
    return frame, load_layout(table, frame)


def pull(data, name="stock.csv", table="stock", policy=LENIENT, layout=None):
    """Read bytes through the public door."""
    frame, built_in = frame_of(table)
    return read_table(data, name, frame, layout or built_in, policy, NOW)


def drain(pulled):
    """Read everything: the good rows as dicts, and the pull."""
    rows = [row for batch in pulled.batches for row in batch.to_pylist()]
    source = pulled.sources[0]
    assert source.rows_in == source.rows_ok + source.rows_bad
    assert source.rows_ok == len(rows)
    assert source.rows_bad == len(pulled.bad_rows)
    return rows, pulled


def read(data, **options):
    """Read bytes; give the good rows and the (row_no, column, code) of the bad ones."""
    rows, pulled = drain(pull(data, **options))
    return rows, [(bad.row_no, bad.column, bad.code) for bad in pulled.bad_rows]


def stock_layout(**changes):
    """Build the stock mapping with other top-level keys."""
    frame, _ = frame_of("stock")
    top = yaml.safe_load((BUILT_IN / "stock.yaml").read_text(encoding="utf-8")) | changes
    return read_layout(yaml.safe_dump(top, allow_unicode=True), "own", frame)


def read_within(data, limits, name="stock.csv"):
    """Read a stock file under other size limits."""
    frame, layout = frame_of("stock")
    job = Job(data=data, name=name, frame=frame, layout=layout, policy=LENIENT, now=NOW, limits=limits)
    return drain(read_job(job))

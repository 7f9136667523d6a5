"""A small merchant's files for the command, and how to plan on them inside the test's process."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from include.winddown.cli.gather import Files
from include.winddown.cli.plan import Wish, plan
from tests.file_kit import CATALOGUE_ROW, ORDERS_ROW, STOCK_ROW, written

COUNTED_ON = date(2026, 3, 1)
DEADLINE_ON = date(2026, 6, 1)
WEEKS = 10
SKUS = ("S1", "S2", "S3", "S4")
FEES_ROW = {
    "sku": "S1",
    "offer_id": "A-S1",
    "scheme": "fbp",
    "price": "199.90",
    "min_price": "",
    "currency": "RUB",
    "commission_bp": "1500",
    "delivery": "5.00",
    "haul_min": "",
    "haul_max": "",
    "acquiring": "2.00",
}
POLICY = """\
fees: {commission_bp: 1500, acquiring_bp: 100, sale_fee_minor: 500}
storage: {storage_minor_per_m3_day: 20000}
returns: {handling_minor: 100, pick_minor: 200}
freight: {container_minor: 90000, opening_minor: 20000}
disposal: {piece_minor: 50}
"""


def write_world(folder: Path, *, catalogue=(), stock=(), orders=(), fees=None, policy: str = POLICY) -> Path:
    """
    Write the files of four products in two warehouses, sold for ten weeks.

    Args:
        folder: where to.
        catalogue: changes by place of the row.
        stock: the same.
        orders: the same.
        fees: rows, or None for no such file.
        policy: the policy file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    products = [CATALOGUE_ROW | {"sku": sku, "offer_id": f"A-{sku}"} for sku in SKUS]
    counts = [
        STOCK_ROW | {"sku": sku, "offer_id": f"A-{sku}", "warehouse_id": warehouse, "quantity": str(pieces)}
        for sku, pieces in zip(SKUS, (400, 30, 8, 60), strict=True)
        for warehouse in ("WH-1", "WH-2")
    ]
    write_rows(folder / "catalogue.csv", changed(products, catalogue))
    write_rows(folder / "stock.csv", changed(counts, stock))
    write_rows(folder / "orders.csv", changed(sales(), orders))
    if fees is not None:
        write_rows(folder / "fees.csv", [FEES_ROW | row for row in fees])
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    return folder


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    """Write dicts as CSV."""
    path.write_bytes(written(rows))


def changed(rows, changes):
    """Change rows by their place."""
    by_place = dict(changes)
    return [row | by_place.get(place, {}) for place, row in enumerate(rows)]


def sales():
    """Two pieces of S1 a day, one of S2 a week, none of the others."""
    first = datetime(2026, 2, 28, 12, tzinfo=UTC)
    days = [(sku, first - timedelta(days)) for days in range(7 * WEEKS) for sku in ("S1",)]
    days += [("S2", first - timedelta(7 * week)) for week in range(WEEKS)]
    return [
        ORDERS_ROW
        | {
            "posting_number": f"P-{number}",
            "sku": sku,
            "offer_id": f"A-{sku}",
            "quantity": "2" if sku == "S1" else "1",
            "price": "199.90",
            "in_process_at": f"{day:%Y-%m-%dT%H:%M:%SZ}",
        }
        for number, (sku, day) in enumerate(days)
    ]


def files_of(folder: Path) -> Files:
    """Name the files of a world."""
    fees = folder / "fees.csv"
    return Files(
        stock=folder / "stock.csv",
        orders=folder / "orders.csv",
        catalogue=folder / "catalogue.csv",
        fees=fees if fees.is_file() else None,
    )


def plan_on(folder: Path, out: Path | None = None, **wishes) -> tuple[str, Path]:
    """Plan on a world; give the summary and the folder of the results."""
    out = out or folder / "out"
    wish = {
        "files": files_of(folder),
        "policy": folder / "policy.yaml",
        "deadline_on": DEADLINE_ON,
        "out": out,
    }
    return plan(Wish(**(wish | wishes))), out


def read_rows(path: Path) -> list[dict[str, object]]:
    """Read a CSV of the results."""
    table: pa.Table = csv.read_csv(path, convert_options=csv.ConvertOptions(strings_can_be_null=True))
    return table.to_pylist()

"""Whole snapshots for the contract tests of what is asked of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from include.winddown.adapters.ports import Pull, Source
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.snapshots import Snapshot, SnapshotStore
from include.winddown.domain.frames import ORDERS, STOCK, Frame

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)
Row = dict[str, object]


def order(posting: str, status: str = "delivered", days_ago: float = 5, **changes: object) -> Row:
    return {
        "posting_number": posting,
        "line_no": 1,
        "status": status,
        "ordered_at": NOON - timedelta(days=days_ago),
        "warehouse_id": "WH-1",
        "sku": "A1",
        "offer_id": "a-1",
        "ordered_qty": 2,
        "price_minor": 1_000,
        "currency": "RUB",
        **changes,
    }


def shelf(sku: str = "A1", on_hand_qty: int = 10, reserved_qty: int = 0, **changes: object) -> Row:
    return {
        "warehouse_id": "WH-1",
        "sku": sku,
        "offer_id": sku.lower(),
        "condition": "sellable",
        "on_hand_qty": on_hand_qty,
        "reserved_qty": reserved_qty,
        **changes,
    }


def product(sku: str) -> Row:
    return {
        "sku": sku,
        "offer_id": sku.lower(),
        "barcode": None,
        "name": f"Thing {sku}",
        "length_mm": 100,
        "width_mm": 100,
        "height_mm": 100,
        "weight_g": 500,
        "handling_class": "standard",
        "price_minor": 1_000,
        "currency": "RUB",
        "unit_cost_minor": 400,
        "resale_minor": 300,
        "category": None,
    }


def pull_of(frame: Frame, rows: Sequence[Row]) -> Pull:
    """Rows of a frame as a marketplace would give them."""
    table = pa.Table.from_pylist(list(rows), schema=arrow_schema(frame))
    source = Source(
        name=f"{frame.name}.csv",
        sha256="a" * 64,
        size_bytes=10,
        rows_in=len(rows),
        rows_ok=len(rows),
        rows_bad=0,
    )
    return Pull(frame=frame, batches=table.to_batches(), sources=[source])


def snapshot_of(
    store: SnapshotStore,
    exit_id: str,
    orders: Sequence[Row] = (),
    stock: Sequence[Row] = (),
    *,
    at: datetime = NOON,
    more: Sequence[tuple[Frame, Sequence[Row]]] = (),
) -> Snapshot:
    """Take a valid snapshot, counted at a time."""
    snapshot_id = store.begin(exit_id, None)
    counted = [{**row, "counted_at": at} for row in (stock or [shelf()])]
    for frame, rows in ((ORDERS, orders), (STOCK, counted), *more):
        store.land(snapshot_id, pull_of(frame, rows))
    store.seal(snapshot_id, at)
    return store.get(snapshot_id)

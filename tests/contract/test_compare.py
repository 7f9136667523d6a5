"""A snapshot held against totals and against the one before: Parquet, DuckDB and PostgreSQL."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from upath import UPath

from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import StockDisagrees
from include.winddown.domain.exits import Exit
from include.winddown.domain.frames import ORDERS, STOCK, TOTALS
from include.winddown.runtime import doors
from include.winddown.steps.compare import compare_snapshot, comparison_notes, stop_at_differences
from tests.contract.snapshot_kit import NOON, Row, order, pull_of, shelf, snapshot_of

LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _installation(monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path) -> None:
    """The doors of a step lead to the test's database and folder."""
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))


def total(sku: str, present_qty: int, reserved_qty: int = 0, scheme: str = "fbp") -> Row:
    return {
        "sku": sku,
        "offer_id": sku.lower(),
        "scheme": scheme,
        "present_qty": present_qty,
        "reserved_qty": reserved_qty,
    }


def compared(
    snapshots: SnapshotStore,
    exit_id: str,
    orders: list[Row],
    stock: list[Row] | None = None,
    totals: list[Row] | None = None,
) -> str:
    """Land a snapshot, compare it and leave it unsealed; gives its id."""
    snapshot_id = snapshots.begin(exit_id, None)
    counted = [{**row, "counted_at": LATER} for row in stock or [shelf()]]
    for frame, rows in ((ORDERS, orders), (STOCK, counted), (TOTALS, totals)):
        if rows is not None:
            snapshots.land(snapshot_id, pull_of(frame, rows))
    compare_snapshot(exit_id, snapshot_id)
    return snapshot_id


def restated(engine: Engine) -> list[tuple[object, ...]]:
    """What stands in the table."""
    sql = "select kind, posting_number, column_name, before, after from restatement order by 2, 3"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_sellable_stock_is_held_against_the_totals(
    snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit
) -> None:
    """Summed over warehouses, damaged units and other schemes left out; one-sided SKUs are named."""
    stock = [
        shelf("A1", 6),
        shelf("A1", 4, warehouse_id="WH-2"),
        shelf("A1", 9, condition="lost"),
        shelf("B2", 5),
        shelf("C3", 5, 2),
        shelf("D4", 0),
    ]
    totals = [
        total("A1", 10),
        total("C3", 5, 1),
        total("E5", 3),
        total("F6", 0),
        total("G7", 8, scheme="fbs"),
    ]
    snapshot_id = compared(snapshots, exit_id, [], stock, totals)
    [note] = comparison_notes(snapshot_id)
    assert (
        "differ in 3 SKUs: B2: 5 (0 reserved) in the report, not named in the totals, E5: not named" in note
    )
    assert "C3: 5 (2 reserved) in the report, 5 (1 reserved) in the totals" in note
    with pytest.raises(StockDisagrees, match="B2"):
        stop_at_differences(merchant_exit, snapshot_id)


@pytest.mark.parametrize("scheme", ["fbp", "fbo"])
def test_stock_that_somebody_else_keeps_is_compared(
    snapshots: SnapshotStore, exit_id: str, scheme: str
) -> None:
    """Partner's warehouse or the marketplace's own."""
    totals = [total("A1", 10, scheme=scheme)]
    assert comparison_notes(compared(snapshots, exit_id, [], [shelf("A1", 10)], totals)) == []


def test_without_totals_nothing_is_compared(
    snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit
) -> None:
    """A source that does not tell totals does not disagree."""
    snapshot_id = compared(snapshots, exit_id, [])
    assert comparison_notes(snapshot_id) == []
    stop_at_differences(merchant_exit, snapshot_id)


def test_the_past_told_differently_is_listed_line_by_line(
    engine: Engine, snapshots: SnapshotStore, exit_id: str
) -> None:
    """Added, vanished and changed; the older snapshot stays as it is."""
    same = [order("P-0", days_ago=30)]
    before = snapshot_of(
        snapshots,
        exit_id,
        [
            *same,
            order("P-1", price_minor=1_000),
            order("P-2", "delivered"),
            order("P-3", warehouse_id="WH-1", ordered_qty=2),
            order("P-4"),
        ],
    )
    compared(
        snapshots,
        exit_id,
        [
            *same,
            order("P-1", price_minor=900),
            order("P-2", "delivering"),
            order("P-3", warehouse_id="WH-2", ordered_qty=3),
            order("P-5", days_ago=1),
        ],
    )
    assert restated(engine) == [
        ("changed", "P-1", "price_minor", "1000 RUB", "900 RUB"),
        ("changed", "P-2", "status", "delivered", "delivering"),
        ("changed", "P-3", "ordered_qty", "2", "3"),
        ("changed", "P-3", "warehouse_id", "WH-1", "WH-2"),
        ("vanished", "P-4", "", "2 at 1000 delivered", None),
        ("added", "P-5", "", None, "2 at 1000 delivered"),
    ]
    snapshots.verify(before.snapshot_id)


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        ("awaiting_packaging", "awaiting_deliver", False),
        ("awaiting_deliver", "delivering", False),
        ("delivering", "delivered", False),
        ("awaiting_deliver", "cancelled", False),
        ("awaiting_deliver", "brand_new", False),
        ("brand_new", "delivered", False),
        ("awaiting_deliver", "awaiting_packaging", True),
        ("delivering", "awaiting_deliver", True),
        ("delivered", "client_arbitration", True),
        ("delivered", "cancelled", True),
        ("delivering", "brand_new", True),
    ],
)
def test_a_posting_that_moves_on_is_no_restatement(
    engine: Engine, snapshots: SnapshotStore, exit_id: str, was: str, now: str, *, is_told: bool
) -> None:
    """Going back is one, and so is going from one end to the other."""
    snapshot_of(snapshots, exit_id, [order("P-1", was)])
    compared(snapshots, exit_id, [order("P-1", now)])
    assert [row[2:] for row in restated(engine)] == ([("status", was, now)] if is_told else [])


def test_only_the_time_both_cover_counts(engine: Engine, snapshots: SnapshotStore, exit_id: str) -> None:
    """What has slid out of the window, and what was ordered since, is no restatement."""
    snapshot_of(snapshots, exit_id, [order("P-1", days_ago=300), order("P-2", days_ago=10)])
    compared(snapshots, exit_id, [order("P-2", days_ago=10), order("P-3", days_ago=-0.5)])
    assert restated(engine) == []


def test_orders_that_all_vanish_are_all_told(engine: Engine, snapshots: SnapshotStore, exit_id: str) -> None:
    """An empty list of orders restates everything that was told before."""
    snapshot_of(snapshots, exit_id, [order("P-1"), order("P-2")])
    compared(snapshots, exit_id, [])
    assert [row[:2] for row in restated(engine)] == [("vanished", "P-1"), ("vanished", "P-2")]


def test_comparing_again_replaces_and_a_sealed_snapshot_is_closed(
    engine: Engine, snapshots: SnapshotStore, exit_id: str
) -> None:
    """A retry leaves what the first try would have left; afterwards nobody changes it."""
    snapshot_of(snapshots, exit_id, [order("P-1")])
    snapshot_id = compared(snapshots, exit_id, [])
    compare_snapshot(exit_id, snapshot_id)
    assert len(restated(engine)) == 1
    snapshots.seal(snapshot_id, LATER)
    with engine.begin() as connection, pytest.raises(IntegrityError, match="never written again"):
        connection.execute(text("delete from restatement"))

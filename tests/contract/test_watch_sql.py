"""The questions of the watch, on rows made by hand: what counts as a day on sale, as late, as the cost before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.domain.frames import CATALOGUE, ORDERS
from include.winddown.domain.own_frames import OWN_POSTINGS, OWN_STOCK
from include.winddown.domain.side_frames import FEES
from tests.contract.snapshot_kit import order, product

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EMPTY = pa.schema({"sku": pa.string(), "day_no": pa.int32()})


def posting(number: str, days_ago: float, qty: int = 1, **changes: Any) -> dict[str, Any]:
    known = dict.fromkeys(OWN_POSTINGS.names) | {
        "posting_number": number,
        "line_no": 1,
        "status": "delivered",
        "ordered_at": NOW - timedelta(days=days_ago),
        "warehouse_id": "W",
        "method": "Courier",
        "provider": "Swift",
        "sku": "A",
        "offer_id": "a",
        "ordered_qty": qty,
        "price_minor": 100,
        "currency": "RUB",
    }
    return {**known, **changes}


def stock(sku: str, present_qty: int, reserved_qty: int = 0, scheme: str = "rfbs") -> dict[str, Any]:
    row = {"sku": sku, "offer_id": sku.lower(), "scheme": scheme}
    return row | {"present_qty": present_qty, "reserved_qty": reserved_qty}


def demand(
    postings: list[dict[str, Any]],
    stocks: list[dict[str, Any]],
    empty: list[tuple[str, int]] = (),
    known_days: int = 100,
) -> dict[str, dict[str, Any]]:
    relations = {
        "own_stock": pa.Table.from_pylist(stocks, schema=arrow_schema(OWN_STOCK)),
        "own_postings": pa.Table.from_pylist(postings, schema=arrow_schema(OWN_POSTINGS)),
        "empty_days": pa.Table.from_pylist([{"sku": s, "day_no": d} for s, d in empty], schema=EMPTY),
    }
    values = {"now": NOW, "short_days": 7, "long_days": 30, "known_days": known_days}
    return {row["sku"]: row for row in run_bulk("watch_demand", relations, values).to_pylist()}


def test_pieces_are_summed_by_window():
    """Both schemes of a SKU together; what was cancelled, or is older, does not count."""
    postings = [
        posting("P-1", 0.5, 2),
        posting("P-2", 6.9),
        posting("P-3", 7.1, 4),
        posting("P-4", 1, 9, status="cancelled"),
        posting("P-5", 30.5, 9),
    ]
    (row,) = demand(postings, [stock("A", 10, 3), stock("A", 5, scheme="fbs")]).values()
    assert row["free_qty"] == 12
    assert (row["short_qty"], row["short_days"], row["long_qty"], row["long_days"]) == (3, 7, 7, 30)
    mean = 3 / 7
    expected = (((2 - mean) ** 2 + (1 - mean) ** 2 + 5 * mean**2) / 6) ** 0.5
    assert row["short_spread"] == pytest.approx(expected)


def test_days_with_an_empty_shelf_and_no_sale_are_left_out():
    """Seen empty twice a day they count once; a day with a sale was a day on sale, and so is one outside the window."""
    empty = [("A", 1), ("A", 1), ("A", 2), ("A", 0), ("A", 9)]
    (row,) = demand([posting("P-1", 0.5)], [stock("A", 0)], empty).values()
    assert (row["short_days"], row["long_days"]) == (5, 27)


def test_no_day_counts_before_the_warehouse_sold():
    """A warehouse known for three days has three days on sale."""
    (row,) = demand([], [stock("A", 4)], [("A", 2), ("A", 5)], known_days=3).values()
    assert (row["short_days"], row["long_days"], row["short_qty"], row["free_qty"]) == (2, 2, 0, 4)


def test_a_sku_without_a_row_of_stock_is_not_known():
    """It is not taken for zero; one that never sold is there with its pieces."""
    rows = demand([posting("P-1", 1)], [stock("B", 4)])
    assert (rows["A"]["free_qty"], rows["A"]["long_qty"]) == (None, 1)
    assert (rows["B"]["free_qty"], rows["B"]["long_qty"], rows["B"]["long_spread"]) == (4, 0, 0)


def service(postings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    table = pa.Table.from_pylist(postings, schema=arrow_schema(OWN_POSTINGS))
    return run_bulk("watch_service", {"own_postings": table}, {"now": NOW, "days": 28}).to_pylist()


def test_late_is_what_came_after_the_promised_day():
    """On the day itself is in time; what is overdue and not delivered is late; what has no date is not judged."""
    day = timedelta(days=1)
    promised = {"promised_at": NOW - 5 * day}
    rows = [
        posting("in time", 10, **promised, delivered_on=date(2026, 11, 15)),
        posting("late", 10, **promised, delivered_on=date(2026, 11, 16)),
        posting("overdue", 10, **promised, status="delivering"),
        posting("no day", 10, **promised),
        posting("under way", 1, promised_at=NOW + day, status="delivering"),
        posting("no promise", 10, delivered_on=date(2026, 11, 12)),
        posting("cancelled", 10, **promised, status="cancelled"),
        posting("not in the window", 29, **promised, delivered_on=date(2026, 11, 19)),
    ]
    (found,) = service([*rows, {**rows[0], "line_no": 2, "sku": "B"}])
    counted = {name: found[name] for name in ("postings_qty", "cancelled_qty", "judged_qty", "late_qty")}
    assert counted == {"postings_qty": 7, "cancelled_qty": 1, "judged_qty": 3, "late_qty": 2}
    assert found["promised_days"] == 5
    assert found["actual_days"] == pytest.approx((5 + 6 + 2) / 3)


def test_leaving_late_is_counted_apart():
    """Later than it had to, or not yet although it should; each method has a row of its own."""
    limit = {"ship_by_at": NOW - timedelta(days=2)}
    rows = [
        posting("in time", 3, **limit, shipped_at=NOW - timedelta(days=2)),
        posting("late", 3, **limit, shipped_at=NOW - timedelta(days=1)),
        posting("not yet", 3, **limit, status="awaiting_packaging"),
        posting("other", 3, method="Post", provider=None),
    ]
    courier, post = service(rows)
    assert (courier["shipped_late_qty"], post["shipped_late_qty"]) == (2, 0)
    assert (post["provider"], post["promised_days"], post["actual_days"]) == (None, None, None)


def test_the_cost_before_counts_whole_orders_with_every_fee():
    """Last mile and the middle of the haulage; an order with a line whose fee is not known is left out."""
    fee = dict.fromkeys(FEES.names) | {
        "sku": "A1",
        "offer_id": "a",
        "scheme": "fbo",
        "price_minor": 9,
        "currency": "RUB",
    }
    fees = [fee | {"delivery_minor": 100, "haul_min_minor": 20, "haul_max_minor": 40}, fee | {"sku": "B2"}]
    orders = [
        order("P-1"),
        order("P-2"),
        {**order("P-2"), "line_no": 2, "sku": "B2"},
        order("P-3", "cancelled"),
    ]
    relations = {
        "orders": pa.Table.from_pylist(orders, schema=arrow_schema(ORDERS)),
        "fees": pa.Table.from_pylist(fees, schema=arrow_schema(FEES)),
        "catalogue": pa.Table.from_pylist([product("A1"), product("B2")], schema=arrow_schema(CATALOGUE)),
    }
    (row,) = run_bulk("watch_before", relations).to_pylist()
    assert row == {"orders_qty": 1, "weight_g": 1_000, "paid_minor": 260}

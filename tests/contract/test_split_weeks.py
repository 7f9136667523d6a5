"""What DuckDB finds in a snapshot's orders about rates, markdowns and prices."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.planning import NO_FULL_PRICES, full_prices_of
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.history import look_back, observe_markdowns, read_past, week_values
from include.winddown.domain.split.rates import estimate_rates, fit_prior
from tests.contract.snapshot_kit import NOON, order, product, shelf

WINDOW = look_back(200, 70)


@pytest.fixture
def ask(tmp_path):
    """Write the frames as a snapshot holds them, and ask for the weeks."""

    def found(orders, skus=("A1",), stock=None, catalogue=None, window=WINDOW, full_prices=NO_FULL_PRICES):
        shelves = [{"counted_at": NOON, **row} for row in stock or [shelf(sku) for sku in skus]]
        products = pa.Table.from_pylist(
            catalogue or [product(sku) | {"category": "mugs"} for sku in skus], arrow_schema(CATALOGUE)
        )
        frames = {
            "orders": pa.Table.from_pylist(orders, arrow_schema(ORDERS)),
            "stock": pa.Table.from_pylist(shelves, arrow_schema(STOCK)),
            "catalogue": products,
        }
        paths = {}
        for name, table in frames.items():
            paths[name] = [str(tmp_path / f"{name}.parquet")]
            pq.write_table(table, *paths[name])
        return run_bulk(
            "split_weeks", paths | {"full_prices": full_prices}, {"until": NOON, **week_values(window)}
        )

    return found


def past_of(table, window=WINDOW):
    return read_past({name: table[name].to_numpy() for name in table.column_names}, window)


def sale(posting, weeks_ago, **changes):
    """One line in the middle of a week; two pieces at 1000, today's price."""
    return order(posting, days_ago=7 * weeks_ago + 3, **changes)


def test_each_sku_with_sellable_stock_has_a_row(ask) -> None:
    """Zero sellers too; what lies only damaged, or not at all, has none."""
    stock = [shelf("A1"), shelf("B2", condition="lost"), shelf("C3", on_hand_qty=0), shelf("D4")]
    there = ask([sale("P1", 1, sku="B2")], skus=("A1", "B2", "C3", "D4"), stock=stock)
    assert there["sku"].to_pylist() == ["A1", "D4"]
    assert there["share_pct"].to_pylist() == [100, 100]
    assert there["sold_qty"].to_pylist() == [0, 0]
    assert there["lowest_minor"].to_pylist() == [1_000, 1_000]
    assert there["other_price_days"].to_pylist() == [None, None]


def test_weeks_are_sorted_by_their_mean_price(ask) -> None:
    """A mild discount stays with the rate and counts more; a deep one goes to its share."""
    lines = [
        sale("P1", 0),
        sale("P2", 1, price_minor=900),
        sale("P3", 2, price_minor=700),
        sale("P4", 3, price_minor=1_000, ordered_qty=1),
        sale("P5", 3, price_minor=400, ordered_qty=1),
        sale("P6", 4, price_minor=690, warehouse_id="WH-2"),
    ]
    past = past_of(ask(lines))
    assert past.sold.tolist() == [4]
    assert past.weeks[0] == pytest.approx(10 - 3 + 0.274, abs=0.001)
    assert past.deep_share.tolist() == [0.7]
    assert past.deep_sold.tolist() == [6]
    assert past.deep_weeks.tolist() == [3]
    assert past.categories == ("mugs",)


def test_the_squares_of_whole_weeks_are_summed(ask) -> None:
    """Two orders of one week are one week's sales; a week at a lower price is not among those of the rate."""
    lines = [
        sale("P1", 1),
        sale("P2", 1, ordered_qty=3, warehouse_id="WH-2"),
        sale("P3", 4, ordered_qty=1),
        sale("P4", 6, price_minor=500, ordered_qty=7),
    ]
    past = past_of(ask(lines))
    assert past.squares.tolist() == [5**2 + 1**2]
    assert past.swing_weeks.tolist() == [9]


def test_cancelled_lines_presents_and_other_times_do_not_count(ask) -> None:
    """Only what was sold in the window before the snapshot tells of demand."""
    lines = [
        sale("P1", 1),
        sale("P2", 1, status="cancelled", price_minor=300),
        sale("P3", 2, price_minor=0),
        sale("P4", 10),
        order("P5", days_ago=-0.5),
        sale("P6", 3, sku="Z9"),
    ]
    past = past_of(ask(lines))
    assert past.sold.tolist() == [2]
    assert past.weeks.tolist() == [10]
    assert past.deep_row.tolist() == []


def test_the_lowest_price_of_thirty_days_is_told(ask) -> None:
    """Older prices do not count, newer ones do, in however short a history."""
    lines = [
        order("P1", days_ago=29, price_minor=850),
        order("P2", days_ago=31, price_minor=500),
        order("P3", days_ago=2, price_minor=1_300),
    ]
    for window in (WINDOW, look_back(3, 70)):
        past = past_of(ask(lines, window=window), window)
        assert past.lowest_minor.tolist() == [850]
        assert past.other_price_days.tolist() == [2]


def test_a_sale_within_a_cent_of_todays_price_is_no_change(ask) -> None:
    """Rounding by the marketplace is not taken for another price."""
    past = past_of(ask([order("P1", days_ago=40, price_minor=950), order("P2", price_minor=995)]))
    assert past.other_price_days.tolist() == [40]


def test_after_a_markdown_weeks_are_held_against_the_full_price(ask) -> None:
    """Today's price is 1000, it was 2000: the weeks at 2000 tell of the rate, those at 1000 of the answer."""
    lines = [sale("P1", 0), sale("P2", 1, price_minor=2_000), sale("P3", 2, price_minor=2_000)]
    full_prices = pa.table({"sku": ["A1"], "full_minor": [2_000]})
    past = past_of(ask(lines, full_prices=full_prices))
    assert past.sold.tolist() == [4]
    assert past.deep_share.tolist() == [0.5]
    assert past.lowest_minor.tolist() == [1_000]
    assert past.other_price_days.tolist() == [10]


def test_a_full_price_holds_as_long_as_todays_is_a_step_of_its_ladder() -> None:
    """A1 stands at half its full price, B2 was priced by somebody else, C3 is up again, D4 never changed."""
    prices = {"A1": 1_000, "B2": 999, "C3": 2_000, "D4": 700}
    catalogue = pa.table({"sku": list(prices), "price_minor": list(prices.values())})
    changed = pa.table({"sku": ["A1", "B2", "C3"], "full_minor": [2_000] * 3})
    found = full_prices_of(catalogue, changed, Policy())
    assert found.to_pylist() == [{"sku": "A1", "full_minor": 2_000}]
    assert full_prices_of(catalogue, NO_FULL_PRICES, Policy()).num_rows == 0


def test_a_snapshot_from_before_the_category_is_read(ask, tmp_path) -> None:
    """Files without the column give rows without a category."""
    ask([sale("P1", 1)])
    path = str(tmp_path / "catalogue.parquet")
    table = pq.read_table(path)
    pq.write_table(table.drop_columns([name for name in ("category",) if name in table.column_names]), path)
    paths = {name: [str(tmp_path / f"{name}.parquet")] for name in ("orders", "stock", "catalogue")}
    paths["full_prices"] = NO_FULL_PRICES
    there = run_bulk("split_weeks", paths, {"until": NOON, **week_values(WINDOW)})
    assert there["category"].to_pylist() == [None]
    assert there["sold_qty"].to_pylist() == [2]


def test_time_zones_and_week_borders_are_exact(ask) -> None:
    """A week ends with the snapshot, to the second, whatever zone the time is told in."""
    until = datetime(2026, 11, 8, 12, tzinfo=UTC)
    lines = [
        order("P1", ordered_at=until - timedelta(days=7, seconds=-1), price_minor=700),
        order("P2", ordered_at=until - timedelta(days=7), price_minor=1_000),
    ]
    past = past_of(ask(lines))
    assert (past.sold.tolist(), past.deep_sold.tolist()) == ([2], [2])


def test_no_orders_at_all_leave_the_default(ask) -> None:
    """A merchant without any order gets the stated rate, and nothing is missing."""
    window = look_back(0, 70)
    past = past_of(ask([], skus=("A1", "B2"), window=window), window)
    prior = fit_prior(past.sold, past.weeks)
    assert prior.is_default
    assert (estimate_rates(past.sold, past.weeks, prior).mean > 0).all()


def test_from_orders_to_observations(ask) -> None:
    """The whole way: a SKU's markdown is held against what its rate would have sold."""
    lines = [sale(f"P{week}", week) for week in range(8)] + [sale("Q", 9, price_minor=600, ordered_qty=7)]
    past = past_of(ask(lines))
    rates = estimate_rates(past.sold, past.weeks, fit_prior(past.sold, past.weeks))
    seen = observe_markdowns(past, rates)
    assert seen.share.tolist() == [0.6]
    assert seen.sold.tolist() == [7]
    assert seen.seen_weeks.tolist() == [1]
    assert seen.expected[0] == pytest.approx(rates.mean[0])
    assert 1 < rates.mean[0] < 16 / 9

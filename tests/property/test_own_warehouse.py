"""What must always hold of the watch over the own warehouse."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.carriers import Charge, cheapest, cost_by_carrier
from include.winddown.domain.own_alerts import Reading, judge_alerts, level_over
from include.winddown.domain.own_demand import Demand, Inbound, Sold, own_stock_of
from include.winddown.domain.own_stock import CoverRules, OwnStock, judge_cover
from include.winddown.domain.tariffs import Tariff

RULES = CoverRules()
stocks = st.builds(
    OwnStock,
    sku=st.just("A"),
    free_qty=st.integers(0, 10_000),
    on_order_qty=st.integers(0, 1_000),
    sold_qty=st.integers(1, 5_000),
    days=st.integers(1, 90),
    daily_spread=st.floats(0, 100),
    lead_days=st.integers(1, 200),
)
URGENT = {"runs_out": 0, "reorder": 1, "fine": 2, "too_much": 3}


@given(stocks, st.integers(1, 500))
def test_more_stock_lasts_longer_and_is_never_more_urgent(stock, more):
    """Cover rises with the pieces, the reorder point does not move, the verdict only eases."""
    before = judge_cover(stock, RULES)
    after = judge_cover(replace(stock, free_qty=stock.free_qty + more), RULES)
    assert after.cover_days > before.cover_days
    assert after.reorder_qty == before.reorder_qty
    assert URGENT[after.verdict] >= URGENT[before.verdict]


@given(stocks, st.integers(1, 500))
def test_what_sells_faster_is_ordered_earlier(stock, more):
    """Cover falls and the reorder point never does; a longer lead time never lowers it either."""
    before = judge_cover(stock, RULES)
    faster = judge_cover(replace(stock, sold_qty=stock.sold_qty + more), RULES)
    later = judge_cover(replace(stock, lead_days=stock.lead_days + more), RULES)
    assert faster.cover_days <= before.cover_days
    assert min(faster.reorder_qty, later.reorder_qty) >= before.reorder_qty


@given(st.integers(0, 50), st.integers(0, 28), st.integers(0, 50), st.integers(0, 90))
def test_the_window_is_one_of_the_two(recent, days, longer, long_days):
    """Nothing is made up: pieces and days come from the same window."""
    demand = Demand(
        sku="A",
        offer_id="a",
        free_qty=None,
        recent=Sold(qty=recent, days=days, spread=0.5),
        long=Sold(qty=longer, days=long_days, spread=0.25),
    )
    stock = own_stock_of(demand, Inbound(on_order_qty=1, lead_days=9))
    assert (stock.sold_qty, stock.days, stock.daily_spread) in {
        (recent, days, 0.5),
        (longer, long_days, 0.25),
    }
    assert stock.free_qty is None


levels = st.none() | st.integers(0, 4)
day = st.dictionaries(st.sampled_from(["a:1", "a:2", "b:1"]), levels)


@given(st.lists(st.tuples(day, st.sets(st.sampled_from(["a", "b"])))))
def test_nobody_is_told_twice_of_the_same_state(days):
    """Between two tellings of a thing it got worse, or it was over; every worst level is told."""
    told: dict[str, int] = {}
    for now, blind in days:
        readings = [Reading(key=key, level=level, sentence=key) for key, level in now.items()]
        changes = judge_alerts(told, readings, blind)
        assert all(one.level > told.get(one.key, 0) for one in changes.tell)
        for key in changes.over:
            del told[key]
        told |= {one.key: one.level for one in changes.tell}
        assert all(told.get(key, 0) >= (level or 0) for key, level in now.items())
        assert judge_alerts(told, readings, blind).tell == ()


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 1000))
def test_a_level_never_falls_when_the_value_rises(one, other, limit):
    """And it is 0 exactly within the limit."""
    low, high = sorted((one, other))
    assert level_over(low, limit) <= level_over(high, limit)
    assert (level_over(low, limit) == 0) == (low <= limit)


TODAY = date(2026, 11, 20)
names, zones = st.sampled_from(["Swift", "Steady", "FBP"]), st.sampled_from(["near", "far"])
tariffs = st.builds(
    Tariff,
    provider=names,
    zone=zones,
    weight_to_g=st.sampled_from([1_000, 5_000]),
    order_minor=st.integers(0, 10_000),
    kg_minor=st.integers(0, 5_000),
)
charges = st.builds(
    Charge,
    provider=names,
    invoice_no=st.just("I"),
    posting_number=st.none() | st.sampled_from(["P-1", "P-2"]),
    zone=zones,
    weight_g=st.integers(1, 6_000),
    amount_minor=st.integers(0, 50_000),
    shipped_on=st.just(TODAY),
)


@given(st.lists(charges), st.lists(tariffs))
def test_every_parcel_is_some_carriers(found, contracts):
    """Nothing is lost or counted twice between the carriers; a contract prices no more than was billed."""
    costs = cost_by_carrier(found, contracts)
    assert sum(one.parcels_qty for one in costs) == len(found)
    assert sum(one.amount_minor for one in costs) == sum(one.amount_minor for one in found)
    assert all(one.priced_qty <= one.parcels_qty and one.billed_minor <= one.amount_minor for one in costs)


@given(st.lists(charges), st.lists(tariffs, max_size=6))
def test_nobody_is_cheaper_than_the_cheapest(found, contracts):
    """One row for each zone and band; no other contract of it costs less, and changing never loses."""
    rows = cheapest(found, contracts, TODAY)
    keys = [(row.zone, row.weight_to_g) for row in rows]
    assert len(set(keys)) == len(keys)
    for row in rows:
        assert row.provider != "FBP"
        assert row.saved_minor >= 0
        assert row.next_minor is None or row.next_minor >= row.price_minor
        for provider in ("Swift", "Steady"):
            fitting = [
                one
                for one in contracts
                if (one.provider, one.zone) == (provider, row.zone) and one.weight_to_g >= row.weight_to_g
            ]
            band = min((one.weight_to_g for one in fitting), default=0)
            prices = [one.price(row.weight_to_g) for one in fitting if one.weight_to_g == band]
            assert row.price_minor <= max(prices, default=row.price_minor)
            assert provider != row.provider or row.price_minor in prices

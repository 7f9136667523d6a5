"""Which of two windows tells an article's pace."""

import pytest

from include.winddown.domain.own_demand import Demand, Inbound, Sold, own_stock_of

LONG = Sold(qty=12, days=90, spread=0.4)


@pytest.mark.parametrize(
    ("recent", "expected"),
    [
        (Sold(qty=5, days=28, spread=0.5), (5, 28, 0.5)),
        (Sold(qty=1, days=7, spread=0.3), (1, 7, 0.3)),
        (Sold(qty=1, days=6, spread=0.3), (12, 90, 0.4)),
        (Sold(qty=0, days=28, spread=0.0), (12, 90, 0.4)),
    ],
)
def test_the_recent_window_counts_when_it_tells_something(recent, expected):
    """Nothing sold lately, or less than a week on sale, and the long window counts: slow is not dead."""
    demand = Demand(sku="A", offer_id="a", free_qty=3, recent=recent, long=LONG)
    stock = own_stock_of(demand, Inbound(on_order_qty=4, lead_days=20))
    assert (stock.sold_qty, stock.days, stock.daily_spread) == expected
    assert (stock.sku, stock.free_qty, stock.on_order_qty, stock.lead_days) == ("A", 3, 4, 20)

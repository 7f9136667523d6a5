"""What to drop, raise and lower."""

from dataclasses import replace

import pytest

from include.winddown.domain.assortment import Article, advise
from include.winddown.domain.watch_rules import Watch

FINE = Article(
    sku="A",
    verdict="fine",
    cover_days=30.0,
    sold_qty=50,
    returned_qty=0,
    price_minor=10_000,
    unit_cost_minor=4_000,
    carried_minor=1_500,
    fee_bp=2_000,
)


@pytest.mark.parametrize(
    ("changes", "what", "price", "words"),
    [
        ({}, "keep", None, "nothing speaks for a change"),
        ({"verdict": "dead"}, "drop", None, "nothing was sold in 90 days on sale"),
        ({"returned_qty": 8}, "drop", None, "16 per cent of 50 pieces came back, more than 15"),
        ({"returned_qty": 7}, "keep", None, "nothing"),
        ({"returned_qty": 8, "sold_qty": 9}, "keep", None, "nothing"),
        ({"returned_qty": None}, "keep", None, "nothing"),
        ({"verdict": "too_much", "cover_days": 200.0}, "lower", 9_500, "lasts 200 days, more than 120"),
        ({"verdict": "too_much", "carried_minor": None}, "keep", None, "nothing"),
        ({"verdict": "too_much", "unit_cost_minor": 6_100}, "keep", None, "nothing"),
        ({"verdict": "too_much", "unit_cost_minor": 6_600}, "drop", None, "a sale loses 1.00"),
        ({"unit_cost_minor": 6_501}, "raise", 10_500, "a sale loses 0.01 after fee, delivery and cost"),
        ({"verdict": "runs_out"}, "raise", 10_500, "runs out before a new order comes"),
        ({"verdict": "runs_out", "sold_qty": 9}, "keep", None, "nothing"),
        ({"verdict": "runs_out", "price_minor": None}, "keep", None, "nothing"),
    ],
)
def test_each_suggestion_has_its_reason(changes, what, price, words):
    """At the thresholds; what is not known suggests nothing."""
    advice = advise(replace(FINE, **changes), Watch())
    assert (advice.what, advice.price_minor) == (what, price)
    assert words in advice.why

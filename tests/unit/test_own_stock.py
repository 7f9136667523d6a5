"""How the own warehouse stands against demand."""

from dataclasses import replace

import pytest

from include.winddown.domain.own_stock import VERDICTS, CoverRules, OwnStock, judge_all, judge_cover

RULES = CoverRules(service_factor=2.0, cover_days_max=100, dead_after_days=90)
PACE_2 = OwnStock(sku="A", free_qty=60, on_order_qty=0, sold_qty=60, days=30, daily_spread=1.5, lead_days=9)


def test_cover_and_reorder_point_follow_from_the_pace():
    """60 pieces at 2 a day last 30 days; 18 for the lead time and 2 x 1.5 x 3 in reserve."""
    cover = judge_cover(PACE_2, RULES)
    assert (cover.cover_days, cover.reorder_qty, cover.verdict) == (30, 27, "fine")


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({"free_qty": 0}, "runs_out", "0 pieces last 0 days, and a new order takes 9"),
        ({"free_qty": 17}, "runs_out", "17 pieces last 8 days"),
        ({"free_qty": 17, "on_order_qty": 10}, "runs_out", "17 pieces"),
        ({"free_qty": 17, "on_order_qty": 11}, "fine", "reorder point is 27"),
        ({"free_qty": 27}, "reorder", "at or below the reorder point of 27"),
        ({"free_qty": 28}, "fine", "28 pieces last 14 days"),
        ({"free_qty": 200}, "fine", "last 100 days"),
        ({"free_qty": 201}, "too_much", "more than 100"),
        ({"sold_qty": 0, "days": 89}, "fine", "nothing sold in 89 days"),
        ({"sold_qty": 0, "days": 90}, "dead", "60 pieces lie there"),
        ({"sold_qty": 0, "days": 90, "free_qty": 0}, "fine", "0 pieces lie there"),
        ({"free_qty": None}, "unknown", "not known"),
        ({"sold_qty": None}, "unknown", "not known"),
        ({"days": 0}, "unknown", "not known"),
    ],
)
def test_each_verdict_says_why(changes, verdict, words):
    """At the thresholds themselves; what is not known is never taken for zero."""
    cover = judge_cover(replace(PACE_2, **changes), RULES)
    assert cover.verdict == verdict
    assert words in cover.why


def test_the_most_urgent_comes_first():
    """By verdict, then by days of cover, then by SKU."""
    stocks = [
        replace(PACE_2, sku="fine"),
        replace(PACE_2, sku="dead", sold_qty=0, days=365),
        replace(PACE_2, sku="much", free_qty=900),
        replace(PACE_2, sku="later", free_qty=10),
        replace(PACE_2, sku="now", free_qty=1),
        replace(PACE_2, sku="order", free_qty=25),
        replace(PACE_2, sku="blind", free_qty=None),
    ]
    found = judge_all(stocks, RULES)
    assert [one.sku for one in found] == ["now", "later", "order", "blind", "fine", "much", "dead"]
    assert {one.verdict for one in found} == set(VERDICTS)

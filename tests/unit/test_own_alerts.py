"""What is told of the own warehouse: once, again when worse, anew after it was over."""

import pytest

from include.winddown.domain.carriers import CarrierCost
from include.winddown.domain.own_alerts import Reading, judge_alerts, level_over
from include.winddown.domain.own_stock import Cover
from include.winddown.domain.service import Service
from include.winddown.domain.watch_readings import (
    blind_kinds,
    read_chats,
    read_costs,
    read_cover,
    read_problems,
    read_service,
)
from include.winddown.domain.watch_rules import Watch
from include.winddown.domain.watch_words import SHOWN, word_notice, word_summary


def reading(key: str = "runs_out:A", level: int | None = 1) -> Reading:
    return Reading(key=key, level=level, sentence=f"{key} is bad")


@pytest.mark.parametrize(
    ("told", "now", "blind", "expected"),
    [
        ({}, [reading()], (), (["runs_out:A"], [])),
        ({"runs_out:A": 1}, [reading()], (), ([], [])),
        ({"runs_out:A": 1}, [reading(level=2)], (), (["runs_out:A"], [])),
        ({"runs_out:A": 2}, [reading(level=1)], (), ([], [])),
        ({"runs_out:A": 2}, [reading(level=0)], (), ([], ["runs_out:A"])),
        ({"runs_out:A": 2}, [], (), ([], ["runs_out:A"])),
        ({"runs_out:A": 2}, [], ("runs_out",), ([], [])),
        ({"runs_out:A": 2}, [reading(level=0)], ("runs_out",), ([], ["runs_out:A"])),
        ({"runs_out:A": 2}, [reading(level=None)], (), ([], [])),
        ({}, [reading("b:1"), reading("a:1"), reading("c:1", 3)], (), (["c:1", "a:1", "b:1"], [])),
    ],
)
def test_what_is_told_and_what_is_over(told, now, blind, expected):
    """The worst level told counts until it is over; what is not known tells and ends nothing."""
    changes = judge_alerts(told, now, blind)
    assert ([one.key for one in changes.tell], list(changes.over)) == expected


@pytest.mark.parametrize(
    ("value", "limit", "level"),
    [
        (None, 10, None),
        (10, 10, 0),
        (10.1, 10, 1),
        (19.9, 10, 1),
        (20, 10, 2),
        (40, 10, 3),
        (0, 0, 0),
        (1, 0, 1),
        (0.2, 0, 1),
        (4, 0, 3),
        (1e9, 1, 9),
    ],
)
def test_a_level_rises_each_time_the_value_doubles(value, limit, level):
    """At the limit itself nothing is said."""
    assert level_over(value, limit) == level


def cover(sku: str, verdict: str) -> Cover:
    return Cover(sku=sku, cover_days=3, reorder_qty=9, verdict=verdict, why="because")


def test_cover_is_read_by_how_bad_it_is():
    """An empty shelf is worse than one that runs out; of what is not known nothing is concluded."""
    covers = [cover("A", "runs_out"), cover("B", "runs_out"), cover("C", "reorder"), cover("D", "too_much")]
    covers += [cover("E", "dead"), cover("F", "fine"), cover("G", "unknown")]
    found = read_cover(covers, {"A": 0, "B": 4, "G": None})
    assert {one.key: one.level for one in found} == {
        "runs_out:A": 3,
        "runs_out:B": 2,
        "runs_out:C": 1,
        "too_much:D": 1,
        "dead:E": 1,
        "runs_out:G": None,
        "too_much:G": None,
        "dead:G": None,
    }


SERVICE = Service(
    warehouse_id="W",
    method="Courier",
    provider="Swift",
    postings_qty=50,
    cancelled_qty=1,
    judged_qty=40,
    late_qty=8,
    shipped_late_qty=0,
    promised_days=6.0,
    actual_days=5.0,
)


def test_shares_are_read_against_the_policy():
    """20 per cent late is twice what is borne; a share of too few postings says nothing."""
    late, cancelled = read_service([SERVICE], Watch())
    assert (late.key, late.level, cancelled.level) == ("late:W/Courier/Swift", 2, 0)
    assert "Courier from W by Swift: 20 per cent of 40 postings" in late.sentence
    assert [one.level for one in read_service([SERVICE], Watch(judged_min_qty=51))] == [None, None]


def test_carriers_are_read_against_their_contract():
    """Beyond the contract, and twice for a parcel; the partner of before is not our carrier."""
    cost = CarrierCost(
        provider="Swift",
        parcels_qty=10,
        weight_g=5_000,
        amount_minor=1_200,
        priced_qty=10,
        billed_minor=1_200,
        contract_minor=1_000,
        twice_qty=1,
    )
    over, twice = read_costs([cost], Watch())
    assert (over.level, twice.level) == (3, 1)
    assert "charged 20.0 per cent beyond its contract for 10 parcels" in over.sentence
    assert (cost.order_minor, cost.kg_minor) == (120, 240)


def test_chats_and_files_are_read_too():
    """A file that cannot be used blinds what it is needed for."""
    assert [read_chats(qty, Watch()).level for qty in (None, 0, 1, 2)] == [None, 0, 1, 2]
    problems = {"invoices-1.csv": "F_SCHEMA: no column zone"}
    assert [one.sentence for one in read_problems(problems)] == [
        "invoices-1.csv is not used: F_SCHEMA: no column zone"
    ]
    assert blind_kinds(problems) == {"over_contract", "twice"}
    assert blind_kinds(["own_stock"]) == {"runs_out", "too_much", "dead"}


def test_one_notice_sums_the_day_up():
    """Kinds are counted, the rest is in the report."""
    many = [reading(f"runs_out:{number}") for number in range(SHOWN + 2)] + [reading("chats:")]
    subject, text = word_notice("demo-1", many, "store/own-stock.html")
    assert subject == "[demo-1] own warehouse: 22 runs out or has to be ordered, 1 unread chats"
    assert "and 3 more in the report" in text
    assert text.endswith("Report: store/own-stock.html")
    summary = word_summary("demo-1", {"fine": 3, "runs_out": 1}, None, 2, "r.html")
    assert summary == (
        "demo-1: SKUs 1 run out, 3 fine; late deliveries not known; new or worse: 2; the report is r.html"
    )

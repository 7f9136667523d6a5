"""Prices on their way: what the price that stands tells, what forbids one, and in which groups they go."""

import pandas as pd
import pytest

from include.winddown.domain.errors import OutcomeUnknown, PersonNeeded, PricesRefused, PriceUnsafe
from include.winddown.domain.price_groups import check_floors, plan_changes, restore_changes
from include.winddown.domain.price_stands import count_groups, judge_read_back
from include.winddown.domain.prices import (
    BUCKETS,
    CurrentPrice,
    Cut,
    PriceChange,
    Sight,
    against_rules,
    bucket_of,
    compare_back,
    conflict_key,
    may_be_shown,
    problem_of,
    see,
)
from include.winddown.domain.stands import Stand

NOTHING = pd.DataFrame({"sku": [], "version": [], "digest": [], "is_open": []}).astype(
    {"sku": "object", "version": "int64", "digest": "object", "is_open": "bool"}
)


def change(price=8_000, old=10_100, bases=(10_000,), currency="RUB"):
    return PriceChange(
        sku="S",
        version=1,
        offer_id="A",
        price_minor=price,
        old_price_minor=old,
        currency=currency,
        bases=frozenset(bases),
    )


def current(price, least=None, currency="RUB"):
    return CurrentPrice(offer_id="A", price_minor=price, currency=currency, min_price_minor=least)


def decided(*rows):
    columns = ("sku", "price_minor", "new_price_minor", "was_price_minor")
    table = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows])
    return table.assign(
        offer_id="A-" + table["sku"], currency="RUB", was_price_minor=table["was_price_minor"].astype("Int64")
    )


@pytest.mark.parametrize(
    ("there", "sight"),
    [(8_000, Sight.DONE), (10_000, Sight.BASE), (9_500, Sight.BASE), (9_000, Sight.OTHER)],
)
def test_the_price_that_stands_tells(there, sight):
    """The target is done, a base may be sent, anything else was somebody else's change."""
    assert see(change(bases=(10_000, 9_500)), current(there)) is sight


def test_a_product_that_is_not_listed_is_missing():
    """What the marketplace does not list is refused before the call."""
    assert see(change(), None) is Sight.MISSING
    assert problem_of(change(), None)[0] == "refused"


def test_a_target_that_stands_already_is_done():
    """A change that keeps the price needs no sending, and breaks no rule."""
    assert problem_of(change(price=10_000, old=0), current(10_000, least=12_000)) is None


def test_a_foreign_price_is_a_conflict():
    """The sentence says what stands, what stood, and what was wanted."""
    kind, words = problem_of(change(), current(7_777))
    assert kind == "conflict"
    assert all(number in words for number in ("7777", "10000", "8000"))


@pytest.mark.parametrize(
    ("one", "there", "code"),
    [
        (change(price=0, old=0), current(10_000), "R_PRICE"),
        (change(), current(10_000, currency="USD"), "F_CUR"),
        (change(), current(10_000, least=8_001), "P_FLOOR"),
        (change(price=9_900), current(10_000), "R_PRICE"),
    ],
)
def test_what_the_marketplace_would_refuse_is_named_before_the_call(one, there, code):
    """Lines 73, 77, 78 and 79 of the list of bad input: price, floor, former price, currency."""
    assert code in against_rules(one, there)


@pytest.mark.parametrize(
    ("there", "complete", "is_young", "told"),
    [
        ([current(8_000)], True, False, (1, (), None)),
        ([current(10_000)], True, True, (0, ("S",), None)),
        ([current(10_000)], True, False, (0, (), "conflict")),
        ([current(7_777)], True, True, (0, (), "conflict")),
        ([], True, True, (0, (), "refused")),
        ([], False, False, (0, ("S",), None)),
    ],
)
def test_prices_are_read_back(there, complete, is_young, told):
    """As approved, not shown yet, set back or changed by somebody else, gone, or not read."""
    prices = {one.offer_id: one for one in there}
    found = compare_back([change()], prices, complete=complete, may_be_late=is_young)
    kind = found.problems["S"][0] if found.problems else None
    assert (found.stand, found.late, kind) == told


def test_a_price_within_the_rules_may_be_sent():
    """Nothing speaks against a plain markdown."""
    assert against_rules(change(), current(10_000, least=8_000)) is None


@pytest.mark.parametrize(
    ("price", "old", "shown"),
    [
        (400_00, 420_00, False),
        (400_00, 420_01, True),
        (1_000_00, 1_052_00, False),
        (1_000_00, 1_053_00, True),
        (20_000_00, 20_500_00, False),
        (20_000_00, 20_500_01, True),
        (100_00, 1_000_00, False),
        (100_01, 1_000_00, True),
        (100_00, 90_00, False),
    ],
)
def test_which_former_price_is_shown(price, old, shown):
    """The marketplace's gaps: 20 up to 400, 5 % up to 10,000, 500 above, and less than 90 % off."""
    assert may_be_shown(price, old) is shown


def test_only_what_changes_is_sent():
    """A listing whose price stays makes no change; the former price is shown where it may be."""
    rows = decided(
        ("1", 100_000, 100_000, 100_000), ("2", 100_000, 70_000, 100_000), ("3", 10_000, 9_500, 10_000)
    )
    found = plan_changes(rows, NOTHING, "d", Cut())
    shown = found.set_index("sku")[["price_minor", "old_price_minor", "from_minor", "version"]]
    assert shown.to_dict("index") == {
        "2": {"price_minor": 70_000, "old_price_minor": 100_000, "from_minor": 100_000, "version": 1},
        "3": {"price_minor": 9_500, "old_price_minor": 0, "from_minor": 10_000, "version": 1},
    }


def test_a_change_of_an_older_plan_that_is_on_its_way_is_overtaken():
    """A price that the new plan keeps takes the older change's place; one that is settled does not need to."""
    rows = decided(("1", 100, 100, None), ("2", 100, 100, None), ("3", 100, 100, None))
    latest = pd.DataFrame(
        {
            "sku": ["1", "2", "3"],
            "version": [4, 2, 1],
            "digest": ["old", "old", "d"],
            "is_open": [True, False, True],
        }
    )
    found = plan_changes(rows, latest, "d", Cut())
    assert found[["sku", "version", "price_minor"]].to_dict("records") == [
        {"sku": "1", "version": 5, "price_minor": 100}
    ]


def restorable(**other):
    return pd.DataFrame(
        {
            "sku": ["1"],
            "version": [3],
            "offer_id": ["A-1"],
            "price_minor": [70],
            "first_minor": [100],
            "currency": ["RUB"],
            "is_open": [False],
            "problem": [None],
            "may_rise": [True],
        }
        | {name: [value] for name, value in other.items()}
    )


def test_the_first_price_comes_back():
    """What is sold out gets the price from before our first change, from the one we set last."""
    (row,) = restore_changes(restorable(), {"1"}, Cut()).to_dict("records")
    assert (row["version"], row["price_minor"], row["from_minor"], row["reason"]) == (4, 100, 70, "restore")
    assert row["old_price_minor"] == 0
    assert len(restore_changes(restorable(), None, Cut())) == 1


@pytest.mark.parametrize(
    "other", [{"is_open": True}, {"problem": "conflict"}, {"may_rise": False}, {"price_minor": 100}]
)
def test_what_is_not_ours_or_may_not_rise_is_left(other):
    """Nothing is restored while a change is open or disputed, the country forbids it, or it stands already."""
    assert restore_changes(restorable(**other), None, Cut()).empty
    assert restore_changes(restorable(), {"2"}, Cut()).empty


def test_a_price_below_the_floor_stops_the_plan():
    """Checked once more before anything is sent; a price that is raised is no markdown."""
    rows = plan_changes(decided(("1", 100, 60, None)), NOTHING, "d", Cut())
    check_floors(rows, {"1": 100}, 60)
    check_floors(rows, {}, 60)
    with pytest.raises(PriceUnsafe, match="1 at 60"):
        check_floors(rows, {"1": 100}, 61)


def test_buckets_never_change():
    """Conflict keys of effects under way are made of them."""
    assert [bucket_of(sku, BUCKETS) for sku in ("1600000000", "SKU-1", "кружка")] == [2, 4, 6]
    assert conflict_key("shop", 3) == "shop|price|03"


@pytest.mark.parametrize(
    ("stand", "error"),
    [(Stand.ESCALATED, PersonNeeded), (Stand.REFUSED, PricesRefused), (Stand.WAITING, OutcomeUnknown)],
)
def test_what_follows_from_a_group(stand, error):
    """A person, a mended key, or the next try."""
    with pytest.raises(error, match="00-0000"):
        count_groups({"00-0000": (stand, "why"), "00-0001": (Stand.DONE, "")})


def test_groups_are_counted():
    """Those that are settled, and those that are with a person."""
    came = {"a": (Stand.DONE, ""), "b": (Stand.WITH_PERSON, ""), "c": (Stand.DONE, "")}
    assert count_groups(came) == {"groups": 2, "with_person": 1}


@pytest.mark.parametrize(
    ("late", "problems", "error"),
    [
        (["9"], {"1": ("conflict", "why"), "2": ("refused", "why")}, PersonNeeded),
        (["9"], {"2": ("refused", "why")}, PricesRefused),
        (["9"], {}, OutcomeUnknown),
    ],
)
def test_what_does_not_stand_is_told(late, problems, error):
    """First what a person has to find out, then what was refused, then what is read again."""
    with pytest.raises(error):
        judge_read_back(late, problems)
    judge_read_back([], {})

"""Versions of a price: a newer one goes before, first ones come back, and no product is changed too often."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.questions import ask_rows, ask_state
from include.winddown.domain.price_groups import restore_changes
from include.winddown.domain.prices import CHANGES_MOST
from include.winddown.domain.stands import Stand
from include.winddown.steps.mark_down import bring_groups, write_changes
from include.winddown.steps.split import CHANGED
from tests.contract.price_kit import CUT, Shop, lowered
from tests.contract.sandbox_server import Sandbox, running

SKIPPED = """
insert into price_change
select exit_id, sku, 9, effect_key, offer_id, price_minor, old_price_minor, from_minor, currency, reason
from price_change where version = 2
"""


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "40") as started:
        yield started


@pytest.fixture
def shop(engine: Engine, world: Sandbox, plan_of: Callable[..., dict[str, Any]]) -> Shop:
    """A shop whose products may all be changed again: a day has passed."""
    world.calm().advance(1)
    return Shop(engine, world, plan_of)


@pytest.fixture
def limited(engine: Engine, plan_of: Callable[..., dict[str, Any]]) -> Iterator[Shop]:
    """A shop at a marketplace that counts the changes of a product."""
    with running("--limits", "--seed", "6", "--size", "6") as started:
        yield Shop(engine, started, plan_of)


def stands(came: dict[str, tuple[Stand, str]]) -> set[Stand]:
    return {stand for stand, _ in came.values()}


def test_an_old_retry_never_overwrites_a_newer_price(shop: Shop):
    """What a newer plan has overtaken is marked and not sent, whatever is tried first."""
    prices = shop.prices()
    older = shop.approved(lowered(prices, 0.9, most=6))
    shop.intend(older)
    late = shop.ledger.unsettled(older.exit_id)
    newer = shop.approved(lowered(prices, 0.7, most=6), "plan-2", "e")
    assert shop.intend(newer) == 6
    shop.bring(newer)
    expected = {offer: new for offer, (_, new) in lowered(prices, 0.7, most=6).items()}
    assert {offer: shop.prices()[offer] for offer in expected} == expected
    with shop.desk() as desk:
        bring_groups(shop.ledger, desk, late)
    assert {offer: shop.prices()[offer] for offer in expected} == expected
    assert set(shop.problems().values()) == {"superseded"}


def test_a_price_that_a_newer_plan_keeps_is_not_sent_by_the_older_one(shop: Shop):
    """A newer plan that leaves a price as it is takes the place of an older change that is still on its way."""
    prices = shop.prices()
    shop.intend(shop.approved(lowered(prices, 0.9, most=3)))
    kept = {offer: (minor, minor) for offer, (minor, _) in lowered(prices, most=3).items()}
    newer = shop.approved(kept, "plan-2", "e")
    assert shop.intend(newer) == 3
    shop.bring(newer)
    assert all(shop.prices()[offer] == minor for offer, (minor, _) in kept.items())
    assert shop.rows("select distinct version, problem from price_change order by 1") == [
        (1, "superseded"),
        (2, None),
    ]


def test_our_own_earlier_change_is_no_conflict(shop: Shop):
    """A plan made before our last change took effect goes on from what that change set; the next split knows the first price."""
    prices = shop.prices()
    first = shop.approved(lowered(prices, 0.9, most=3))
    shop.intend(first)
    shop.bring(first)
    second = shop.approved(lowered(prices, 0.8, most=3), "plan-2", "e")
    shop.intend(second)
    shop.bring(second)
    assert shop.problems() == {}
    assert all(shop.prices()[offer] == new for offer, (_, new) in lowered(prices, 0.8, most=3).items())
    full = ask_state(shop.engine, "split_full_prices", CHANGED, exit_id=second.exit_id).to_pylist()
    assert {row["sku"]: row["full_minor"] for row in full} == {
        f"S-{offer}": minor for offer, (minor, _) in lowered(prices, most=3).items()
    }


def test_a_product_that_was_changed_too_often_waits(limited: Shop):
    """The marketplace refuses the eleventh change of an hour: the item waits and is set later, it does not fail."""
    offer, minor = min(limited.prices().items())
    for number in range(10):
        limited.set_by_hand(offer, minor + number + 1)
    plan = limited.approved({offer: (minor + 10, minor // 2)})
    limited.intend(plan)
    assert stands(limited.bring(plan)) == {Stand.WAITING}
    assert (limited.states(), limited.problems()) == ({"ready"}, {})
    limited.sandbox.advance(1)
    assert stands(limited.bring(plan)) == {Stand.DONE}
    assert limited.prices()[offer] == minor // 2


def test_the_ledger_counts_the_changes_of_an_hour(limited: Shop):
    """After eight sendings of a product's price within an hour nothing more is sent of it."""
    offer, minor = min(limited.prices().items())
    price = minor
    for number in range(CHANGES_MOST):
        plan = limited.approved({offer: (price, price - 100)}, f"plan-{number}", "0123456789"[number])
        limited.intend(plan)
        assert stands(limited.bring(plan)) == {Stand.DONE}
        price -= 100
    plan = limited.approved({offer: (price, price - 100)}, "plan-9", "9")
    limited.intend(plan)
    for _ in range(2):
        assert stands(limited.bring(plan)) == {Stand.WAITING}
    assert limited.prices()[offer] == price
    tries = "select outcome from effect_attempt join effect using (effect_key) where plan_id = 'plan-9'"
    assert limited.rows(tries) == [("not_sent",)] * 2  # looking at it is no change of a price


def test_the_database_guards_versions(shop: Shop):
    """A version is never skipped, never changed, and an overtaken one is never sent."""
    prices = shop.prices()
    older = shop.approved(lowered(prices, 0.9, most=1))
    shop.intend(older)
    shop.intend(shop.approved(lowered(prices, 0.7, most=1), "plan-2", "e"))
    refused = [
        SKIPPED,
        "update price_change set price_minor = 1 where version = 1",
        "update price_change set version = 7 where version = 1",
        "delete from price_change",
        "update effect set state = 'sending', fence = 1, lease_until = now() where plan_id = 'plan-1'",
    ]
    for sql in refused:
        with pytest.raises(IntegrityError) as caught, shop.engine.begin() as connection:
            connection.execute(text(sql))
        assert isinstance(caught.value.orig, psycopg.errors.IntegrityError)


def test_the_first_price_is_never_lost(shop: Shop):
    """Whatever follows, the first version says what stood before our first change."""
    prices = shop.prices()
    for number, share in enumerate((0.9, 0.8, 0.7)):
        plan = shop.approved(lowered(prices, share, most=2), f"plan-{number}", "abc"[number])
        shop.intend(plan)
        shop.bring(plan)
    firsts = dict(shop.rows("select offer_id, from_minor from price_change where version = 1"))
    assert firsts == {offer: prices[offer] for offer in firsts}
    latest = shop.ledger.latest("demo-1", 0).to_pandas()
    assert dict(zip(latest["offer_id"], latest["first_minor"], strict=True)) == firsts


def test_first_prices_come_back_through_the_ledger(shop: Shop):
    """A restoration is a newer version under the same approval; it is written and sent once."""
    prices = shop.prices()
    plan = shop.approved(lowered(prices, most=4))
    shop.intend(plan)
    shop.bring(plan)
    for written in (3, 0):
        latest = shop.ledger.latest(plan.exit_id, 0).to_pandas()
        gone = {f"S-{offer}" for offer in list(lowered(prices, most=4))[:3]}
        back = restore_changes(latest, gone, CUT)
        with shop.desk() as desk:
            account = desk.manner.account
        assert write_changes(shop.ledger, plan, plan.plan_id, account, back) == written
        shop.bring(plan)
    kept = list(lowered(prices, most=4))[3]
    now = shop.prices()
    assert {offer: now[offer] == prices[offer] for offer in lowered(prices, most=4)} == {
        offer: offer != kept for offer in lowered(prices, most=4)
    }
    assert shop.rows("select reason, count(*) from price_change group by 1 order by 1") == [
        ("markdown", 4),
        ("restore", 3),
    ]
    assert ask_rows(shop.engine, "report_prices", exit_id=plan.exit_id) == [
        {"changed": 7, "restored": 3, "refused": 0, "conflicts": 0, "waiting": 0}
    ]


def test_a_price_that_may_not_rise_yet_is_known(shop: Shop):
    """The days in which a lowered price must stay down count from our last change."""
    plan = shop.approved(lowered(shop.prices(), most=1))
    shop.intend(plan)
    shop.bring(plan)
    assert [shop.ledger.latest(plan.exit_id, days)["may_rise"].to_pylist() for days in (0, 1)] == [
        [True],
        [False],
    ]


def test_two_runs_that_write_at_once_make_one_set_of_changes(shop: Shop):
    """Of two runs of one plan the second finds the first one's changes."""
    plan = shop.approved(lowered(shop.prices(), most=8))
    with contextlib.suppress(Exception):
        shop.intend(plan)
    shop.intend(plan)
    assert shop.rows("select count(*), max(version) from price_change") == [(8, 1)]

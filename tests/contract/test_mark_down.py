"""Prices take effect exactly once: real ledger, real marketplace door, and everything that goes wrong between."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from include.winddown.domain.lookup import ABSENT_READS, SENDS_MAX
from include.winddown.domain.stands import Stand
from include.winddown.steps.mark_down import read_back
from tests.contract.price_kit import Shop, lowered
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "40") as started:
        yield started


@pytest.fixture
def shop(engine: Engine, world: Sandbox, plan_of: Callable[..., dict[str, Any]]) -> Shop:
    """A shop whose products may all be changed again: a day has passed."""
    world.calm().advance(1)
    return Shop(engine, world, plan_of)


def stands(came: dict[str, tuple[Stand, str]]) -> set[Stand]:
    return {stand for stand, _ in came.values()}


def changes_sent(shop: Shop) -> int:
    return shop.rows("select count(*) from effect_attempt where outcome = 'ok'")[0][0]


def test_a_plan_is_in_effect_once(shop: Shop):
    """The prices stand as approved; bringing it again, or intending it again, sends nothing."""
    wanted = lowered(shop.prices())
    plan = shop.approved(wanted)
    assert shop.intend(plan) == len(wanted)
    assert shop.intend(plan) == 0
    assert stands(shop.bring(plan)) == {Stand.DONE}
    assert {offer: shop.prices()[offer] for offer in wanted} == {o: new for o, (_, new) in wanted.items()}
    assert (shop.states(), shop.problems()) == ({"confirmed"}, {})
    sent = changes_sent(shop)
    assert shop.bring(plan) == {}
    assert changes_sent(shop) == sent
    with shop.desk() as desk:
        assert read_back(shop.ledger, desk, plan.exit_id, plan.digest) == (len(wanted), [])


@pytest.mark.parametrize("fault", ["drop_reply_after_acting", "error_502_after", "garbled_200", "hang"])
def test_a_lost_reply_is_looked_up_by_reading(shop: Shop, fault: str):
    """The marketplace acted and we did not hear it: the next try reads the prices and sends nothing."""
    wanted = lowered(shop.prices())
    plan = shop.approved(wanted)
    shop.intend(plan)
    shop.sandbox.faults(prices={fault: 2})
    assert stands(shop.bring(plan)) == {Stand.WAITING}
    assert "unknown" in shop.states()
    shop.sandbox.calm()
    for _ in range(2):
        came = shop.bring(plan)
    assert (stands(came), shop.states(), shop.problems()) in [
        ({Stand.DONE}, {"confirmed"}, {}),
        (set(), {"confirmed"}, {}),
    ]
    assert changes_sent(shop) == 0
    assert all(shop.prices()[offer] == new for offer, (_, new) in wanted.items())


@pytest.mark.parametrize("fault", ["error_503_before", "drop_before_acting", "redirect_307"])
def test_what_did_not_happen_is_sent_again_only_after_the_horizon(shop: Shop, fault: str):
    """Unknown stays unknown until two complete reads after the horizon show the former prices."""
    wanted = lowered(shop.prices(), most=4)
    plan = shop.approved(wanted)
    shop.intend(plan)
    shop.sandbox.faults(prices={fault: 2})
    assert stands(shop.bring(plan)) == {Stand.WAITING}
    shop.sandbox.calm()
    assert stands(shop.bring(plan)) == {Stand.WAITING}
    assert all(shop.prices()[offer] == today for offer, (today, _) in wanted.items())
    assert stands(shop.bring(plan, horizon_s=0)) == {Stand.DONE}
    assert all(shop.prices()[offer] == new for offer, (_, new) in wanted.items())


def test_half_a_read_never_proves_that_a_price_was_not_set(shop: Shop):
    """While the prices cannot be read an unknown group stays unknown, horizon or not."""
    wanted = lowered(shop.prices(), most=4)
    plan = shop.approved(wanted)
    shop.intend(plan)
    shop.sandbox.faults(prices={"error_502_after": 2})
    shop.bring(plan)
    shop.sandbox.faults(ozon={"down": True})
    assert stands(shop.bring(plan, horizon_s=0)) == {Stand.WAITING}
    assert shop.states() == {"unknown"}
    shop.sandbox.calm()
    assert stands(shop.bring(plan)) == {Stand.DONE}


def test_nothing_is_sent_again_before_the_horizon(shop: Shop):
    """A group of unknown outcome whose prices do not show stays unknown until two reads after the horizon."""
    wanted = lowered(shop.prices(), most=4)
    plan = shop.approved(wanted)
    shop.intend(plan)
    for one in shop.ledger.unsettled(plan.exit_id):
        assert shop.ledger.claim(one.effect_key, lease_seconds=0.0) is not None
    assert stands(shop.bring(plan)) == {Stand.WAITING}
    assert shop.states() == {"unknown"}
    assert all(shop.prices()[offer] == today for offer, (today, _) in wanted.items())
    assert stands(shop.bring(plan, horizon_s=0)) == {Stand.DONE}
    assert all(shop.prices()[offer] == new for offer, (_, new) in wanted.items())


@pytest.mark.parametrize("kinds", [{"throttle_429": 1}, {"error_500": 4}, {"drop": 4}])
def test_a_marketplace_that_is_down_for_a_moment_loses_nothing(shop: Shop, kinds: dict[str, int]):
    """Nothing was sent, or the reading failed: the next try goes on."""
    wanted = lowered(shop.prices(), most=6)
    plan = shop.approved(wanted)
    shop.intend(plan)
    shop.sandbox.faults(ozon=kinds)
    shop.bring(plan)
    shop.sandbox.calm()
    for _ in range(2):
        shop.bring(plan, horizon_s=0)
    assert shop.states() == {"confirmed"}
    assert all(shop.prices()[offer] == new for offer, (_, new) in wanted.items())


def test_a_price_that_somebody_else_changed_is_left_alone(shop: Shop):
    """It is told and never overwritten; the others of its group go on, and a person finds a note."""
    wanted = lowered(shop.prices(), most=10)
    plan = shop.approved(wanted)
    shop.intend(plan)
    other = min(wanted)
    shop.set_by_hand(other, wanted[other][0] + 7_700)
    assert stands(shop.bring(plan)) == {Stand.DONE}
    assert shop.problems() == {f"S-{other}": "conflict"}
    assert shop.prices()[other] == wanted[other][0] + 7_700
    assert all(shop.prices()[offer] == new for offer, (_, new) in wanted.items() if offer != other)
    assert shop.rows("select kind, facts ->> 'numbers' from effect_note") == [("escalated", f'["S-{other}"]')]


def test_a_price_changed_after_ours_shows_when_it_is_read_back(shop: Shop):
    """Verification tells the price that no longer is ours, and leaves it."""
    wanted = lowered(shop.prices(), most=5)
    plan = shop.approved(wanted)
    shop.intend(plan)
    shop.bring(plan)
    other = min(wanted)
    shop.set_by_hand(other, wanted[other][0] + 9_900)
    with shop.desk() as desk:
        assert read_back(shop.ledger, desk, plan.exit_id, plan.digest) == (4, [])
    assert set(shop.ledger.problems(plan.exit_id, plan.digest)) == {f"S-{other}"}
    assert shop.prices()[other] == wanted[other][0] + 9_900


def test_an_item_that_is_refused_is_told_and_the_others_stand(shop: Shop):
    """The marketplace's own words stand beside the change; a product it does not list is named."""
    wanted = lowered(shop.prices(), most=4) | {"NO-SUCH": (1_000, 900)}
    plan = shop.approved(wanted)
    shop.intend(plan)
    shop.bring(plan)
    assert shop.problems() == {"S-NO-SUCH": "refused"}
    assert shop.rows("select problem_text from price_change where problem is not null") == [
        ("the marketplace does not list offer NO-SUCH; look at its card",)
    ]
    assert all(shop.prices()[offer] == new for offer, (_, new) in wanted.items() if offer != "NO-SUCH")


def test_a_key_that_may_not_write_stops_and_sends_nothing(shop: Shop):
    """The key that reads is refused; nothing is lost, and the right key goes on."""
    wanted = lowered(shop.prices(), most=3)
    plan = shop.approved(wanted)
    shop.intend(plan)
    assert stands(shop.bring(plan, key="api_key")) == {Stand.REFUSED}
    assert shop.states() == {"ready"}
    assert stands(shop.bring(plan)) == {Stand.DONE}


def test_what_may_have_been_sent_too_often_is_given_to_a_person(shop: Shop):
    """Five sendings that never show are no sixth one."""
    plan = shop.approved(lowered(shop.prices(), most=1))
    shop.intend(plan)
    (one,) = shop.ledger.unsettled(plan.exit_id)
    for _ in range(SENDS_MAX):
        fence = shop.ledger.claim(one.effect_key, lease_seconds=0.0)
        assert fence is not None
        shop.ledger.expire()
        for _ in range(ABSENT_READS):
            shop.ledger.count_absent(one.effect_key, fence, shop.ledger.now(), 0.0)
    assert stands(shop.bring(plan)) == {Stand.ESCALATED}

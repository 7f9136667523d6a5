"""Which plan is carried out: the last approved one, or one that stands within its corridor."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.standing import StandingPlans
from tests.contract.intents import OTHER, intent
from tests.contract.plans import approve


@pytest.fixture
def propose(engine: Engine, plan_of: Callable[..., dict[str, Any]]) -> Callable[[str, str], None]:
    def make(plan_id: str, sign: str) -> None:
        PlanStore(engine).propose(**plan_of(plan_id=plan_id, digest=sign * 64))

    return make


def test_a_plan_stands_within_the_approved_one(engine: Engine, approved_plan_id: str, propose):
    """It is the one to carry out, under the approval of the other."""
    standing = StandingPlans(engine)
    propose("plan-2", "e")
    assert standing.stand_within("plan-2", approved_plan_id)
    assert not standing.stand_within("plan-2", approved_plan_id)
    found = standing.latest("demo-1")
    assert found is not None
    assert (found[0].plan_id, found[0].state, found[1]) == ("plan-2", "within", approved_plan_id)
    assert PlanStore(engine).approved("demo-1").plan_id == approved_plan_id


def test_an_approved_plan_covers_itself(engine: Engine, approved_plan_id: str):
    """Without a later one the approved plan is the one to carry out."""
    found = StandingPlans(engine).latest("demo-1")
    assert found is not None
    assert (found[0].plan_id, found[1]) == (approved_plan_id, approved_plan_id)


def test_without_an_approval_nothing_stands(engine: Engine, plan_id: str, propose):
    """The database refuses to let a plan stand within one that nobody approved, or within itself."""
    standing = StandingPlans(engine)
    assert standing.latest("demo-1") is None
    propose("plan-2", "e")
    for covering in (plan_id, "plan-2", "no-such"):
        with pytest.raises(IntegrityError):
            standing.stand_within("plan-2", covering)


def test_only_the_last_approval_reaches_further(engine: Engine, approved_plan_id: str, propose):
    """An approval that a newer one has followed covers no other plan."""
    propose("plan-2", "e")
    approve(engine, "plan-2")
    propose("plan-3", "f")
    with pytest.raises(IntegrityError):
        StandingPlans(engine).stand_within("plan-3", approved_plan_id)
    assert StandingPlans(engine).stand_within("plan-3", "plan-2")


def test_a_plan_within_has_no_effects_of_its_own(engine: Engine, approved_plan_id: str, propose):
    """Effects name the plan that was approved; the database refuses any other."""
    propose("plan-2", "e")
    StandingPlans(engine).stand_within("plan-2", approved_plan_id)
    with pytest.raises(IntegrityError):
        EffectLedger(engine).intend(intent(OTHER, plan_id="plan-2"))
    for state in ("approved", "proposed"):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(f"update plan set state = '{state}' where plan_id = 'plan-2'"))

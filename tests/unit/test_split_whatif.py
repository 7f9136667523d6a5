"""The plan under other terms."""

import numpy as np
import pytest

from include.winddown.domain.policy import Policy
from include.winddown.domain.split.response import learn_response
from include.winddown.domain.split.whatif import Outcome, add_outcomes, try_cases
from include.winddown.domain.what_if import STANDARD, read_cases
from tests.splits import demand, row, split, stock

POLICY = Policy()
RESPONSE = learn_response(1 - np.array(POLICY.prices.steps_pct()) / 100, 1).response


def tried(asked: str, *rows: dict[str, object], rate: float = 4.0, days_left: int = 70) -> dict[str, Outcome]:
    there = stock(*rows)
    found = try_cases(there, demand(there, rate), RESPONSE, days_left, POLICY, read_cases(asked))
    return {outcome.change: outcome for outcome in found}


def test_the_first_outcome_is_the_plan_itself():
    """What is held against the changes is what is put up for approval."""
    plan = split(stock(), rate=4.0).decisions.iloc[0]
    base = tried("rate=+0")[""]
    assert base == Outcome("", plan["plan_minor"], plan["return_qty"], plan["keep_qty"], plan["dispose_qty"])
    assert tried("rate=+0")["rate=+0"] == base._replace(change="rate=+0")


def test_each_change_goes_the_way_it_must():
    """More time, more demand and a better resale value never lower the value, a cap never raises it."""
    found = tried(STANDARD)
    value = {name: outcome.plan_minor for name, outcome in found.items()}
    assert value["deadline=-7"] <= value[""] <= value["deadline=+7"]
    assert value["rate=-30"] < value[""] < value["rate=+30"]
    assert value["salvage=-20"] < value[""] < value["salvage=+20"]
    assert value["cap=30"] <= value[""]
    assert found["rate=-30"].return_qty > found[""].return_qty > found["rate=+30"].return_qty


def test_no_piece_is_lost_in_any_case():
    """Returned, kept and disposed of are all that is free; what is held is in none."""
    rows = [row(), row(sku="B2", on_hand_qty=7), row(sku="C3", condition="lost")]
    for outcome in tried(STANDARD + ",cap=0", *rows).values():
        assert outcome.return_qty + outcome.keep_qty + outcome.dispose_qty == 107


def test_a_deadline_in_the_past_is_no_plan():
    """It is said, and the other cases are solved."""
    found = tried("deadline=-70,rate=+30")
    assert found["deadline=-70"] == Outcome("deadline=-70", None, 0, 0, 0)
    assert found["rate=+30"].plan_minor > 0


def test_nothing_is_solved_that_nobody_asked_for():
    """No case, no outcome; without free stock each is zero."""
    assert tried("") == {}
    assert set(tried("rate=+30", row(condition="lost")).values()) == {
        Outcome("", 0, 0, 0, 0),
        Outcome("rate=+30", 0, 0, 0, 0),
    }


def test_parts_add_up():
    """A plan split in parts has the outcomes of the whole; a case that cannot be stays so."""
    rows = [row(sku=f"S{number}", on_hand_qty=40 + number) for number in range(4)]
    asked = "rate=-30,deadline=-99"
    whole = add_outcomes([list(tried(asked, *rows).values())])
    parts = [list(tried(asked, *some).values()) for some in (rows[:1], rows[1:])]
    assert add_outcomes(parts) == whole
    assert whole[0]["difference_minor"] == 0
    assert whole[1]["difference_minor"] == whole[1]["plan_minor"] - whole[0]["plan_minor"] < 0
    assert (whole[2]["plan_minor"], whole[2]["difference_minor"]) == (None, None)
    assert add_outcomes([]) == []


def test_parts_with_other_cases_are_a_mistake():
    """Nothing is added that does not belong together."""
    with pytest.raises(ValueError, match="shorter"):
        add_outcomes([[Outcome("", 1, 0, 0, 0)], []])

"""What is missing or below zero in a product's economics is named with what follows."""

from datetime import date

import pandas as pd
import pytest

from include.winddown.domain.errors import DeadlinePassed
from include.winddown.domain.findings import CODES, deadline_note, find_odd, last_call_on
from include.winddown.domain.policy import Policy

POLICY = Policy.of({"fees": {"commission_bp": 2_000, "acquiring_bp": 0}})
WHOLE = {
    "sku": "S1",
    "price_minor": 10_000,
    "unit_cost_minor": 3_000,
    "resale_minor": 2_500,
    "commission_bp": 1_500,
    "acquiring_minor": 100,
    "delivery_minor": 400,
    "sold_qty": 3,
}


def found(policy=POLICY, **changes):
    odd = find_odd(pd.DataFrame([WHOLE | changes]), policy)
    return {finding.code: finding.follows for finding in odd}


def test_nothing_is_said_of_a_product_that_is_known_whole():
    """Price, cost, resale value, fees and sales are there, and all margins are above zero."""
    assert found() == {}


@pytest.mark.parametrize(
    ("changes", "code", "follows"),
    [
        ({"resale_minor": None}, "no_resale", "no resale value: 30 % of the price, 30.00, is assumed"),
        ({"commission_bp": None}, "no_fee", "no commission told: 20 % is assumed"),
        ({"sold_qty": 0}, "no_history", "not sold in 26 weeks: its rate is assumed"),
        ({"delivery_minor": 8_600}, "sale_at_loss", "leaves -2.00 after fees: it is not sold at a loss"),
        ({"unit_cost_minor": 8_001}, "below_cost", "a sale leaves 0.01 less than it cost"),
    ],
)
def test_what_is_missing_or_negative_is_named(changes, code, follows):
    """Each with its default, or with what the plan does instead."""
    assert list(found(**changes)) == [code]
    assert follows in found(**changes)[code]


@pytest.mark.parametrize(
    ("allowed", "follows"), [("hold", "does not come back"), ("allow", "disposal costs more")]
)
def test_a_return_at_a_loss_is_never_silent(allowed, follows):
    """25.00 at 92 % less 24.00 of work is a loss of 1.00."""
    policy = Policy.of({"returns": {"handling_minor": 2_400, "return_at_loss": allowed}})
    assert "a return leaves -1.00: it" in found(policy)["return_at_loss"]
    assert follows in found(policy)["return_at_loss"]


def test_findings_come_in_the_order_of_their_codes():
    """So that a list of them can be read."""
    odd = found(resale_minor=None, commission_bp=None, sold_qty=0, delivery_minor=9_000)
    assert list(odd) == [code for code in CODES if code in odd]


@pytest.mark.parametrize(
    ("deadline_on", "note"),
    [
        (date(2026, 3, 30), ""),
        (date(2026, 3, 29), ""),
        (
            date(2026, 3, 25),
            "24 days are left and a return takes 21: returns are possible only now, until 2026-03-04",
        ),
        (date(2026, 3, 22), "returns are possible only now, until 2026-03-01"),
        (
            date(2026, 3, 21),
            "no return is possible any more, the last call was on 2026-02-28; what is not sold is disposed of",
        ),
    ],
)
def test_a_deadline_inside_the_lead_time_says_what_follows(deadline_on, note):
    """Only now, or no return at all."""
    assert deadline_note(date(2026, 3, 1), deadline_on, Policy()).endswith(note)
    assert bool(deadline_note(date(2026, 3, 1), deadline_on, Policy())) == bool(note)


def test_safety_days_bring_the_last_call_forward():
    """They are told beside the lead time."""
    policy = Policy.of({"returns": {"safety_days": 3}})
    assert last_call_on(date(2026, 3, 31), policy) == date(2026, 3, 7)
    assert "takes 21 and 3 for safety" in deadline_note(date(2026, 3, 1), date(2026, 3, 20), policy)


@pytest.mark.parametrize("deadline_on", [date(2026, 3, 1), date(2026, 2, 1)])
def test_a_deadline_that_has_passed_is_refused(deadline_on):
    """Both days are named."""
    with pytest.raises(DeadlinePassed, match=f"the deadline {deadline_on} is not after 2026-03-01"):
        deadline_note(date(2026, 3, 1), deadline_on, Policy())

"""How far an approval reaches: prices near the approved ones, nothing more returned or disposed of."""

import pandas as pd
import pytest

from include.winddown.domain.corridor import NOTES, corridor_notes, leaves_corridor
from include.winddown.domain.policy import Policy

FACTS = {
    "exit_id": "demo",
    "snapshot_id": "s-1",
    "deadline_on": "2027-01-31",
    "destination": "OWN",
    "policy": Policy().settings(),
}


def lines(**by_disposition):
    rows = [
        {"warehouse_id": "W", "sku": "1", "condition": "sellable", "disposition": name, "planned_qty": qty}
        for name, qty in by_disposition.items()
    ]
    return pd.DataFrame(rows, columns=["warehouse_id", "sku", "condition", "disposition", "planned_qty"])


def decisions(**prices):
    rows = [
        {"sku": sku, "price_minor": today, "new_price_minor": new} for sku, (today, new) in prices.items()
    ]
    return pd.DataFrame(rows, columns=["sku", "price_minor", "new_price_minor"])


def reasons(new, approved, pct=10, units=None, **facts):
    units = units or (lines(markdown=5), lines(markdown=9))
    return leaves_corridor(FACTS | {"snapshot_id": "s-2"} | facts, FACTS, units, (new, approved), pct)


@pytest.mark.parametrize("price", [900, 1_000, 1_100])
def test_a_price_near_the_approved_one_needs_no_new_approval(price):
    """Up to and including the corridor's width, to either side."""
    assert reasons(decisions(A=(1_500, price)), decisions(A=(2_000, 1_000))) == []


@pytest.mark.parametrize("price", [899, 1_101])
def test_a_price_beyond_the_corridor_asks(price):
    """The sentence names the SKU, the price and the approved one."""
    (why,) = reasons(decisions(A=(1_500, price)), decisions(A=(2_000, 1_000)))
    assert f"A: {price}, approved 1000" in why


def test_the_corridor_lies_around_the_approved_price_not_the_last_one():
    """Many small steps do not lead away from what a person has seen."""
    assert reasons(decisions(A=(900, 810)), decisions(A=(2_000, 1_000)))


def test_a_price_nobody_approved_asks():
    """A listing that the approved plan did not have."""
    (why,) = reasons(decisions(B=(1_500, 1_400)), decisions(A=(2_000, 1_000)))
    assert "approved none" in why


def test_a_price_that_stays_is_no_change():
    """What is not set needs no approval, wherever it stands."""
    assert reasons(decisions(A=(2_000, 2_000), B=(7, 7)), decisions(A=(2_000, 1_000))) == []


def test_further_returns_ask():
    """Approved returns are under way and planned as held; whatever is to be returned now is new."""
    units = (lines(markdown=5, **{"return": 2}), lines(markdown=3, **{"return": 4}))
    (why,) = reasons(decisions(), decisions(), units=units)
    assert "2 more pieces are to be returned (1)" in why


def test_no_more_is_disposed_of_than_approved():
    """The same disposal stays approved until it is done; one piece more asks."""
    assert reasons(decisions(), decisions(), units=(lines(dispose=3), lines(dispose=3))) == []
    (why,) = reasons(decisions(), decisions(), units=(lines(dispose=4), lines(dispose=3)))
    assert "1 more pieces are to be disposed of" in why


@pytest.mark.parametrize("name", ["deadline_on", "destination", "policy"])
def test_other_terms_ask(name):
    """A plan under another policy, deadline or destination is another plan."""
    assert reasons(decisions(), decisions(), **{name: "other"})


def test_without_a_corridor_every_plan_asks():
    """0 is the default: nobody's approval is stretched unasked."""
    assert reasons(decisions(), decisions(), pct=Policy().prices.corridor_pct)
    assert corridor_notes(0, "en") == []


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_the_approver_is_told(language):
    """In every language of a question, with the width."""
    assert set(NOTES) == {"en", "zh", "ru"}
    assert "10" in corridor_notes(10, language)[0]

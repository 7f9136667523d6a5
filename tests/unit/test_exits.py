"""What an exit and its policy may be."""

from datetime import date

import pytest

from include.winddown.domain.errors import BadExit, BadPolicy
from include.winddown.domain.exits import Exit, Policy


def make(**changes) -> Exit:
    values = {
        "exit_id": "demo-1",
        "merchant": "Demo",
        "marketplace_conn": "m",
        "desk_conn": "d",
        "dock_conn": "k",
        "destination": "OWN-1",
        "currency": "RUB",
        "opened_on": date(2026, 1, 1),
        "deadline_on": date(2026, 3, 1),
        "policy": Policy(),
    }
    return Exit(**(values | changes))


@pytest.mark.parametrize("exit_id", ["", "A", "Demo", "a b", "../x", "-a", "a" * 41])
def test_an_exit_id_is_a_short_plain_word(exit_id):
    """It is part of paths and partition keys."""
    with pytest.raises(BadExit, match="exit id"):
        make(exit_id=exit_id)


def test_a_deadline_in_the_past_is_refused():
    """The message names both days."""
    with pytest.raises(BadExit, match=r"2026-01-01 is not after 2026-01-01"):
        make(deadline_on=date(2026, 1, 1))


def test_an_approver_is_named_once():
    """User names that differ by case alone are the same."""
    assert make(approvers=("ada", "ben")).approvers == ("ada", "ben")
    with pytest.raises(BadExit, match="an approver is named twice in Ada, ada"):
        make(approvers=("Ada", "ada"))


def test_a_currency_is_one_we_know():
    """Money in minor units needs a known currency."""
    with pytest.raises(BadExit, match="'XYZ'"):
        make(currency="XYZ")


def test_a_policy_with_a_typo_is_refused():
    """An unknown setting is named with the known ones beside it."""
    with pytest.raises(BadPolicy, match=r"'usable_fill_pc'.*usable_fill_pct"):
        Policy.of({"usable_fill_pc": 10})


@pytest.mark.parametrize(
    "settings",
    [
        {"usable_fill_pct": 0},
        {"usable_fill_pct": True},
        {"rows_bad_max": "28"},
        {"damaged_by_seller": "burn"},
    ],
)
def test_a_policy_out_of_range_is_refused(settings):
    """Wrong types and values are named, not converted."""
    with pytest.raises(BadPolicy, match=next(iter(settings))):
        Policy.of(settings)

"""The sums of a plan."""

import pandas as pd

from include.winddown.domain.plan import summarise_plan

LINE = {
    "warehouse_id": "WH-1", "handling_class": "standard", "planned_qty": 10, "price_minor": 100,
    "new_price_minor": None, "resale_minor": 30, "disposition": "hold",
}  # fmt: skip


def summed(*lines):
    return summarise_plan(pd.DataFrame([LINE | line for line in lines]), pd.DataFrame())


def test_at_stake_is_what_returns_markdowns_and_disposals_are_worth():
    """Returns at their resale value, markdowns at the new price, disposals at today's; what stays put is not."""
    plan = summed(
        {"disposition": "return"},
        {"disposition": "markdown", "new_price_minor": 70},
        {"disposition": "dispose", "planned_qty": 2},
        {"disposition": "hold", "planned_qty": 1_000},
    )
    assert (plan["resale_minor"], plan["revenue_minor"], plan["at_stake_minor"]) == (300, 700, 1_200)


def test_a_plan_that_moves_nothing_has_nothing_at_stake():
    """Held units are as safe as before."""
    assert summed({})["at_stake_minor"] == 0

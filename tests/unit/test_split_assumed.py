"""What was not given is named beside the decision, whichever column it is of."""

import pandas as pd
import pytest

from include.winddown.domain.plan_frames import DEFAULTS
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.assumed import name_assumed

GIVEN = Policy.of(
    {
        "fees": {"commission_bp": 1_500, "acquiring_bp": 100, "sale_fee_minor": 500},
        "returns": {"lead_time_days": 30, "sellable_pct": 90},
        "freight": {"usable_fill_pct": 65},
    }
)
TOLD = {"is_resale_assumed": False, "commission_bp": 1_000, "acquiring_minor": 5, "delivery_minor": 7}


def named(*rows, policy=GIVEN, defaults=None):
    """The texts of listings that differ from one of which everything is told."""
    first = pd.DataFrame([TOLD | row for row in rows])
    texts = pd.Series(defaults or [None] * len(rows), dtype=object)
    return name_assumed(texts, first, policy).tolist()


def test_nothing_is_named_where_everything_is_given():
    """By the files or by the policy."""
    assert named({}, {"commission_bp": None}) == [None, None]


def test_what_the_files_do_not_tell_is_named_listing_by_listing():
    """A policy that stands at its defaults gives nothing."""
    fees = Policy.of(
        {"returns": {"lead_time_days": 30, "sellable_pct": 90}, "freight": {"usable_fill_pct": 65}}
    )
    found = named(
        {}, {"is_resale_assumed": True}, {"commission_bp": None, "delivery_minor": None}, policy=fees
    )
    assert found == [None, "resale", "commission delivery"]


def test_settings_of_the_policy_at_their_default_are_named_for_all():
    """Lead time, share of sellable returns and fill; beside what was assumed of demand, each once."""
    policy = Policy()
    found = named({}, {"acquiring_minor": None}, policy=policy, defaults=["history fill", None])
    assert found == ["fill history lead_time sellable_share", "acquiring fill lead_time sellable_share"]


@pytest.mark.parametrize("rows", [0, 3])
def test_columns_that_are_not_there_tell_nothing(rows):
    """A snapshot without fees has none; every code is a known one."""
    texts = name_assumed(pd.Series([None] * rows, dtype=object), pd.DataFrame(index=range(rows)), Policy())
    assert len(texts) == rows
    assert {code for text in texts for code in text.split()} <= set(DEFAULTS)

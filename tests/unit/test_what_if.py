"""What-if cases: how they are typed in, and what they change."""

from datetime import date

import pytest

from include.winddown.domain.errors import BadParam
from include.winddown.domain.policy import Policy
from include.winddown.domain.what_if import STANDARD, Case, read_cases


def test_each_change_is_a_case_of_its_own():
    """Changes are not combined, so that each shows what it alone is worth."""
    assert read_cases("deadline=-7, cap=30,salvage=-20,rate=+30") == (
        Case(name="deadline=-7", days_more=-7),
        Case(name="cap=30", cap_pct=30),
        Case(name="salvage=-20", salvage_pct=80),
        Case(name="rate=+30", rate_pct=130),
    )


def test_the_standard_cases_have_a_name():
    """`standard` stands for deadline, cap, salvage and rate, up and down."""
    assert read_cases("standard") == read_cases(STANDARD)
    assert read_cases(" ") == ()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("deadlin=-7", "'deadlin=-7' is not known; write name=number, as deadline=-7. Names are deadline"),
        ("deadline", "'deadline' is not known"),
        ("deadline=-7,", "'' is not known"),
        ("rate=30%", "'rate=30%' is not known"),
        ("cap=99", "'cap=99': give the deepest discount in per cent, from 0 to 95"),
        ("salvage=-101", "from -100 to 1000"),
        (",".join(["rate=1"] * 21), "21 cases, at most 20"),
    ],
)
def test_a_case_that_cannot_be_read_is_named(asked, message):
    """With what may stand there."""
    with pytest.raises(BadParam) as caught:
        read_cases(asked)
    assert message in str(caught.value)


def test_a_case_changes_deadline_and_policy_only_as_it_says():
    """What it does not name stays."""
    policy = Policy()
    assert Case(days_more=7).deadline(date(2026, 1, 1)) == date(2026, 1, 8)
    assert Case(days_more=7).policy(policy) is policy
    assert Case(cap_pct=30).policy(policy).prices.discount_max_pct == 30

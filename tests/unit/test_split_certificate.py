"""How good a plan is, in one ratio and four differences."""

import pandas as pd
import pytest

from include.winddown.domain.plan import summarise_plan
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.split.certificate import certify
from tests.contract.plans import plan_lines
from tests.frames import good_table


def decided(**columns: object) -> pd.DataFrame:
    return good_table(DECISIONS, rows=2, **columns).to_pandas()


def test_the_certificate_is_plan_over_bound():
    """Summed first, so that great listings count for more."""
    found = certify(decided(plan_minor=[90, 880], bound_minor=[100, 900]))
    assert (found["listings"], found["plan_minor"], found["bound_minor"]) == (2, 970, 1_000)
    assert found["certificate"] == pytest.approx(0.97)


def test_a_bound_that_is_not_above_zero_gives_no_ratio():
    """Where everything loses money, a ratio would say nothing or the opposite."""
    assert certify(decided(plan_minor=-10, bound_minor=-5))["certificate"] is None


def test_the_uplift_is_told_over_each_simple_policy():
    """In money and as a share; a policy that brings nothing has no share."""
    found = certify(
        decided(plan_minor=100, return_all_minor=80, hold_minor=50, markdown_minor=0, dispose_all_minor=-10)
    )
    assert found["uplift"] == {
        "return_all": {"minor": 40, "share": 0.25},
        "hold": {"minor": 100, "share": 1.0},
        "markdown": {"minor": 200, "share": None},
        "dispose_all": {"minor": 220, "share": None},
    }
    assert found["best_simple"] == "return_all"


def test_returns_at_a_loss_and_defaults_are_counted():
    """Only what goes back now counts as a loss; each default by its code."""
    found = certify(
        decided(
            return_qty=[3, 0],
            return_net_minor=[-1, -1],
            defaults=["resale storage", "storage"],
            reason="mixed",
        )
    )
    assert found["return_at_loss"] == {"listings": 1, "pieces": 3}
    assert found["defaults"] == {"listings": 2, "by_code": {"resale": 1, "storage": 2}}
    assert found["reasons"] == {"mixed": 2}
    none = certify(decided(return_net_minor=None, defaults=None))
    assert none["return_at_loss"] == {"listings": 0, "pieces": 0}
    assert none["defaults"] == {"listings": 0, "by_code": {}}


def test_a_plan_is_counted_by_warehouse_and_class():
    """Both counts hold every piece; without decisions there is no certificate."""
    lines = plan_lines().to_pandas()
    lines.loc[0, "handling_class"] = "liquid"
    summary = summarise_plan(lines, pd.DataFrame())
    assert summary["units_by_class"] == {
        "liquid": {"return": 0, "markdown": 10, "dispose": 0, "hold": 0},
        "standard": {"return": 20, "markdown": 10, "dispose": 0, "hold": 0},
    }
    assert summary["decided"] is None
    assert summarise_plan(lines, pd.DataFrame(), decided())["decided"]["listings"] == 2

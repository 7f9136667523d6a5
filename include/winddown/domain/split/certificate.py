"""How good a plan is: held against what no policy exceeds, and against the simple ones."""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from include.winddown.domain.plan_frames import ALTERNATIVES, DEFAULTS


def certify(decisions: pd.DataFrame) -> dict[str, object]:
    """
    Sum the decisions of a plan up.

    Args:
        decisions: plan_frames.DECISIONS, at least one row.

    Returns:
        listings and pieces; plan_minor and bound_minor, certificate = their ratio (None when the bound is
        not above 0, where a ratio says nothing); uplift over each of ALTERNATIVES as {minor, share},
        share None where the alternative brings nothing; best_simple, the code of the best of them;
        return_at_loss {listings, pieces}; defaults {listings, by_code}; reasons, listings by code.
    """
    plan, bound = int(decisions["plan_minor"].sum()), int(decisions["bound_minor"].sum())
    others = {name: int(decisions[f"{name}_minor"].sum()) for name in ALTERNATIVES}
    at_loss = decisions[
        (decisions["return_qty"] > 0) & (decisions["return_net_minor"] < 0).fillna(value=False)
    ]
    given = decisions["defaults"].dropna()
    return {
        "listings": len(decisions),
        "pieces": int(decisions["free_qty"].sum()),
        "plan_minor": plan,
        "bound_minor": bound,
        "certificate": plan / bound if bound > 0 else None,
        "uplift": {name: _uplift(plan, other) for name, other in others.items()},
        "best_simple": max(others, key=lambda name: others[name]),
        "return_at_loss": {"listings": len(at_loss), "pieces": int(at_loss["return_qty"].sum())},
        "defaults": {"listings": len(given), "by_code": _count_codes(given)},
        "reasons": {str(code): int(count) for code, count in decisions["reason"].value_counts().items()},
    }


def _uplift(plan: int, other: int) -> Mapping[str, float | None]:
    return {"minor": plan - other, "share": (plan - other) / other if other > 0 else None}


def _count_codes(given: pd.Series) -> dict[str, int]:
    """Count listings by code; few distinct texts stand for many listings."""
    counts: Counter[str] = Counter()
    for codes, listings in given.value_counts().items():
        for code in str(codes).split():
            counts[code] += int(listings)
    return {code: counts[code] for code in DEFAULTS if counts[code]}

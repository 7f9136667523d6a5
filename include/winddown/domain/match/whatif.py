"""The same match under other tolerances and windows: which claims appear, vanish or change."""

from collections.abc import Mapping

import pandas as pd

from include.winddown.domain.errors import BadParam
from include.winddown.domain.match.money import OPEN
from include.winddown.domain.match.settings import Match
from include.winddown.domain.settings import build

KEYS = ["account_id", "request_no", "sku", "condition", "class", "detail"]


def read_other(text: str, policy: Match) -> Match:
    """
    Read other settings, as lost_after_days=7,short_tolerance_qty=1.

    Raises:
        BadParam: a part is not name=number.
        BadPolicy: a setting is unknown or a value cannot be.
    """
    told: dict[str, object] = {}
    for part in text.split(","):
        name, is_given, value = part.strip().partition("=")
        if not is_given:
            msg = f"what-if {part.strip()!r}: write a setting of the policy's section match, as lost_after_days=7"
            raise BadParam(msg)
        told[name.strip()] = int(value) if value.strip().isdecimal() else value.strip()
    kept = {name: getattr(policy, name) for name in Match.__dataclass_fields__ if name not in told}
    checked = build(Match, told, ("match",))
    return Match(**{**kept, **{name: getattr(checked, name) for name in told}})


def compare_claims(now: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """
    Hold the open claims of two matches against each other.

    Args:
        now: decide.FOUND under the policy.
        other: the same under other settings.

    Returns:
        One row per claim that differs: KEYS, qty and other_qty, value_minor and other_value_minor, and
        change: appears, vanishes or changes.
    """
    first, second = (_open(now), _open(other))
    both = first.merge(second, on=KEYS, how="outer", validate="one_to_one", suffixes=("", "_other"))
    qty, qty_other = both["qty"].fillna(0), both["qty_other"].fillna(0)
    differs = both.assign(
        qty=qty.astype("int64"),
        other_qty=qty_other.astype("int64"),
        other_value_minor=both["value_minor_other"],
        change=[_change(before, after) for before, after in zip(qty, qty_other, strict=True)],
    ).loc[(qty != qty_other).to_numpy()]
    columns = [*KEYS, "change", "qty", "other_qty", "value_minor", "other_value_minor"]
    return differs[columns].sort_values(KEYS, ignore_index=True)


def _open(found: pd.DataFrame) -> pd.DataFrame:
    claims = found.loc[found["claim"] == OPEN, [*KEYS, "qty", "value_minor"]]
    return claims.groupby(KEYS, as_index=False).agg({"qty": "sum", "value_minor": "sum"})


def _change(before: float, after: float) -> str:
    return "appears" if not before else "vanishes" if not after else "changes"


def count_changes(differs: pd.DataFrame) -> Mapping[str, int]:
    """Count what appears, vanishes and changes."""
    counts = differs["change"].value_counts()
    return {name: int(counts.get(name, 0)) for name in ("appears", "vanishes", "changes")}

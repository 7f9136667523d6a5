"""The match of one chunk of lines, and of everything that has no line: pure decisions over joined legs."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from include.winddown.domain.match.classes import classify
from include.winddown.domain.match.lines import account_for, lines_of
from include.winddown.domain.match.money import value
from include.winddown.domain.match.scorecard import score_chunk
from include.winddown.domain.match.settings import Match

FOUND = (
    "account_id",
    "request_no",
    "sku",
    "condition",
    "warehouse_id",
    "class",
    "stake",
    "qty",
    "basis",
    "unit_minor",
    "value_minor",
    "currency",
    "clock_at",
    "claim_until_on",
    "claim",
    "detail",
    "line_id",
)
NO_LINE = -1
_KEYS = ["account_id", "request_no", "sku", "condition", "class", "detail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A chunk's lines (frames.LINES), its discrepancies (FOUND) and its sums by warehouse (scorecard)."""

    lines: pd.DataFrame
    found: pd.DataFrame
    score: pd.DataFrame


def match_chunk(legs: pd.DataFrame, policy: Match, now: datetime) -> Matched:
    """Account for a chunk of joined legs, and class what does not fit."""
    accounted = account_for(legs, policy, now)
    found = value(classify(accounted, policy), policy, now)
    return Matched(
        lines=lines_of(accounted), found=found.assign(detail="")[list(FOUND)], score=score_chunk(accounted)
    )


def match_strays(strays: pd.DataFrame, policy: Match, now: datetime) -> pd.DataFrame:
    """
    Put what has no line into the form of discrepancies.

    Args:
        strays: class, qty, account_id, request_no, sku, condition, clock_at and, where there is
            one, detail, currency and value_minor (of fees); a value that is not known is missing.
        policy: basis and windows.
        now: aware.
    """
    lacking = {
        name: pd.Series(blank, index=strays.index, dtype=kind)
        for name, (blank, kind) in _BLANKS.items()
        if name not in strays.columns
    }
    whole = strays.assign(**lacking)
    found = value(whole, policy, now)
    return found.assign(
        value_minor=whole["value_minor"].astype("Int64"),
        detail=whole["detail"].astype("object").fillna(""),
        currency=whole["currency"].astype("object").fillna(""),
    )[list(FOUND)]


_BLANKS = {
    "warehouse_id": ("", "str"),
    "currency": ("", "str"),
    "detail": ("", "str"),
    "line_id": (NO_LINE, "int64"),
    **dict.fromkeys(("value_minor", "unit_cost_minor", "price_minor", "resale_minor"), (pd.NA, "Int64")),
}


def in_order(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put discrepancies into one order that does not depend on the order of the input."""
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values([*_KEYS, "qty", "clock_at"], kind="stable", ignore_index=True)

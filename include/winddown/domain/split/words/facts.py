"""The numbers of one decision, ready to be worded."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from include.winddown.domain.split.words.figures import WHOLE_FROM_MINOR

T = TypeVar("T")
NOT_DECIDED = frozenset({"damaged", "held", "too_large"})
"""Reasons of pieces that no alternative was weighed for."""
COVER_MAX_WEEKS = 104


class Facts(NamedTuple):
    """
    A row of plan_frames.DECISIONS; amounts in minor units, None = missing.

    Attributes:
        free, keep, back, gone: pieces there, kept, returned now, disposed of now.
        price: this week's; discount: by how many per cent below the full price.
        rate: pieces a week; weeks: left.
        four: net of return all, hold, best markdown, dispose all, in this order.
        flips: rate, net of a return, weeks.
    """

    reason: str
    currency: str
    free: int
    keep: int
    back: int
    gone: int
    price: int
    discount: int
    rate: float
    weeks: float
    last_call: date | None
    sale_net: int
    return_net: int | None
    plan: int
    four: tuple[int, int, int, int]
    flips: tuple[float | None, int | None, float | None]

    @property
    def cover(self) -> float | None:
        """Weeks the free pieces last at today's price; None = longer than anybody looks ahead."""
        if self.rate * COVER_MAX_WEEKS < self.free:
            return None
        return self.free / self.rate if self.free else 0.0

    @property
    def is_large(self) -> bool:
        """Whether the totals are written without hundredths."""
        return max(abs(self.plan), *map(abs, self.four)) >= WHOLE_FROM_MINOR

    @property
    def is_weighed(self) -> bool:
        """Whether alternatives were compared in money."""
        return self.reason not in NOT_DECIDED


def facts_of(row: Mapping[str, Any]) -> Facts:
    """Take a row as it comes from Arrow, pandas or SQL."""
    return Facts(
        reason=row["reason"],
        currency=row["currency"],
        free=int(row["free_qty"]),
        keep=int(row["keep_qty"]),
        back=int(row["return_qty"]),
        gone=int(row["dispose_qty"]),
        price=int(row["new_price_minor"]),
        discount=int(row["discount_pct"]),
        rate=float(row["rate_per_week"]),
        weeks=float(row["weeks_left"]),
        last_call=_given(row["last_call_on"], lambda day: date.fromisoformat(str(day)[:10])),
        sale_net=int(row["sale_net_minor"]),
        return_net=_given(row["return_net_minor"], int),
        plan=int(row["plan_minor"]),
        four=(
            int(row["return_all_minor"]),
            int(row["hold_minor"]),
            int(row["markdown_minor"]),
            int(row["dispose_all_minor"]),
        ),
        flips=(
            _given(row["flip_rate"], float),
            _given(row["flip_return_minor"], int),
            _given(row["flip_weeks"], float),
        ),
    )


def _given(value: Any, read: Callable[[Any], T]) -> T | None:
    """Read a value that may be missing: None, NaN, pandas' NA and NaT."""
    return None if value is None or pd.isna(value) else read(value)

"""
What past weeks tell: of each SKU's rate at the full price, of buyers' answer to lower ones, of prices.

A week whose mean price was at least 80 per cent of today's list price tells of the rate; its price is
allowed for by the default response, so that a week at a mild discount counts as more than a week at
the full price, and one at a higher price as less. Weeks at lower prices tell of the response instead.
A price is known only in weeks with a sale: weeks without one count at the full price, from the
merchant's first known order on. A SKU that was only ever sold at lower prices has its rate from those,
by the default response, which is said of it (from_markdowns).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from include.winddown.domain.split.rates import Rates
from include.winddown.domain.split.response import ELASTICITY, SPREAD, Markdowns, default_lift

MILD_PCT = 80
"""Lowest mean price of a week, in per cent of today's, from which the rate is learnt."""
WAS_DAYS = 30
"""The lowest price of so many days is the former one in the European Union (Directive 98/6/EC Art. 6a)."""
HIGH_PCT = 200
"""Weeks at still higher prices count as at this one."""
TOLD_WEEKS = 4.0
"""Weeks at about the full price, one of them with a sale, from which a SKU's markdowns say anything."""
NO_CATEGORY = ""

_DAYS_A_WEEK = 7
_PACES = 4  # SKUs are put together whose rates differ by less than a quarter of e


class Window(NamedTuple):
    """
    The time that is looked back upon.

    Attributes:
        weeks: whole weeks before the snapshot, the last begun one counting as one.
        exposure: how many weeks of sales that is: less than 1 while the first week is not over.
    """

    weeks: int
    exposure: float


class Past(NamedTuple):
    """
    What past weeks tell; one entry a SKU with sellable stock, but for the fields of markdowns.

    Attributes:
        sku: ascending.
        category: its place in `categories`.
        categories: names, sorted; NO_CATEGORY stands for SKUs without one.
        sold: pieces in the weeks that tell of the rate.
        weeks: how many weeks at the full price these are worth.
        squares: sum of the squares of what each of these weeks sold.
        swing_weeks: how many these are, whatever their price; 0 where the rate is from markdowns.
        from_markdowns: it was sold at lower prices only, so that its rate rests on the default response.
        lowest_minor: lowest price of the days looked at that is known, today's included [minor].
        other_price_days: since the last sale at another price than today's, so that the price changed
            at most so long ago; missing (NaN) where no such sale is known.
        deep_row, deep_share, deep_sold, deep_weeks: weeks with a sale at a lower price: place of the SKU,
            price ÷ today's, pieces, number of weeks.
    """

    sku: np.ndarray
    category: np.ndarray
    categories: tuple[str, ...]
    sold: np.ndarray
    weeks: np.ndarray
    squares: np.ndarray
    swing_weeks: np.ndarray
    from_markdowns: np.ndarray
    lowest_minor: np.ndarray
    other_price_days: np.ndarray
    deep_row: np.ndarray
    deep_share: np.ndarray
    deep_sold: np.ndarray
    deep_weeks: np.ndarray


def look_back(days_known: int, history_days: int) -> Window:
    """
    Choose how far to look back.

    Args:
        days_known: days between the merchant's first known order and the snapshot; 0 = no order is known.
        history_days: the longest look back.
    """
    days = max(0, min(days_known, history_days))
    weeks = max(1, days // _DAYS_A_WEEK)
    return Window(weeks, min(weeks, days / _DAYS_A_WEEK))


def week_values(
    window: Window,
    mild_pct: int = MILD_PCT,
    belief: tuple[float, float] = (ELASTICITY, SPREAD),
    was_days: int = WAS_DAYS,
) -> dict[str, object]:
    """
    Give the values that sql/bulk/split_weeks.sql binds beside the snapshot's time, `until`.

    Args:
        window: the time that is looked back upon.
        mild_pct: lowest mean price of a week, in per cent of today's, from which the rate is learnt.
        belief: elasticity and its standard deviation, by which milder discounts are allowed for.
        was_days: of so many days the lowest price is looked for; 0 = today's is the lowest.
    """
    lifts = default_lift(np.arange(mild_pct, HIGH_PCT + 1) / 100, belief)
    return {
        "weeks": window.weeks,
        "mild_pct": mild_pct,
        "was_days": was_days,
        "lifts_milli": [int(lift) for lift in np.rint(lifts * 1000)],
    }


def read_past(
    rows: Mapping[str, np.ndarray], window: Window, belief: tuple[float, float] = (ELASTICITY, SPREAD)
) -> Past:
    """
    Sort what sql/bulk/split_weeks.sql found.

    Args:
        rows: its columns, in its order: by SKU, the row of share_pct 100 first.
        window: the one it was asked for.
        belief: elasticity and its standard deviation, for SKUs sold at lower prices only.

    Returns:
        One entry a SKU; weeks are above 0 wherever any order of the merchant is known.
    """
    base = np.asarray(rows["share_pct"]) == 100
    row = np.cumsum(base) - 1
    begins = np.flatnonzero(base)
    deep = np.flatnonzero(~base)
    code, names = pd.factorize(_texts(np.asarray(rows["category"])[begins]), sort=True)
    deep_share = np.asarray(rows["share_pct"])[deep] / 100
    deep_sold, deep_weeks = np.asarray(rows["sold_qty"])[deep], np.asarray(rows["sold_weeks"])[deep]
    sold = np.asarray(rows["sold_qty"])[begins]
    marked_down = np.bincount(row[deep], weights=deep_weeks, minlength=len(begins))
    weeks = window.exposure + np.asarray(rows["more_weeks"])[begins] - marked_down
    only_deep = (sold == 0) & (marked_down > 0)
    worth = np.bincount(
        row[deep], weights=deep_weeks * default_lift(deep_share, belief), minlength=len(begins)
    )
    pieces = np.bincount(row[deep], weights=deep_sold, minlength=len(begins)).astype(np.int64)
    return Past(
        sku=np.asarray(rows["sku"])[begins],
        category=code.astype(np.int64),
        categories=tuple(str(name) for name in names),
        sold=np.where(only_deep, pieces, sold),
        weeks=np.maximum(np.where(only_deep, weeks + worth, weeks), 0.0),
        squares=np.asarray(rows["sold_squares"])[begins],
        swing_weeks=np.where(only_deep, 0, np.maximum(window.weeks - marked_down, 0)),
        from_markdowns=only_deep,
        lowest_minor=_lowest(rows["lowest_minor"], begins),
        other_price_days=_lowest(np.asarray(rows["other_price_days"], float), begins),
        deep_row=row[deep],
        deep_share=deep_share,
        deep_sold=deep_sold,
        deep_weeks=deep_weeks,
    )


def observe_markdowns(past: Past, rates: Rates) -> Markdowns:
    """
    Hold the sales at lower prices against what the full price would have sold.

    Args:
        past: of every SKU.
        rates: of every SKU, in the same order.

    Returns:
        One observation a category, share and pace of sale, so a few thousand at most. Only weeks with a
        sale are among them. SKUs that hardly sold at the full price say nothing of its answer and are
        left out.
    """
    tells = ~past.from_markdowns & (past.sold > 0) & (past.weeks >= TOLD_WEEKS)
    kept = tells[past.deep_row]
    row, share = past.deep_row[kept], past.deep_share[kept]
    category, rate, weeks = past.category[row], rates.mean[row], past.deep_weeks[kept]
    pace = np.floor(np.log(rate) * _PACES).astype(np.int64)
    keys = np.stack([category, np.rint(share * 100).astype(np.int64), pace])
    found, group = np.unique(keys, axis=1, return_inverse=True)
    group, size = group.reshape(-1), found.shape[1]
    return Markdowns(
        category=found[0],
        share=found[1] / 100,
        sold=np.bincount(group, weights=past.deep_sold[kept], minlength=size),
        expected=np.bincount(group, weights=rate * weeks, minlength=size),
        seen_weeks=np.bincount(group, weights=weeks, minlength=size),
    )


def _texts(names: np.ndarray) -> np.ndarray:
    return np.where(pd.isna(names), NO_CATEGORY, names.astype(object))


def _lowest(values: np.ndarray, begins: np.ndarray) -> np.ndarray:
    if not len(begins):
        return np.asarray(values)
    return np.asarray(np.fmin.reduceat(np.asarray(values), begins))

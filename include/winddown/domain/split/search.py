"""
How many lots of a listing stay on sale, when its warehouses' returns fetch differently.

The dearest pieces go first, so what stays fetches less on average, the less of it there is: each number
of lots has a programme of its own. What a number gains rises with the return value, and ever faster
(a maximum of plans that each rise evenly), so programmes solved at other return values bound it
from above: the next higher one by itself, the next lower and higher one by the line between them.
The number with the highest bound is solved next, until no bound is above what was found.
"""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.either import follow_lots, gain_lots, whole_ends
from include.winddown.domain.split.kernel import Room, Sale, Stay
from include.winddown.domain.split.listings import Clock, Found
from include.winddown.domain.split.sticky import Ladders, Rule
from include.winddown.domain.split.tables import LOTS_MAX, STRIDE

_SAME = 1e-12
TRIES_MAX = 12
NEAR = 1e-3
"""A plan is good enough when no number of lots can be better by this share of its value."""


class Reach(NamedTuple):
    """
    What is known of each number of lots; scratch, used again for every listing.

    Attributes:
        back: average return value of so many [minor]; it never falls with their number.
        low, high: the next lower and higher return value at which it was solved.
        at_low, at_high: what it gains there [minor].
    """

    back: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_low: np.ndarray
    at_high: np.ndarray


Out = tuple[Room, Ladders, Found, np.ndarray, Reach]
Terms = tuple[Sale, Stay, Clock, Rule]


def make_reach() -> Reach:
    """Allocate scratch arrays."""
    return Reach(*(np.zeros(STRIDE) for _ in Reach._fields))


@compiled
def fill_worth(scrap: float, back: float, clock: Clock, worth: np.ndarray) -> None:
    """Fill in what a piece taken out in each week is worth."""
    for week in range(clock.weeks + 1):
        is_open = week == clock.last_call or (clock.any_week and week < clock.last_call)
        worth[week] = max(back, scrap) if is_open else scrap


@compiled
def decide(row: int, terms: Terms, out: Out) -> None:
    """Choose how many lots stay, and write down the plan; a plan is always valued with its own pieces."""
    sale, stay, clock, rule = terms
    room, ladders, found, now, reach = out
    found.value[row], found.step[row] = now[0], stay.first
    wanted = min(stay.pieces, LOTS_MAX)
    _begin(wanted, stay, now, reach)
    for _ in range(TRIES_MAX if clock.weeks > 0 else 0):
        back = reach.back[wanted]
        fill_worth(stay.scrap, back, clock, stay.worth)
        gain_lots(sale, stay, rule, room, ladders)
        _learn(stay, room.gained, back, reach)
        likely = _highest(stay, now, reach)
        for kept in (likely, wanted):
            if kept > 0 and room.gained[kept] + now[kept] > found.value[row]:
                _write_plan(row, kept, back, stay, rule, out)
        if _limit(likely, now, reach) <= found.value[row] + NEAR * abs(found.value[row]):
            break
        wanted = likely
    fill_worth(stay.scrap, reach.back[min(stay.pieces, LOTS_MAX)], clock, stay.worth)


@compiled
def _begin(lots: int, stay: Stay, now: np.ndarray, reach: Reach) -> None:
    reach.back[lots] = now[0] / stay.pieces
    for kept in range(lots - 1, 0, -1):
        more = reach.back[kept + 1]
        average = (now[0] - now[kept]) * lots / (kept * stay.pieces)
        # rounding must not tell pieces apart that fetch the same
        reach.back[kept] = average if average < more - _SAME * abs(more) else more
    reach.low[: lots + 1] = -np.inf
    reach.high[: lots + 1] = np.inf


@compiled
def _learn(stay: Stay, gained: np.ndarray, back: float, reach: Reach) -> None:
    """Note what was solved at one return value, where it is nearer than what was known."""
    for kept in range(1, min(stay.pieces, LOTS_MAX) + 1):
        if reach.back[kept] <= back < reach.high[kept]:
            reach.high[kept], reach.at_high[kept] = back, gained[kept]
        if reach.low[kept] < back <= reach.back[kept]:
            reach.low[kept], reach.at_low[kept] = back, gained[kept]


@compiled
def _limit(kept: int, now: np.ndarray, reach: Reach) -> float:
    """Bound what keeping so many lots can be worth."""
    if kept == 0:
        return float(now[0])
    share, width = 1.0, reach.high[kept] - reach.low[kept]
    if 0 < width < np.inf:
        share = (reach.back[kept] - reach.low[kept]) / width
    gained = reach.at_high[kept] * share
    if share < 1.0:
        gained += reach.at_low[kept] * (1.0 - share)
    return float(gained + now[kept])


@compiled
def _highest(stay: Stay, now: np.ndarray, reach: Reach) -> int:
    """Find the number of lots with the highest bound; 0 where nothing can be better than keeping none."""
    best, chosen = now[0] + 1e-12, 0
    for kept in range(1, min(stay.pieces, LOTS_MAX) + 1):
        limit = _limit(kept, now, reach)
        if limit > best:
            best, chosen = limit, kept
    return chosen


@compiled
def _write_plan(row: int, kept: int, back: float, stay: Stay, rule: Rule, out: Out) -> None:
    """Write down a plan if it is better than what was found before."""
    room, ladders, found, now, reach = out
    ends = follow_lots(kept, stay, rule, room, ladders)
    # `back` is not what these pieces fetch
    value = room.gained[kept] + now[kept] - ends[1] * (back - reach.back[kept])
    if value > found.value[row]:
        pieces = round(kept * stay.pieces / min(stay.pieces, LOTS_MAX))
        found.value[row], found.keep[row], found.step[row] = value, pieces, room.price[0, kept]
        sold, returned, disposed = whole_ends(pieces, kept, stay, ends)
        found.sold[row], found.returned[row], found.disposed[row] = sold, returned, disposed

"""
Where a decision would turn: the return value, the rate and the deadline at which most pieces would stay, or go.

Either at least half of a listing's pieces stay on sale or most are taken out. Either turns into the
other at one value when one of the three is moved and all else stays, because keeping gains with the
rate and with time, and loses against a higher return value. The value is found by solving again,
with the same programme.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.listings import Clock, Listings, Places, Response, chosen
from include.winddown.domain.split.solve import solve_listings

FACTOR_MAX = 8.0
HALVINGS = 7
WEEKS_MORE = (1, 2, 4, 8, 16, 32)


class Flips(NamedTuple):
    """
    By listing; NaN where it does not turn within reach, or was not looked for.

    Attributes:
        rate: pieces a week at today's price; looked for between an eighth and eight times today's.
        back: average net of a returned piece [minor]; looked for up to the price, and down to disposal.
        weeks: to the deadline; looked for from none to 32 more.
    """

    rate: np.ndarray
    back: np.ndarray
    weeks: np.ndarray


Goods = tuple[Listings, Places]


def find_flips(
    listings: Listings, places: Places, response: Response, clock: Clock, rows: np.ndarray
) -> Flips:
    """
    Look for the turning points of some listings.

    Args:
        listings: as they were solved.
        places: theirs.
        response: of the buyers.
        clock: the weeks left.
        rows: the listings to look at.

    Returns:
        One entry for each of all listings.
    """
    flips = Flips(*(np.full(len(listings.pieces), np.nan) for _ in Flips._fields))
    if not len(rows):
        return flips
    goods = chosen(listings, places, rows)

    def kept(changed: Goods, at: Clock = clock) -> np.ndarray:
        return _most_stay(changed, response, at)

    is_kept = kept(goods)
    flips.rate[rows] = _bisect(
        lambda factor: kept(_with_rate(goods, factor)),
        np.where(is_kept, 1 / FACTOR_MAX, FACTOR_MAX),
        is_kept,
    ) * np.asarray(goods[0].rate)
    flips.back[rows] = _back(goods, kept, is_kept)
    flips.weeks[rows] = _weeks(goods, clock, is_kept, response)
    return flips


def _most_stay(goods: Goods, response: Response, clock: Clock) -> np.ndarray:
    return np.asarray(solve_listings(*goods, response, clock).keep * 2 >= goods[0].pieces)


def _bisect(keeps: Callable[[np.ndarray], np.ndarray], far: np.ndarray, is_kept: np.ndarray) -> np.ndarray:
    """Halve, on a logarithmic scale, between 1, where the choice is known, and far."""
    near = np.ones(len(far))
    turns = keeps(far) != is_kept
    for _ in range(HALVINGS):
        middle = np.sqrt(near * far)
        same = keeps(middle) == is_kept
        near, far = np.where(same, middle, near), np.where(same, far, middle)
    return np.where(turns, np.sqrt(near * far), np.nan)


def _with_rate(goods: Goods, factor: np.ndarray) -> Goods:
    listings, places = goods
    return listings._replace(rate=listings.rate * factor), places


def _back(goods: Goods, kept: Callable[[Goods], np.ndarray], is_kept: np.ndarray) -> np.ndarray:
    """Move all return values of a listing by one amount, linearly between disposal and the price."""
    listings, places = goods
    owner = np.repeat(np.arange(len(listings.pieces)), np.diff(listings.start))
    able = np.isfinite(places.back)
    pieces = np.bincount(owner, np.where(able, places.pieces, 0))
    average = np.bincount(owner, np.where(able, places.back * places.pieces, 0.0)) / np.maximum(pieces, 1)
    far = (
        np.where(is_kept, np.maximum(listings.price, average), np.minimum(listings.scrap, average)) - average
    )

    def keeps(part: np.ndarray) -> np.ndarray:
        return kept((listings, places._replace(back=places.back + (part * far)[owner])))

    low, high = np.zeros(len(far)), np.ones(len(far))
    turns = (keeps(high) != is_kept) & (pieces > 0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        same = keeps(middle) == is_kept
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.where(turns, average + far * (low + high) / 2, np.nan)


def _weeks(goods: Goods, clock: Clock, is_kept: np.ndarray, response: Response) -> np.ndarray:
    """Take weeks away one by one where most pieces stay, add some where they go."""
    found = np.full(len(is_kept), np.nan)
    fewer = [-weeks for weeks in range(1, clock.weeks + 1)]
    for steps, wanted in ((fewer, is_kept), (WEEKS_MORE, ~is_kept)):
        left = np.flatnonzero(wanted)
        for step in steps:
            if not len(left):
                break
            at = clock._replace(weeks=clock.weeks + step, last_call=max(clock.last_call + step, -1))
            turned = _most_stay(chosen(*goods, left), response, at) != is_kept[left]
            found[left[turned]] = at.weeks
            left = left[~turned]
    return found

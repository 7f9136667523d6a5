"""What each piece gains when it goes back now instead of staying: blocks with falling gain, by place."""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.tables import LOTS_MAX

_HARDLY = 1e-9


class Seats(NamedTuple):
    """
    The places of some listings, and what is known of them so far.

    Attributes:
        listing: of each place.
        start: of each listing, as in Listings.
        pieces: of each place.
        back: net of a piece of each place that goes back now, freight not counted [minor]; -inf = closed.
        gone: of each place, pieces that go back now; where that is undecided, those that come first.
        is_done: of each place, whether that is decided.
    """

    listing: np.ndarray
    start: np.ndarray
    pieces: np.ndarray
    back: np.ndarray
    gone: np.ndarray
    is_done: np.ndarray


def gain_blocks(
    these: np.ndarray, seats: Seats, value: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    List the pieces of some places in blocks.

    A listing's pieces go back from the first of its places on, so pieces of the places before count as
    gone unless it is decided otherwise. Gains that rise within a place are averaged (pool adjacent
    violators): their pieces are worth taking together or not at all.

    Args:
        these: places, all of one group.
        seats: all places.
        value: by listing and number of lots, of leaving so many there; see value_leaving.

    Returns:
        Columns, one entry a block: its place, gain of a piece [minor] and pieces.
    """
    most = int(np.minimum(seats.pieces[these], LOTS_MAX + 2).sum()) + len(these)
    place, gain, units = np.zeros(most, np.int64), np.zeros(most), np.zeros(most, np.int64)
    count = _fill_blocks(these, seats, value, (place, gain, units))
    return place[:count], gain[:count], units[:count]


@compiled
def _fill_blocks(
    these: np.ndarray, seats: Seats, value: np.ndarray, out: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> int:
    places, gains, units = out
    count = 0
    for place in these:
        if seats.back[place] == -np.inf:
            continue
        row = seats.listing[place]
        stock, left = _stock_before(place, seats)
        size = stock / min(stock, LOTS_MAX)
        last = left - min(left, seats.pieces[place])
        first = count
        while left > last:
            after = min(left - 1, max(last, int((np.ceil(left / size - _HARDLY) - 1) * size + _HARDLY)))
            worth = leave(left, size, value[row]) - leave(after, size, value[row])
            places[count], units[count] = place, left - after
            gains[count] = seats.back[place] - worth / (left - after)
            count = _pool(first, count, gains, units) + 1
            left = after
    return count


@compiled
def _stock_before(place: int, seats: Seats) -> tuple[int, int]:
    """Count a listing's pieces, and those left there when it is this place's turn."""
    row = seats.listing[place]
    stock, gone = 0, 0
    for other in range(seats.start[row], seats.start[row + 1]):
        stock += seats.pieces[other]
        if other != place and (other < place or seats.is_done[other]):
            gone += seats.gone[other]
    return stock, stock - gone


@compiled
def leave(pieces: float, size: float, value: np.ndarray) -> float:
    """Value leaving so many pieces, between two numbers of lots by straight line."""
    lots = pieces / size
    below = int(lots + _HARDLY)
    part = lots - below
    if part < _HARDLY:
        return float(value[below])
    return float(value[below] + part * (value[below + 1] - value[below]))


@compiled
def _pool(first: int, at: int, gains: np.ndarray, units: np.ndarray) -> int:
    """Average the last block with those before it while it gains more than they do."""
    while at > first and gains[at] > gains[at - 1]:
        both = units[at] + units[at - 1]
        gains[at - 1] = (gains[at] * units[at] + gains[at - 1] * units[at - 1]) / both
        units[at - 1] = both
        at -= 1
    return at

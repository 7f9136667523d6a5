"""What leaving some pieces of each listing on sale is worth, for every number of them."""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.bound import mark_turns
from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.either import follow_lots, gain_lots, rule_of, stay_of, whole_ends
from include.winddown.domain.split.kernel import Room, Sale, Stay, make_room, make_sale
from include.winddown.domain.split.listings import Clock, Listings, Response
from include.winddown.domain.split.search import fill_worth
from include.winddown.domain.split.solve import price_steps
from include.winddown.domain.split.sticky import Ladders, Rule, make_ladders
from include.winddown.domain.split.tables import LOTS_MAX

_HARDLY = 1e-12


class Leaving(NamedTuple):
    """
    By listing and, in the first two, by number of lots left there.

    Attributes:
        value: of leaving so many lots, the best number of them on sale and the others disposed of [minor].
        keep: that number of lots.
        step: ladder step of this week's price for the pieces that were asked about.
        sold, returned, disposed: what becomes of those pieces, on average.
    """

    value: np.ndarray
    keep: np.ndarray
    step: np.ndarray
    sold: np.ndarray
    returned: np.ndarray
    disposed: np.ndarray


def value_leaving(
    listings: Listings, later: np.ndarray, kept: np.ndarray, response: Response, clock: Clock
) -> Leaving:
    """
    Solve each listing for every number of lots that may be left there.

    Args:
        listings: with stock.
        later: by listing, net of a piece that goes back at the last call [minor]; what fetches less
            than disposal is disposed of.
        kept: by listing, the pieces to follow until the end.
        response: of the buyers.
        clock: the weeks left.

    Returns:
        One entry a listing; columns of lots from 0 to LOTS_MAX.
    """
    count, weeks = len(listings.pieces), max(1, clock.weeks)
    found = Leaving(
        value=np.zeros((count, LOTS_MAX + 1)),
        keep=np.zeros((count, LOTS_MAX + 1), np.int64),
        step=listings.first.astype(np.int64),
        sold=np.zeros(count),
        returned=np.zeros(count),
        disposed=kept.astype(np.float64),
    )
    steps = len(response.share)
    terms = (make_sale(steps), np.zeros(clock.weeks + 1), later, kept.astype(np.int64))
    _value_all(listings, terms, response, clock, (make_room(steps, weeks), make_ladders(steps, weeks)), found)
    return found


@compiled
def _value_all(
    listings: Listings,
    terms: tuple[Sale, np.ndarray, np.ndarray, np.ndarray],
    response: Response,
    clock: Clock,
    scratch: tuple[Room, Ladders],
    found: Leaving,
) -> None:
    sale, worth, later, kept = terms
    room, ladders = scratch
    for row in range(len(listings.pieces)):
        price_steps(row, listings, response, sale)
        fill_worth(listings.scrap[row], later[row], clock, worth)
        stay = stay_of(row, listings, clock, worth)
        if clock.weeks > 0:
            room.span[:, 1] = 0
            mark_turns(sale, stay, room)
            rule = rule_of(row, listings, clock)
            gain_lots(sale, stay, rule, room, ladders)
            _follow_kept(row, kept[row], stay, rule, scratch, found)
        _value_left(stay, room.gained, found.value[row], found.keep[row])


@compiled
def _value_left(stay: Stay, gained: np.ndarray, value: np.ndarray, keep: np.ndarray) -> None:
    """Take the best number of lots to keep out of those that are left."""
    lots = min(stay.pieces, LOTS_MAX)
    scrap = stay.scrap * (stay.pieces / lots)
    best, kept = 0.0, 0
    for left in range(lots + 1):
        more = gained[left] - left * scrap
        if len(stay.worth) > 1 and more > best + _HARDLY:
            best, kept = more, left
        keep[left] = kept
        value[left] = best + left * scrap


@compiled
def _follow_kept(
    row: int, kept: int, stay: Stay, rule: Rule, scratch: tuple[Room, Ladders], found: Leaving
) -> None:
    room, ladders = scratch
    lots = min(stay.pieces, LOTS_MAX)
    whole = max(1, round(kept * lots / stay.pieces))
    if kept == 0:
        return
    ends = whole_ends(kept, whole, stay, follow_lots(whole, stay, rule, room, ladders))
    found.step[row] = room.price[0, whole]
    found.sold[row], found.returned[row], found.disposed[row] = ends

"""Solve every listing: how many pieces stay on sale, at which price, and what else could be done."""

import numpy as np

from include.winddown.domain.split.bound import fluid_bound, mark_turns
from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.either import rule_of, stay_of
from include.winddown.domain.split.kernel import Room, Sale, make_room, make_sale
from include.winddown.domain.split.listings import Clock, Found, Listings, Places, Response, make_found
from include.winddown.domain.split.search import Reach, decide, make_reach
from include.winddown.domain.split.simple import value_simple
from include.winddown.domain.split.sticky import Ladders, make_ladders
from include.winddown.domain.split.tables import LOTS_MAX

_CRUMB = 1e-9


def solve_listings(listings: Listings, places: Places, response: Response, clock: Clock) -> Found:
    """
    Find the best plan of each listing.

    Args:
        listings: with stock.
        places: their stock by warehouse.
        response: of the buyers.
        clock: the weeks left.

    Returns:
        One entry a listing, in their order.
    """
    found = make_found(len(listings.pieces))
    weeks = max(1, clock.weeks)
    steps = len(response.share)
    room, ladders = make_room(steps, weeks), make_ladders(steps, weeks)
    scratch = (make_sale(steps), np.zeros(clock.weeks + 1), np.zeros(LOTS_MAX + 1))
    _solve_all(listings, places, response, clock, scratch, (room, ladders, make_reach(), found))
    return found


@compiled
def _solve_all(
    listings: Listings,
    places: Places,
    response: Response,
    clock: Clock,
    scratch: tuple[Sale, np.ndarray, np.ndarray],
    out: tuple[Room, Ladders, Reach, Found],
) -> None:
    room, ladders, reach, found = out
    sale, worth, now = scratch
    for row in range(len(listings.pieces)):
        price_steps(row, listings, response, sale)
        lowest = fill_now(row, listings, places, clock, now)
        stay = stay_of(row, listings, clock, worth)
        room.span[:, 1] = 0
        turns = mark_turns(sale, stay, room)
        found.bound[row] = now[0] + fluid_bound(turns, stay, lowest, room)
        decide(row, (sale, stay, clock, rule_of(row, listings, clock)), (room, ladders, found, now, reach))
        value_simple(row, sale, stay, clock, (room, found, now))


@compiled
def price_steps(row: int, listings: Listings, response: Response, sale: Sale) -> None:
    """Fill in gain and demand of a listing at each price."""
    category, rate, doubt = listings.category[row], listings.rate[row], listings.doubt[row]
    for step in range(len(response.share)):
        taken = listings.price[row] * response.share[step]
        sale.gain[step] = taken * (1 - listings.fee_share[row]) - listings.fee[row]
        mean = rate * response.lift[category, step]
        more = response.doubt[category, step]
        sale.mean[step] = mean
        sale.variance[step] = mean + mean * mean * (doubt + more * (1 + doubt))


@compiled
def fill_now(row: int, listings: Listings, places: Places, clock: Clock, now: np.ndarray) -> float:
    """
    Tell what taking out is worth today: now[kept] when so many lots are kept, the dearest going first.

    Returns:
        What the last piece would fetch.
    """
    lots = min(listings.pieces[row], LOTS_MAX)
    size = listings.pieces[row] / lots
    scrap = listings.scrap[row]
    place = listings.start[row]
    here = float(places.pieces[place])
    total, net = 0.0, scrap
    now[lots] = 0.0
    for kept in range(lots - 1, -1, -1):
        wanted = size
        while wanted > _CRUMB and place < listings.start[row + 1]:
            taken = min(wanted, here)
            net = max(places.back[place], scrap) if clock.last_call >= 0 else scrap
            total += taken * net
            wanted -= taken
            here -= taken
            if here <= _CRUMB:
                place += 1
                here = float(places.pieces[place]) if place < listings.start[row + 1] else 0.0
        now[kept] = total
    return float(net)

"""Solve every listing: how many pieces stay on sale, at which price, and what else could be done."""

import numpy as np

from include.winddown.domain.split.bound import fluid_bound, mark_turns
from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.follow import follow
from include.winddown.domain.split.kernel import Room, Sale, Stay, make_room, solve_weeks
from include.winddown.domain.split.listings import Clock, Found, Listings, Places, Response, make_found
from include.winddown.domain.split.simple import value_simple
from include.winddown.domain.split.sticky import (
    Ladders,
    Rule,
    follow_sticky,
    is_free,
    make_ladders,
    solve_sticky,
)
from include.winddown.domain.split.tables import LOTS_MAX

Out = tuple[Room, Ladders, Found, np.ndarray]
Terms = tuple[Sale, Stay, Clock, Rule]
_CRUMB = 1e-9
_TRIES = 3
_NEAR = 3e-3
_HARDLY = 1e-12


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
    scratch = (make_room(len(response.share), weeks), make_ladders(len(response.share), weeks))
    _solve_all(listings, places, response, clock, (*scratch, found))
    return found


@compiled
def _solve_all(
    listings: Listings, places: Places, response: Response, clock: Clock, out: tuple[Room, Ladders, Found]
) -> None:
    room, ladders, found = out
    steps = len(response.share)
    sale = Sale(np.zeros(steps), np.zeros(steps), np.zeros(steps))
    worth = np.zeros(clock.weeks + 1)
    now = np.zeros(LOTS_MAX + 1)
    for row in range(len(listings.pieces)):
        price_steps(row, listings, response, sale)
        lowest = fill_now(row, listings, places, clock, now)
        stay = Stay(
            listings.pieces[row],
            listings.storage[row],
            worth,
            listings.scrap[row],
            listings.first[row],
            listings.last[row],
            clock.width,
        )
        rule = Rule(clock.every, clock.may_raise, len(listings.locked) > 0 and listings.locked[row])
        mark_turns(sale, stay, room.is_turn)
        found.bound[row] = now[0] + fluid_bound(sale, stay, lowest)
        _decide(row, (sale, stay, clock, rule), (room, ladders, found, now))
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


@compiled
def fill_worth(scrap: float, back: float, clock: Clock, worth: np.ndarray) -> None:
    """Fill in what a piece taken out in each week is worth."""
    for week in range(clock.weeks + 1):
        is_open = week == clock.last_call or (clock.any_week and week < clock.last_call)
        worth[week] = max(back, scrap) if is_open else scrap


@compiled
def _gain(sale: Sale, stay: Stay, rule: Rule, room: Room, ladders: Ladders) -> None:
    """Fill room.gained: what each number of lots gains when it is kept."""
    if is_free(rule):
        solve_weeks(sale, stay, room)
    else:
        solve_sticky(sale, stay, rule, room, ladders)


@compiled
def _decide(row: int, terms: Terms, out: Out) -> None:
    """
    Choose how many lots stay, and follow the plan.

    What stays fetches less on average when it goes back later, because the dearest pieces go first. So
    the programme is solved with the average of all pieces, and again with that of the kept ones while
    this matters; a plan is always valued with its own.
    """
    sale, stay, clock, rule = terms
    room, ladders, found, now = out
    found.value[row], found.step[row] = now[0], stay.first
    most = min(stay.pieces, LOTS_MAX)
    back = now[0] / stay.pieces
    for attempt in range(_TRIES if clock.weeks > 0 else 0):
        fill_worth(stay.scrap, back, clock, stay.worth)
        _gain(sale, stay, rule, room, ladders)
        kept = _best_kept(most, room.gained, now)
        if kept == 0:
            break
        slack = _value_plan(row, kept, back, stay, rule, out)
        if attempt == 0 and kept < most and room.gained[most] > found.value[row]:
            _value_plan(row, most, back, stay, rule, out)
        if slack <= _NEAR * abs(found.value[row]):
            break
        most, back = kept, _average(kept, stay, now)
    fill_worth(stay.scrap, now[0] / stay.pieces, clock, stay.worth)


@compiled
def _best_kept(most: int, gained: np.ndarray, now: np.ndarray) -> int:
    best, kept = now[0], 0
    for stock in range(1, most + 1):
        value = gained[stock] + now[stock]
        if value > best + 1e-12:
            best, kept = value, stock
    return kept


@compiled
def _average(kept: int, stay: Stay, now: np.ndarray) -> float:
    """Average what the kept pieces would fetch today."""
    return float((now[0] - now[kept]) * min(stay.pieces, LOTS_MAX) / (kept * stay.pieces))


@compiled
def _value_plan(row: int, kept: int, back: float, stay: Stay, rule: Rule, out: Out) -> float:
    """
    Write down a plan if it is better than what was found before.

    Returns:
        By how much its value was too high, because `back` is not what its pieces fetch.
    """
    room, ladders, found, now = out
    if is_free(rule):
        sold, returned, disposed, _ = follow(kept, stay, room)
    else:
        sold, returned, disposed = follow_sticky(kept, stay, room, ladders)
    slack = returned * (back - _average(kept, stay, now))
    value = room.gained[kept] + now[kept] - slack
    if value > found.value[row]:
        lots = min(stay.pieces, LOTS_MAX)
        keep = round(kept * stay.pieces / lots)
        found.value[row], found.keep[row], found.step[row] = value, keep, room.price[0, kept]
        # lots need not be whole pieces, and what the tables leave out of demand is neither sold nor left
        found.sold[row] = min(float(keep), sold * keep * lots / (kept * stay.pieces))
        left = keep - found.sold[row]
        found.returned[row] = left * returned / max(returned + disposed, _HARDLY)
        found.disposed[row] = left - found.returned[row]
    return float(slack)

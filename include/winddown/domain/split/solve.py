"""Solve every listing: how many pieces stay on sale, at which price, and what else could be done."""

import numpy as np

from include.winddown.domain.split.bound import fluid_bound
from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.kernel import Room, Sale, Stay, follow, make_room, prepare, solve_weeks
from include.winddown.domain.split.listings import Clock, Found, Listings, Places, Response, make_found
from include.winddown.domain.split.tables import LOTS_MAX


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
    room = make_room(len(response.share), max(1, clock.weeks))
    _solve_all(listings, places, response, clock, (room, found))
    return found


@compiled
def _solve_all(
    listings: Listings, places: Places, response: Response, clock: Clock, out: tuple[Room, Found]
) -> None:
    room, found = out
    steps = len(response.share)
    sale = Sale(np.zeros(steps), np.zeros(steps), np.zeros(steps))
    worth = np.zeros(clock.weeks + 1)
    now = np.zeros(LOTS_MAX + 1)
    for row in range(len(listings.pieces)):
        price_steps(row, listings, response, sale)
        back, lowest = fill_now(row, listings, places, now)
        fill_worth(listings.scrap[row], back, clock, worth)
        stay = Stay(
            listings.pieces[row],
            listings.storage[row],
            worth,
            listings.scrap[row],
            listings.first[row],
            listings.last[row],
            clock.width,
        )
        _decide(row, sale, stay, (room, found, now))
        _compare(row, sale, stay, clock, (room, found, now))
        found.bound[row] = now[0] + fluid_bound(sale, stay, max(lowest, listings.scrap[row]))


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
def fill_now(row: int, listings: Listings, places: Places, now: np.ndarray) -> tuple[float, float]:
    """
    Tell what taking out is worth today: now[kept] when so many lots are kept, the dearest going first.

    Returns:
        The average return value of a piece, and the lowest.
    """
    lots = min(listings.pieces[row], LOTS_MAX)
    size = listings.pieces[row] / lots
    place = listings.start[row]
    here = float(places.pieces[place])
    total, gone, lowest = 0.0, 0.0, places.back[place]
    now[lots] = 0.0
    for kept in range(lots - 1, -1, -1):
        wanted = size
        while wanted > _CRUMB and place < listings.start[row + 1]:
            taken = min(wanted, here)
            total += taken * max(places.back[place], listings.scrap[row])
            wanted -= taken
            here -= taken
            if here <= _CRUMB and place + 1 < listings.start[row + 1]:
                place += 1
                here = float(places.pieces[place])
                lowest = places.back[place]
            gone += taken
        now[kept] = total
    return now[0] / listings.pieces[row], lowest


_CRUMB = 1e-9


@compiled
def fill_worth(scrap: float, back: float, clock: Clock, worth: np.ndarray) -> None:
    """Fill in what a piece taken out in each week is worth."""
    for week in range(clock.weeks + 1):
        is_open = week == clock.last_call or (clock.any_week and week < clock.last_call)
        worth[week] = max(back, scrap) if is_open else scrap


@compiled
def _decide(row: int, sale: Sale, stay: Stay, out: tuple[Room, Found, np.ndarray]) -> None:
    """Choose how many lots stay, and follow the plan."""
    room, found, now = out
    lots = min(stay.pieces, LOTS_MAX)
    best, kept = now[0], 0
    if len(stay.worth) > 1:
        solve_weeks(sale, stay, room)
        for stock in range(1, lots + 1):
            value = room.gained[stock] + now[stock]
            if value > best + 1e-12:
                best, kept = value, stock
    found.value[row] = best
    found.keep[row] = round(kept * stay.pieces / lots)
    found.step[row] = room.price[0, kept] if kept else stay.first
    if kept:
        whole = found.keep[row] * lots / (kept * stay.pieces)  # kept lots need not be whole pieces
        sold, returned, disposed, _ = follow(kept, -1, stay, room)
        found.sold[row] = sold * whole
        found.returned[row], found.disposed[row] = returned * whole, disposed * whole


@compiled
def _compare(row: int, sale: Sale, stay: Stay, clock: Clock, out: tuple[Room, Found, np.ndarray]) -> None:
    """Value the simple policies: all back, all scrapped, the price held, the best single markdown."""
    room, found, now = out
    found.return_all[row] = now[0]
    found.dispose_all[row] = stay.pieces * stay.scrap
    weeks = min(max(clock.last_call, 0), clock.weeks)
    if weeks == 0:
        found.hold[row] = found.markdown[row] = now[0]
        return
    short = Stay(
        stay.pieces, stay.storage, stay.worth[: weeks + 1], stay.scrap, stay.first, stay.last, stay.width
    )
    found.hold[row] = _one_price(stay.first, sale, short, room)
    best = _likely_best(sale, short)
    found.markdown_step[row] = best
    found.markdown[row] = _one_price(best, sale, short, room) if best > stay.first else found.hold[row]


@compiled
def _one_price(step: int, sale: Sale, stay: Stay, room: Room) -> float:
    lots = min(stay.pieces, LOTS_MAX)
    if room.span[step, 1] == 0:
        prepare(step, sale, stay, room)
    sold, returned, disposed, stored = follow(lots, step, stay, room)
    out = (returned + disposed) * stay.worth[len(stay.worth) - 1]
    return float(sold * sale.gain[step] + out - stored * stay.storage)


@compiled
def _likely_best(sale: Sale, stay: Stay) -> int:
    """Choose the single lower price as if demand came evenly."""
    weeks = len(stay.worth) - 1
    best, chosen = -np.inf, stay.first
    for step in range(stay.first + 1, stay.last):
        sold = min(float(stay.pieces), sale.mean[step] * weeks)
        lasts = min(float(weeks), stay.pieces / max(sale.mean[step], _CRUMB))
        stored = stay.pieces * weeks - sold * (weeks - 0.5 * lasts)
        value = sold * sale.gain[step] + (stay.pieces - sold) * stay.worth[weeks] - stored * stay.storage
        if value > best:
            best, chosen = value, step
    return chosen

"""Follow a policy forward: what becomes of the pieces that are kept, on average."""

import numpy as np

from include.winddown.domain.split.compiled import compiled, inlined
from include.winddown.domain.split.kernel import Room, Stay
from include.winddown.domain.split.lanes import (
    LANES,
    load,
    number_at,
    plus,
    plus_times,
    repeat,
    store,
    total_of,
    zeros,
)
from include.winddown.domain.split.stocks import Row, Tables
from include.winddown.domain.split.tables import LOTS_MAX, STEP, STRIDE

_HARDLY = 1e-15


@compiled
def follow(kept: int, stay: Stay, room: Room) -> tuple[float, float, float]:
    """
    Follow the policy in room.price and room.keep from what is kept in the first week.

    Args:
        kept: lots.
        stay: of the listing.
        room: its tables, and the chances of each stock as scratch.

    Returns:
        Pieces sold, returned and disposed of, each on average.
    """
    size = stay.pieces / min(stay.pieces, LOTS_MAX)
    sold, returned, disposed = 0.0, 0.0, 0.0
    chance = room.chance
    chance[: kept + 1] = 0.0
    chance[kept] = 1.0
    low, top = kept, kept
    weeks = len(stay.worth) - 1
    for week in range(weeks + 1):
        if week > 0:
            low, top, out = _leave(week, weeks, (low, top), room)
            if stay.worth[week] > stay.scrap:
                returned += out
            else:
                disposed += out
        if week < weeks:
            low, top = _narrow(low, top, chance)
            low, out = _one_week(week, (low, top), room)
            sold += out
    return sold * size, returned * size, disposed * size


@inlined
def _leave(week: int, weeks: int, ends: tuple[int, int], room: Room) -> tuple[int, int, float]:
    """Take out what the policy takes out in this week, at the end all; tells which stocks are left."""
    low, top = ends
    chance, keep, out = room.chance, room.keep, 0.0
    is_end = week == weeks
    if not is_end and top <= room.whole[week]:
        return low, top, out
    stays = 0 if is_end else low
    while stays > 0 and not keep[week, stays]:
        stays -= 1
    lowest = stays
    for stock in range(low, top + 1):
        if not is_end and keep[week, stock]:
            stays = stock
        else:
            out += chance[stock] * (stock - stays)
            chance[stays] += chance[stock]
            chance[stock] = 0.0
    return lowest, stays, out


@inlined
def _narrow(low: int, top: int, chance: np.ndarray) -> tuple[int, int]:
    """Leave out stocks at the ends that hardly any chance leads to, and the one that is sold out."""
    low = max(low, 1)
    while low < top and chance[low] < _HARDLY:
        chance[low] = 0.0
        low += 1
    while top > low and chance[top] < _HARDLY:
        chance[top] = 0.0
        top -= 1
    return low, top


@inlined
def _one_week(week: int, ends: tuple[int, int], room: Room) -> tuple[int, float]:
    """Sell for a week, in place; stocks next to each other that have the same price are sold together."""
    span, chance, after, prices = room.span, room.chance, room.after, room.price
    low, top = ends
    for stock in range(1, top + 1, LANES):
        store(zeros(), after, stock)
    sold, least, high = 0.0, low, low
    while low <= top:
        at, high = prices[week, low], low
        while high < top and prices[week, high + 1] == at:
            high += 1
        near, far = load(chance, high + 1), load(chance, high + 1 + LANES)  # what spread reads beyond `high`
        store(zeros(), chance, high + 1)
        store(zeros(), chance, high + 1 + LANES)
        least = max(1, min(least, low + 1 - span[at, 1]))
        reach = (low, high, span[at, 0], span[at, 1])
        sold += spread(reach, (room.odds, room.sold, at * STRIDE), (chance, 0), (after, 0))
        for stock in range(low, high + 1, LANES):
            store(zeros(), chance, stock)
        store(near, chance, high + 1)
        store(far, chance, high + 1 + LANES)
        low = high + 1
    for stock in range(1, top + 1, LANES):
        store(load(after, stock), chance, stock)
    return least, sold


@compiled
def spread(reach: tuple[int, int, int, int], tables: Tables, chance: Row, after: Row) -> float:
    """
    Let the stocks from low to high sell at one price; what falls to 0 or below is sold out.

    Args:
        reach: low, high, the first and the last but one number of lots that may be sold.
        tables: as in gain_eight.
        chance: of each stock, 0 outside of low to high and for the lanes behind.
        after: chances after the week are added to these.

    Returns:
        Lots sold on average.
    """
    low, high, first, beyond = reach
    odds, expected, row = tables
    sold = zeros()
    for stock in range(low, high + 1, LANES):
        sold = plus_times(sold, load(chance[0], chance[1] + stock), load(expected, row + stock))
    for stock in range(max(1, low + 1 - beyond), high + 1 - first, LANES):
        one, two, three, four = load(after[0], after[1] + stock), zeros(), zeros(), zeros()
        # no stock above `high` has a chance, none below `low` either
        for lost in range(max(first, low + 1 - stock - LANES), min(beyond, high + 1 - stock), STEP):
            place = chance[1] + stock + lost
            one = plus_times(one, repeat(number_at(odds, row + lost)), load(chance[0], place))
            two = plus_times(two, repeat(number_at(odds, row + lost + 1)), load(chance[0], place + 1))
            three = plus_times(three, repeat(number_at(odds, row + lost + 2)), load(chance[0], place + 2))
            four = plus_times(four, repeat(number_at(odds, row + lost + 3)), load(chance[0], place + 3))
        store(plus(plus(one, two), plus(three, four)), after[0], after[1] + stock)
    return float(total_of(sold))

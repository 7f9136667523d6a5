"""Follow a policy forward: what becomes of the pieces that are kept, on average."""

import numpy as np

from include.winddown.domain.split.compiled import compiled, compiled_loosely
from include.winddown.domain.split.kernel import Room, Stay
from include.winddown.domain.split.tables import LOTS_MAX, STRIDE


@compiled
def follow(kept: int, price: int, stay: Stay, room: Room) -> tuple[float, float, float, float]:
    """
    Follow a policy from what is kept in the first week.

    Args:
        kept: lots.
        price: one price for all weeks, everything left being taken out at the end; -1 follows
            room.price and room.keep.
        stay: of the listing.
        room: its tables, and the chances of each stock as scratch.

    Returns:
        Pieces sold, returned and disposed of, each on average, and piece-weeks stored.
    """
    size = stay.pieces / min(stay.pieces, LOTS_MAX)
    sold, returned, disposed, stored = 0.0, 0.0, 0.0, 0.0
    room.chance[: kept + 1] = 0.0
    room.chance[kept] = 1.0
    weeks = len(stay.worth) - 1
    for week in range(weeks + 1):
        out = 0.0
        if week == weeks or (week > 0 and price < 0):
            out = _removed(0 if week == weeks else kept, kept, room.keep[min(week, weeks - 1)], room)
        if stay.worth[week] > stay.scrap:
            returned += out
        else:
            disposed += out
        if week < weeks:
            week_sold, week_stored = _one_week(week, kept, price, room)
            sold += week_sold
            stored += week_stored
    return sold * size, returned * size, disposed * size, stored * size


@compiled
def _removed(most: int, kept: int, keep: np.ndarray, room: Room) -> float:
    """Take out what the policy takes out, and leave so many lots at most."""
    out = 0.0
    for stock in range(1, kept + 1):
        stays = min(most, keep[stock])
        if stays < stock and room.chance[stock] > 0:
            out += room.chance[stock] * (stock - stays)
            room.chance[stays] += room.chance[stock]
            room.chance[stock] = 0.0
    return out


@compiled
def _one_week(week: int, kept: int, price: int, room: Room) -> tuple[float, float]:
    """Sell for a week; stocks next to each other that have the same price are sold together."""
    span, chance, after, prices = room.span, room.chance, room.after, room.price[week]
    after[: STRIDE + kept + 1] = 0.0
    sold, stored = 0.0, 0.0
    low = 1
    while low <= kept:
        high = kept
        at = price
        if price < 0:
            at, high = prices[low], low
            while high < kept and prices[high + 1] == at:
                high += 1
        reach = (low, high, span[at, 0], span[at, 1])
        out, stayed = spread(reach, room.odds[at], room.sold[at], chance, after)
        sold += out
        stored += stayed
        low = high + 1
    chance[1 : kept + 1] = after[STRIDE + 1 : STRIDE + kept + 1]
    return sold, stored


@compiled_loosely
def spread(
    reach: tuple[int, int, int, int],
    odds: np.ndarray,
    expected: np.ndarray,
    chance: np.ndarray,
    after: np.ndarray,
) -> tuple[float, float]:
    """Let the stocks from low to high sell at one price; what falls to 0 or below is sold out."""
    low, high, first, beyond = reach
    sold, stored = 0.0, 0.0
    here, likely = chance[low : high + 1], expected[low : high + 1]
    count = high + 1 - low
    for place in range(count):
        sold += here[place] * likely[place]
        stored += here[place] * (low + place)
    for lost in range(first, beyond):
        share = odds[lost]
        left = after[STRIDE + low - lost : STRIDE + high + 1 - lost]
        for place in range(count):
            left[place] += share * here[place]
    return sold, stored - 0.5 * sold

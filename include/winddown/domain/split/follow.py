"""Follow a policy forward: what becomes of the pieces that are kept, on average."""

import numpy as np

from include.winddown.domain.split.compiled import compiled, compiled_loosely, inlined
from include.winddown.domain.split.kernel import Room, Stay
from include.winddown.domain.split.tables import LOTS_MAX, STRIDE

_HARDLY = 1e-15


@compiled
def follow(kept: int, stay: Stay, room: Room) -> tuple[float, float, float, float]:
    """
    Follow the policy in room.price and room.keep from what is kept in the first week.

    Args:
        kept: lots.
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
        if week > 0:
            out = _removed(0 if week == weeks else kept, kept, room.keep[min(week, weeks - 1)], room.chance)
        if stay.worth[week] > stay.scrap:
            returned += out
        else:
            disposed += out
        if week < weeks:
            week_sold, week_stored = _one_week(week, kept, room)
            sold += week_sold
            stored += week_stored
    return sold * size, returned * size, disposed * size, stored * size


@inlined
def _removed(most: int, kept: int, keep: np.ndarray, chance: np.ndarray) -> float:
    """Take out what the policy takes out, and leave so many lots at most."""
    out = 0.0
    for stock in range(1, kept + 1):
        stays = min(most, keep[stock])
        if stays < stock and chance[stock] > 0:
            out += chance[stock] * (stock - stays)
            chance[stays] += chance[stock]
            chance[stock] = 0.0
    return out


@inlined
def _one_week(week: int, kept: int, room: Room) -> tuple[float, float]:
    """Sell for a week; stocks next to each other that have the same price are sold together."""
    span, chance, after, prices = room.span, room.chance, room.after, room.price[week]
    after[: STRIDE + kept + 1] = 0.0
    sold, stored = 0.0, 0.0
    low, top = 1, kept
    while low <= top and chance[low] < _HARDLY:
        low += 1
    while top > low and chance[top] < _HARDLY:
        top -= 1
    while low <= top:
        at, high = prices[low], low
        while high < top and prices[high + 1] == at:
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
    if count < beyond - first:
        for place in range(count):
            share = here[place]
            left = after[STRIDE + low + place + 1 - beyond : STRIDE + low + place + 1 - first]
            for lost in range(beyond - first):
                left[beyond - first - 1 - lost] += share * odds[first + lost]
        return sold, stored - 0.5 * sold
    for lost in range(first, beyond):
        share = odds[lost]
        left = after[STRIDE + low - lost : STRIDE + high + 1 - lost]
        for place in range(count):
            left[place] += share * here[place]
    return sold, stored - 0.5 * sold

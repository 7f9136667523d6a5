"""
The best expected net recovery of one listing's stock: a finite-horizon dynamic programme.

Each week a price is chosen from a ladder and pieces may be taken out of sale; what is left at the end is
taken out then. With x lots in stock at the beginning of week t

    J_t(x) = max over prices of E[gain x sold - storage x (stock - sold/2) + V_{t+1}(stock - sold)]
    V_t(x) = max over y <= x of (x - y) x worth_t + J_t(y)

Source: Gallego & van Ryzin 1994 and Bitran & Mondschein 1997 for the form; all stocks of a week are
computed together, which vectorises, so no search over stocks has to be stopped early.
"""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.compiled import compiled, compiled_loosely, inlined
from include.winddown.domain.split.tables import LOTS_MAX, STRIDE, fill_week

_HARDLY = 1e-12


class Sale(NamedTuple):
    """One listing on the price ladder: per price the gain of a piece [minor] and the demand of a week [pieces]."""

    gain: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


class Stay(NamedTuple):
    """
    One listing's stock while it stays.

    Attributes:
        pieces: on hand.
        storage: of a piece for a week [minor].
        worth: of a piece taken out at the beginning of week t [minor]; one more than there are weeks.
        scrap: of a piece disposed of [minor]; where worth is more, it is returned.
        first, last: the shallowest and the one beyond the deepest price allowed.
        width: standard deviations of demand that are looked at.
    """

    pieces: int
    storage: float
    worth: np.ndarray
    scrap: float
    first: int
    last: int
    width: float


class Room(NamedTuple):
    """Scratch arrays, used again for every listing; price and keep hold the policy that was found."""

    odds: np.ndarray
    sold: np.ndarray
    span: np.ndarray
    value: np.ndarray
    gained: np.ndarray
    tried: np.ndarray
    price: np.ndarray
    keep: np.ndarray
    chance: np.ndarray
    after: np.ndarray


def make_room(prices: int, weeks: int) -> Room:
    """Allocate scratch arrays for a ladder and a horizon."""
    return Room(
        odds=np.zeros((prices, STRIDE)),
        sold=np.zeros((prices, STRIDE)),
        span=np.zeros((prices, 2), np.int64),
        value=np.zeros(2 * STRIDE),
        gained=np.zeros(STRIDE),
        tried=np.zeros(STRIDE),
        price=np.zeros((weeks, STRIDE), np.int8),
        keep=np.zeros((weeks, STRIDE), np.int8),
        chance=np.zeros(STRIDE),
        after=np.zeros(2 * STRIDE),
    )


@compiled
def solve_weeks(sale: Sale, stay: Stay, room: Room) -> None:
    """
    Solve from the last week back to the first; weeks after the first end with their removals.

    room.gained then holds J_0 for every number of lots, room.price[0] its prices.
    """
    lots = min(stay.pieces, LOTS_MAX)
    size = stay.pieces / lots
    room.span[:, 1] = 0
    room.value[:STRIDE] = 0.0
    weeks = len(stay.worth) - 1
    for left in range(lots + 1):
        room.value[STRIDE + left] = left * size * stay.worth[weeks]
    for week in range(weeks - 1, -1, -1):
        choose_prices(week, sale, stay, room)
        if week > 0:
            take_out(lots, size * stay.worth[week], room.gained, room.keep[week], room.value[STRIDE:])


@inlined
def choose_prices(week: int, sale: Sale, stay: Stay, room: Room) -> None:
    """Try the prices from the shallowest on; stop at the first that is better for no stock."""
    lots = min(stay.pieces, LOTS_MAX)
    size = stay.pieces / lots
    storage = stay.storage * size
    span, value, gained, tried, prices = room.span, room.value, room.gained, room.tried, room.price[week]
    prices[: lots + 1] = stay.first
    for price in range(stay.first, stay.last):
        if span[price, 1] == 0:
            prepare(price, sale, stay, room)
        into = gained if price == stay.first else tried
        reach = (lots, span[price, 0], span[price, 1])
        money = (sale.gain[price] * size, storage)
        _sell(reach, money, room.odds[price], room.sold[price], value, into)
        if price > stay.first and not _take_better(price, lots, tried, gained, prices):
            break


@compiled
def _take_better(price: int, lots: int, tried: np.ndarray, gained: np.ndarray, prices: np.ndarray) -> bool:
    better = 0
    for stock in range(lots + 1):
        is_better = tried[stock] > gained[stock]
        gained[stock] = tried[stock] if is_better else gained[stock]
        prices[stock] = price if is_better else prices[stock]
        better += is_better
    return better > 0


@compiled
def prepare(price: int, sale: Sale, stay: Stay, room: Room) -> None:
    """Make the tables of a price, which serve all weeks."""
    lots = min(stay.pieces, LOTS_MAX)
    size = stay.pieces / lots
    room.span[price, 0], room.span[price, 1] = fill_week(
        sale.mean[price] / size,
        sale.variance[price] / (size * size),
        (lots, stay.width),
        room.odds[price],
        room.sold[price],
    )


@compiled_loosely
def _sell(
    reach: tuple[int, int, int],
    money: tuple[float, float],
    odds: np.ndarray,
    sold: np.ndarray,
    value: np.ndarray,
    gained: np.ndarray,
) -> None:
    """Write what each stock gains from here on when this week is sold at one price."""
    lots, first, beyond = reach
    gain, storage = money
    for stock in range(lots + 1):
        gained[stock] = (gain + 0.5 * storage) * sold[stock] - storage * stock
    for lost in range(first, beyond):
        chance = odds[lost]
        later = value[STRIDE - lost : STRIDE - lost + lots + 1]
        for stock in range(lots + 1):
            gained[stock] += chance * later[stock]


@compiled
def take_out(lots: int, worth: float, gained: np.ndarray, keep: np.ndarray, value: np.ndarray) -> None:
    """Turn J into V: keep what gains more than its worth, take the rest out."""
    best, kept = 0.0, 0
    for stock in range(lots + 1):
        more = gained[stock] - stock * worth
        if more > best + _HARDLY:
            best, kept = more, stock
        keep[stock] = kept
        value[stock] = best + stock * worth


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
        out, stayed = _spread(reach, room.odds[at], room.sold[at], chance, after)
        sold += out
        stored += stayed
        low = high + 1
    chance[1 : kept + 1] = after[STRIDE + 1 : STRIDE + kept + 1]
    return sold, stored


@compiled_loosely
def _spread(
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

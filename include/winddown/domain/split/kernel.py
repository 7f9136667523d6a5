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
    """
    One listing on the price ladder, an entry a price.

    Attributes:
        gain: of a piece [minor].
        mean, variance: of the demand of a week [pieces].
    """

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
    """
    Scratch arrays, used again for every listing; price and keep hold the policy that was found.

    is_turn tells of each price whether it lies on the concave envelope of (demand, gain x demand). Where
    such a price is better for no stock, no lower one is; of the others nothing follows.
    """

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
    is_turn: np.ndarray


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
        is_turn=np.zeros(prices, np.bool_),
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
    """Try the prices from the shallowest on; stop at the first turn that is better for no stock."""
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
        sell(reach, money, room.odds[price], room.sold[price], value, into)
        if (
            price > stay.first
            and not _take_better(price, lots, tried, gained, prices)
            and room.is_turn[price]
        ):
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
def sell(
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
    fours = first + (beyond - first) // 4 * 4
    for lost in range(first, fours, 4):  # four at once: each stock is read and written a quarter as often
        base = STRIDE - lost
        one, two = value[base : base + lots + 1], value[base - 1 : base + lots]
        three, four = value[base - 2 : base + lots - 1], value[base - 3 : base + lots - 2]
        a, b, c, d = odds[lost], odds[lost + 1], odds[lost + 2], odds[lost + 3]
        for stock in range(lots + 1):
            gained[stock] += (a * one[stock] + b * two[stock]) + (c * three[stock] + d * four[stock])
    for lost in range(fours, beyond):
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

"""
The best expected net recovery of one listing's stock: a finite-horizon dynamic programme.

Each week a price is chosen from a ladder and pieces may be taken out of sale; what is left at the end is
taken out then. With x lots in stock at the beginning of week t

    J_t(x) = max over prices of E[gain x sold - storage x (stock - sold/2) + V_{t+1}(stock - sold)]
    V_t(x) = max over y <= x of (x - y) x worth_t + J_t(y)

Source: Gallego & van Ryzin 1994 and Bitran & Mondschein 1997 for the form; all stocks of a week are
computed together, which vectorises, so no search over stocks has to be stopped early.
"""

from typing import Any, NamedTuple

import numpy as np

from include.winddown.domain.split.compiled import compiled, inlined
from include.winddown.domain.split.lanes import (
    LANES,
    load,
    number_at,
    plus,
    plus_times,
    repeat,
    store,
    take_better,
    zeros,
)
from include.winddown.domain.split.tables import LOTS_MAX, STEP, STRIDE, fill_week

_HARDLY = 1e-12
_NUMBERS = np.arange(float(STRIDE))


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
    price: np.ndarray
    keep: np.ndarray
    chance: np.ndarray
    after: np.ndarray
    part: np.ndarray
    is_turn: np.ndarray
    slope: np.ndarray
    width: np.ndarray
    taken: np.ndarray


def make_sale(prices: int) -> Sale:
    """Allocate a ladder to be filled in."""
    return Sale(np.zeros(prices), np.zeros(prices), np.zeros(prices))


def make_room(prices: int, weeks: int) -> Room:
    """Allocate scratch arrays for a ladder and a horizon."""
    return Room(
        odds=np.zeros((prices, STRIDE)),
        sold=np.zeros((prices, STRIDE)),
        span=np.zeros((prices, 2), np.int64),
        value=np.zeros(2 * STRIDE),
        gained=np.zeros(STRIDE),
        price=np.zeros((weeks, STRIDE), np.int8),
        keep=np.zeros((weeks, STRIDE), np.int8),
        chance=np.zeros(2 * STRIDE),
        after=np.zeros(2 * STRIDE),
        part=np.zeros(2 * STRIDE),
        is_turn=np.zeros(prices, np.bool_),
        slope=np.zeros(prices),
        width=np.zeros(prices),
        taken=np.zeros(prices, np.int64),
    )


@compiled
def solve_weeks(sale: Sale, stay: Stay, room: Room) -> None:
    """
    Solve from the last week back to the first; weeks after the first end with their removals.

    room.gained then holds J_0 for every number of lots, room.price[0] its prices. Tables that room.span tells
    of are used again.
    """
    lots = min(stay.pieces, LOTS_MAX)
    size = stay.pieces / lots
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
    span, value, gained, prices = room.span, room.value, room.gained, room.price
    prices[week, : lots + 1] = stay.first
    for price in range(stay.first, stay.last):
        if span[price, 1] == 0:
            prepare(price, sale, stay, room)
        reach = (span[price, 0], span[price, 1])
        money = (sale.gain[price] * size, stay.storage * size)
        better = 0
        for stock in range(1, lots + 1, LANES):
            block = gain_eight(stock, reach, money, (room.odds, room.sold, price * STRIDE), (value, STRIDE))
            if price == stay.first:
                store(block, gained, stock)
            else:
                codes = week * STRIDE + stock
                better += take_better(block, lots + 1 - stock, price, gained, stock, prices, codes)
        if price > stay.first and better == 0 and room.is_turn[price]:
            break


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


Tables = tuple[np.ndarray, np.ndarray, int]
Row = tuple[np.ndarray, int]


@inlined
def gain_eight(
    stock: int, reach: tuple[int, int], money: tuple[float, float], tables: Tables, later: Row
) -> Any:
    """
    Give what eight stocks gain from here on when this week is sold at one price.

    Args:
        stock: the first of them.
        reach: the first and the last but one number of lots that may be sold.
        money: gain of a lot sold, storage of a lot for a week.
        tables: odds, lots sold on average, and where in both the price begins.
        later: what each stock is worth after the week, and where none begins; below that there are zeros.
    """
    odds, sold, row = tables
    value, base = later
    gain, storage = money
    first, beyond = reach[0], min(reach[1], stock + LANES)
    one, two, three, four = zeros(), zeros(), zeros(), zeros()
    for lost in range(first, beyond, STEP):
        place = base + stock - lost
        one = plus_times(one, repeat(number_at(odds, row + lost)), load(value, place))
        two = plus_times(two, repeat(number_at(odds, row + lost + 1)), load(value, place - 1))
        three = plus_times(three, repeat(number_at(odds, row + lost + 2)), load(value, place - 2))
        four = plus_times(four, repeat(number_at(odds, row + lost + 3)), load(value, place - 3))
    one = plus_times(one, repeat(gain + 0.5 * storage), load(sold, row + stock))
    two = plus_times(two, repeat(-storage), load(_NUMBERS, stock))
    return plus(plus(one, two), plus(three, four))


@compiled
def sell(
    reach: tuple[int, int, int], money: tuple[float, float], tables: Tables, later: Row, into: Row
) -> None:
    """Write what each stock gains from here on when this week is sold at one price; `into` may be `later`."""
    lots, first, beyond = reach
    for stock in range((lots - 1) // LANES * LANES + 1, 0, -LANES):
        block = gain_eight(stock, (first, beyond), money, tables, later)
        store(block, into[0], into[1] + stock)


@inlined
def take_out(lots: int, worth: float, gained: np.ndarray, keep: np.ndarray, value: np.ndarray) -> None:
    """
    Turn J into V: keep what gains more than its worth, take the rest out.

    Stocks that are kept whole and such that are not lie in runs; a loop for each is foreseen by the processor.
    """
    best, kept, stock = 0.0, 0, 0
    while stock <= lots:
        while stock <= lots and gained[stock] - stock * worth <= best + _HARDLY:
            keep[stock] = kept
            value[stock] = best + stock * worth
            stock += 1
        while stock <= lots and gained[stock] - stock * worth > best + _HARDLY:
            best = gained[stock] - stock * worth
            kept = stock
            keep[stock] = kept
            value[stock] = gained[stock]
            stock += 1

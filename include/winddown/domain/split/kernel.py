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

from include.winddown.domain.split.compiled import compiled, inlined
from include.winddown.domain.split.lanes import LANES, fill_codes, store, take_better
from include.winddown.domain.split.stocks import gain_eight, take_out
from include.winddown.domain.split.tables import LOTS_MAX, STRIDE, fill_week


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
    Scratch arrays, used again for every listing.

    price and keep hold the policy that was found: a week takes out down to the next stock whose keep is 1,
    and nothing of stocks up to whole. is_turn tells of each price whether it lies on the concave envelope of (demand, gain x demand). Where
    such a price is better for no stock, no lower one is; of the others nothing follows.
    """

    odds: np.ndarray
    sold: np.ndarray
    span: np.ndarray
    value: np.ndarray
    gained: np.ndarray
    price: np.ndarray
    keep: np.ndarray
    whole: np.ndarray
    chance: np.ndarray
    after: np.ndarray
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
        whole=np.zeros(weeks, np.int64),
        chance=np.zeros(2 * STRIDE),
        after=np.zeros(2 * STRIDE),
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
            worth, keep = size * stay.worth[week], (room.keep, week * STRIDE)
            room.whole[week] = take_out(lots, worth, (room.gained, 0), keep, (room.value, STRIDE))


@inlined
def choose_prices(week: int, sale: Sale, stay: Stay, room: Room) -> None:
    """Try the prices from the shallowest on; stop at the first turn that is better for no stock."""
    lots = min(stay.pieces, LOTS_MAX)
    size = stay.pieces / lots
    span, value, gained, prices = room.span, room.value, room.gained, room.price
    for price in range(stay.first, stay.last):
        if span[price, 1] == 0:
            prepare(price, sale, stay, room)
        reach = (span[price, 0], span[price, 1])
        money = (sale.gain[price] * size, stay.storage * size)
        better = 0
        for stock in range(1, lots + 1, LANES):
            block = gain_eight(stock, reach, money, (room.odds, room.sold, price * STRIDE), (value, STRIDE))
            codes = week * STRIDE + stock
            if price == stay.first:
                store(block, gained, stock)
                fill_codes(price, prices, codes)
            else:
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

"""One week of the programme for all stocks of a listing, eight of them at a time."""

from typing import Any

import numpy as np

from include.winddown.domain.split.compiled import compiled, inlined
from include.winddown.domain.split.lanes import (
    LANES,
    last,
    load,
    mark_above,
    number_at,
    plus,
    plus_times,
    repeat,
    running_max,
    shifted,
    store,
    zeros,
)
from include.winddown.domain.split.tables import STEP, STRIDE

_HARDLY = 1e-12
_NUMBERS = np.arange(float(STRIDE))
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
    stocks: tuple[int, int],
    reach: tuple[int, int],
    money: tuple[float, float],
    tables: Tables,
    later: Row,
    into: Row,
) -> None:
    """Write what the stocks from a lowest to a highest gain when sold at one price; `into` may be `later`."""
    lowest, highest = stocks
    for stock in range((highest - 1) // LANES * LANES + 1, max(0, lowest - LANES), -LANES):
        block = gain_eight(stock, reach, money, tables, later)
        store(block, into[0], into[1] + stock)


@compiled
def take_out(lots: int, worth: float, gained: Row, keep: Row, value: Row) -> int:
    """
    Turn J into V: keep what gains more than its worth, take the rest out.

    Args:
        lots: in stock at most.
        worth: of a lot taken out.
        gained: J of each stock.
        keep: is filled with 1 where all of a stock is kept, else 0.
        value: is filled with V.

    Returns:
        Up to how many lots all are kept.
    """
    best, whole = zeros(), 0
    for stock in range(1, lots + 1, LANES):
        number = load(_NUMBERS, stock)
        more = plus_times(load(gained[0], gained[1] + stock), repeat(-worth), number)
        most = running_max(more, best)
        store(plus_times(most, repeat(worth), number), value[0], value[1] + stock)
        less = plus(shifted(best, most), repeat(_HARDLY))
        run = mark_above(more, less, keep[0], keep[1] + stock)
        whole += run if whole == stock - 1 else 0
        best = last(most)
    return min(whole, lots)

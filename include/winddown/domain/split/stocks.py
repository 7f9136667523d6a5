"""One week of the programme for all stocks of a listing, eight of them at a time."""

from typing import Any

import numpy as np

from include.winddown.domain.split.compiled import compiled, inlined
from include.winddown.domain.split.lanes import (
    LANES,
    lanes_above,
    load,
    number_at,
    plus,
    plus_times,
    repeat,
    store,
    write_codes,
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
    reach: tuple[int, int, int], money: tuple[float, float], tables: Tables, later: Row, into: Row
) -> None:
    """Write what each stock gains from here on when this week is sold at one price; `into` may be `later`."""
    lots, first, beyond = reach
    for stock in range((lots - 1) // LANES * LANES + 1, 0, -LANES):
        block = gain_eight(stock, (first, beyond), money, tables, later)
        store(block, into[0], into[1] + stock)


@compiled
def take_out(lots: int, worth: float, gained: Row, keep: Row, value: Row) -> int:
    """
    Turn J into V: keep what gains more than its worth, take the rest out.

    Stocks that are kept whole lie in runs, and so do those that are not.

    Returns:
        Up to how many lots all are kept.
    """
    best, kept, whole, stock = 0.0, 0, -1, 1
    while stock <= lots:
        run = LANES
        while run == LANES and stock <= lots:  # each gains more than one lot less
            block = load(gained[0], gained[1] + stock)
            less = plus(load(gained[0], gained[1] + stock - 1), repeat(worth + _HARDLY))
            run = min(lanes_above(block, less), lots + 1 - stock)
            store(block, value[0], value[1] + stock)
            write_codes(stock, 1, keep[0], keep[1] + stock)
            stock += run
        kept = stock - 1
        best = number_at(gained[0], gained[1] + kept) - kept * worth
        whole = kept if whole < 0 else whole
        run = LANES
        while run == LANES and stock <= lots:  # none gains more than what is kept
            block = plus_times(repeat(best), repeat(worth), load(_NUMBERS, stock))
            less = load(gained[0], gained[1] + stock)
            run = min(lanes_above(plus(block, repeat(_HARDLY)), less), lots + 1 - stock)
            store(block, value[0], value[1] + stock)
            write_codes(kept, 0, keep[0], keep[1] + stock)
            stock += run
        if stock <= lots:
            store(load(gained[0], gained[1] + stock), value[0], value[1] + stock)
            write_codes(stock, 0, keep[0], keep[1] + stock)
            stock += 1
    return whole

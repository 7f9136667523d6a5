"""
The same programme where prices are not free: no raise, or some weeks between two changes.

The price of the week before is part of the state, so V has one row for each ladder step:

    V_t(x, k) = max over y <= x of (x - y) x worth_t + max over allowed j of J_t(y, j)

A plan that is merely kept from raising its price week by week loses up to 12 % on bulky goods; one
that knows of the rule from the start loses 0.1 to 4 % (simulated, 8 populations).
"""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.follow import spread
from include.winddown.domain.split.kernel import Room, Sale, Stay, prepare
from include.winddown.domain.split.stocks import sell, take_out
from include.winddown.domain.split.tables import LOTS_MAX, STRIDE


class Rule(NamedTuple):
    """
    What prices may do.

    Attributes:
        every: weeks between two changes, at least 1.
        may_raise: a price may go up again.
        locked: the price was changed so recently that this week's is fixed.
    """

    every: int
    may_raise: bool
    locked: bool


@compiled
def is_free(rule: Rule) -> bool:
    """Tell whether the price of a week does not depend on the week before."""
    return rule.every == 1 and rule.may_raise and not rule.locked


class Ladders(NamedTuple):
    """Scratch arrays with one row for each ladder step; price and keep hold the policy by week and step, as Room's do."""

    value: np.ndarray
    gained: np.ndarray
    price: np.ndarray
    keep: np.ndarray
    chance: np.ndarray
    after: np.ndarray


def make_ladders(steps: int, weeks: int) -> Ladders:
    """Allocate scratch arrays for a ladder and a horizon."""
    return Ladders(
        value=np.zeros((steps, 2 * STRIDE)),
        gained=np.zeros((steps, STRIDE)),
        price=np.zeros((weeks, steps, STRIDE), np.int8),
        keep=np.zeros((weeks, steps, STRIDE), np.int8),
        chance=np.zeros((steps, 2 * STRIDE)),
        after=np.zeros((steps, 2 * STRIDE)),
    )


@compiled
def solve_sticky(sale: Sale, stay: Stay, rule: Rule, room: Room, ladders: Ladders) -> None:
    """Solve back to the first week; room.gained then holds J_0 of every number of lots, room.price[0] its prices."""
    lots = min(stay.pieces, LOTS_MAX)
    size = stay.pieces / lots
    weeks = len(stay.worth) - 1
    for step in range(stay.first, stay.last):
        if room.span[step, 1] == 0:
            prepare(step, sale, stay, room)
        for left in range(lots + 1):
            ladders.value[step, STRIDE + left] = left * size * stay.worth[weeks]
    for week in range(weeks - 1, -1, -1):
        _sell_each(lots, sale, stay, room, ladders)
        _choose(week, lots, stay, rule, ladders)
        for step in range(stay.first, stay.last if week > 0 else stay.first):
            worth = size * stay.worth[week]
            keep = (ladders.keep, (week * ladders.keep.shape[1] + step) * STRIDE)
            into = (ladders.value, (2 * step + 1) * STRIDE)
            take_out(lots, worth, (ladders.gained, step * STRIDE), keep, into)
    for stock in range(lots + 1):
        room.gained[stock] = ladders.gained[stay.first, stock]
        room.price[0, stock] = ladders.price[0, stay.first, stock]


@compiled
def _sell_each(lots: int, sale: Sale, stay: Stay, room: Room, ladders: Ladders) -> None:
    """Write what each stock gains when this week is sold at each step."""
    size = stay.pieces / lots
    for step in range(stay.first, stay.last):
        reach = (room.span[step, 0], room.span[step, 1])
        money = (sale.gain[step] * size, stay.storage * size)
        later, into = (ladders.value, (2 * step + 1) * STRIDE), (ladders.gained, step * STRIDE)
        sell((1, lots), reach, money, (room.odds, room.sold, step * STRIDE), later, into)


@compiled
def _choose(week: int, lots: int, stay: Stay, rule: Rule, ladders: Ladders) -> None:
    """Turn J of each step into the best J that may follow this step, and note which price that is."""
    for step in range(stay.first, stay.last):
        ladders.price[week, step, : lots + 1] = step
    if week % rule.every or (week == 0 and rule.locked):
        return
    for step in range(stay.last - 2, stay.first - 1, -1):
        _take_deeper(
            ladders.gained[step], ladders.gained[step + 1], ladders.price[week, step : step + 2], lots
        )
    if rule.may_raise:  # the first step has seen all others by now
        for step in range(stay.first + 1, stay.last):
            for stock in range(lots + 1):
                ladders.gained[step, stock] = ladders.gained[stay.first, stock]
                ladders.price[week, step, stock] = ladders.price[week, stay.first, stock]


@compiled
def _take_deeper(gained: np.ndarray, deeper: np.ndarray, prices: np.ndarray, lots: int) -> None:
    """Go on to what follows the next deeper step where that gains more."""
    for stock in range(lots + 1):
        if deeper[stock] > gained[stock]:
            gained[stock] = deeper[stock]
            prices[0, stock] = prices[1, stock]


@compiled
def follow_sticky(kept: int, stay: Stay, room: Room, ladders: Ladders) -> tuple[float, float, float]:
    """
    Follow the policy from what is kept in the first week.

    Returns:
        Pieces sold, returned and disposed of, each on average.
    """
    size = stay.pieces / min(stay.pieces, LOTS_MAX)
    weeks = len(stay.worth) - 1
    ladders.chance[:, : kept + 1] = 0.0
    ladders.chance[room.price[0, kept], kept] = 1.0
    sold, returned, disposed = 0.0, 0.0, 0.0
    for week in range(weeks + 1):
        out = _leave(week, kept, weeks, stay, ladders)
        if stay.worth[week] > stay.scrap:
            returned += out
        else:
            disposed += out
        if week < weeks:
            sold += _sell_week(week, kept, stay, room, ladders)
    return sold * size, returned * size, disposed * size


@compiled
def _leave(week: int, kept: int, weeks: int, stay: Stay, ladders: Ladders) -> float:
    """Take out what the policy takes out in this week, at the end all."""
    out = 0.0
    if week == 0:
        return out
    for step in range(stay.first, stay.last):
        stays = 0
        for stock in range(1, kept + 1):
            if week < weeks and ladders.keep[week, step, stock]:
                stays = stock
            chance = ladders.chance[step, stock]
            if chance > 0 and stays < stock:
                out += chance * (stock - stays)
                ladders.chance[step, stays] += chance
                ladders.chance[step, stock] = 0.0
    return out


@compiled
def _sell_week(week: int, kept: int, stay: Stay, room: Room, ladders: Ladders) -> float:
    """Move every chance to its new price, then sell at it."""
    sold = 0.0
    ladders.after[:] = 0.0
    for step in range(stay.first, stay.last):
        for stock in range(1, kept + 1):
            chance = ladders.chance[step, stock]
            if chance > 0:
                to = room.price[0, stock] if week == 0 else ladders.price[week, step, stock]
                ladders.after[to, stock] += chance
    _move(kept, stay, ladders)
    for step in range(stay.first, stay.last):
        reach = (1, kept, room.span[step, 0], room.span[step, 1])
        here = step * 2 * STRIDE
        tables = (room.odds, room.sold, step * STRIDE)
        sold += spread(reach, tables, (ladders.chance, here), (ladders.after, here))
    _move(kept, stay, ladders)
    return sold


@compiled
def _move(kept: int, stay: Stay, ladders: Ladders) -> None:
    """Make what comes after the chances of now."""
    for step in range(stay.first, stay.last):
        for stock in range(kept + 1):
            ladders.chance[step, stock] = ladders.after[step, stock]
            ladders.after[step, stock] = 0.0

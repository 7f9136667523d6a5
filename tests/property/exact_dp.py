"""
What one listing is worth, found the slow way: each stock, each price, each week, nothing left out.

Written from the formulas, not from the solver: whole pieces, scipy's distributions to their last
value, and each number of pieces that could be kept now valued by a programme of its own.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats


class Case(NamedTuple):
    """
    A listing; money in any unit.

    Attributes:
        places: (pieces, net of a piece returned) by warehouse, the highest net first.
        scrap: net of a piece disposed of.
        storage: of a piece for a week.
        gain: of a sale, by price.
        mean, variance: demand of a week, by price.
        weeks, last_call, any_week: as in the solver's Clock.
    """

    places: tuple[tuple[int, float], ...]
    scrap: float
    storage: float
    gain: tuple[float, ...]
    mean: tuple[float, ...]
    variance: tuple[float, ...]
    weeks: int
    last_call: int
    any_week: bool


def exact_value(case: Case) -> float:
    """Value the best policy; a kept piece that goes back later fetches what kept pieces fetch on average."""
    nets = np.concatenate([np.full(pieces, net) for pieces, net in case.places])
    nets = np.maximum(nets, case.scrap) if case.last_call >= 0 else np.full(len(nets), case.scrap)
    best = float(nets.sum())
    tables = [_table(len(nets), *numbers) for numbers in zip(case.mean, case.variance, strict=True)]
    programmes: dict[float, np.ndarray] = {}
    for kept in range(1, len(nets) + 1) if case.weeks else ():
        back = round(float(nets[len(nets) - kept :].mean()), 9)
        if back not in programmes:
            programmes[back] = _programme(case, back, tables)
        best = max(best, float(nets[: len(nets) - kept].sum() + programmes[back][kept]))
    return best


def exact_simple(case: Case, price: int) -> float:
    """Value keeping everything at one price up to the last call, and taking out what is left then."""
    nets = np.concatenate([np.full(pieces, max(net, case.scrap)) for pieces, net in case.places])
    weeks = min(max(case.last_call, 0), case.weeks)
    stocks = np.arange(len(nets) + 1)
    value = stocks * nets.mean()
    table = _table(len(nets), case.mean[price], case.variance[price])
    for _ in range(weeks):
        value = _week(case, case.gain[price], table, value)
    return float(value[-1])


def _programme(case: Case, back: float, tables: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    stocks = np.arange(len(tables[0][1]))
    value = stocks * _worth(case, case.weeks, back)
    for week in range(case.weeks - 1, -1, -1):
        played = np.max(
            [_week(case, gain, table, value) for gain, table in zip(case.gain, tables, strict=True)], axis=0
        )
        if week == 0:
            return played
        worth = _worth(case, week, back)
        value = np.array([max(played[y] + (x - y) * worth for y in range(x + 1)) for x in stocks])
    return value


def _worth(case: Case, week: int, back: float) -> float:
    is_open = week == case.last_call or (case.any_week and week < case.last_call)
    return max(back, case.scrap) if is_open else case.scrap


def _week(case: Case, gain: float, table: tuple[np.ndarray, np.ndarray], value: np.ndarray) -> np.ndarray:
    moves, sold = table
    return gain * sold - case.storage * (np.arange(len(value)) - sold / 2) + moves @ value


def _table(pieces: int, mean: float, variance: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the chances of going from one stock to another in a week, and the pieces sold on average."""
    if variance > mean * (1 + 1e-9):
        size = mean * mean / (variance - mean)
        demand = stats.nbinom(size, size / (size + mean))
    else:
        demand = stats.poisson(mean)
    odds, beyond = demand.pmf(np.arange(pieces + 1)), demand.sf(np.arange(pieces + 1) - 1)
    moves = np.zeros((pieces + 1, pieces + 1))
    sold = np.zeros(pieces + 1)
    moves[0, 0] = 1.0
    for stock in range(1, pieces + 1):
        moves[stock, 1 : stock + 1] = odds[stock - 1 :: -1]
        moves[stock, 0] = beyond[stock]
        sold[stock] = beyond[1 : stock + 1].sum()
    return moves, sold

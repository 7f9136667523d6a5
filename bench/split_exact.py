"""The exact programme of one listing in whole pieces, written for itself: every price, every stock, every week."""

import math

import numpy as np
from numba import njit

from bench.split_world import FEE_SHARE, LADDER, World

_NOTHING = 1e-17


def exact_values(world: World, lift: np.ndarray) -> np.ndarray:
    """Value the best policy of each listing whose Poisson demand is known; minor units."""
    return _all(
        world.pieces,
        world.price[:, None] * LADDER * (1 - FEE_SHARE) - world.fee[:, None],
        world.rate[:, None] * lift,
        np.stack([world.storage, np.maximum(world.back, world.scrap), world.scrap], axis=1),
        (world.weeks, world.last_call),
    )


@njit
def _all(
    pieces: np.ndarray, gain: np.ndarray, mean: np.ndarray, money: np.ndarray, clock: tuple[int, int]
) -> np.ndarray:
    found = np.zeros(len(pieces))
    for row in range(len(pieces)):
        found[row] = _one(pieces[row], gain[row], mean[row], money[row], clock)
    return found


@njit
def _one(pieces: int, gain: np.ndarray, mean: np.ndarray, money: np.ndarray, clock: tuple[int, int]) -> float:
    storage, back, scrap = money
    weeks, last_call = clock
    value = np.arange(pieces + 1) * scrap
    for week in range(weeks - 1, -1, -1):
        best = np.full(pieces + 1, -np.inf)
        for step in range(len(gain)):
            best = np.maximum(best, _week(gain[step], mean[step], storage, value))
        worth = back if week <= last_call else scrap
        most = -np.inf
        for stock in range(pieces + 1):
            most = max(most, best[stock] - stock * worth)
            value[stock] = most + stock * worth
    return float(value[pieces])


@njit(fastmath={"reassoc", "contract"})
def _week(gain: float, mean: float, storage: float, value: np.ndarray) -> np.ndarray:
    """Expect, for each stock, what is earned in a week and what the rest is worth after it."""
    count = len(value)
    gained = np.zeros(count)
    short = np.zeros(count)  # chance that demand is below the stock
    few = np.zeros(count)  # demand that is below the stock, on average
    for demand in range(count - 1):
        odds = math.exp(demand * math.log(mean) - mean - math.lgamma(demand + 1.0))
        short[demand + 1] = short[demand] + odds
        few[demand + 1] = few[demand] + odds * demand
        if odds > _NOTHING:
            for stock in range(demand + 1, count):
                gained[stock] += odds * value[stock - demand]
    for stock in range(count):
        sold = few[stock] + max(0.0, 1 - short[stock]) * stock
        gained[stock] += max(0.0, 1 - short[stock]) * value[0]
        gained[stock] += gain * sold - storage * (stock - 0.5 * sold)
    return gained

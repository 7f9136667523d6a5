"""What the replayed sales would have allowed: to a policy that knows their averages, and to hindsight."""

import numpy as np

from bench.split_data import Sales
from bench.split_play import Demand, Solved, play
from bench.split_world import FEE_SHARE, LADDER, World, certain, power_lift

_HARDLY = 1e-6  # pieces a week of what was not sold at all


def knowing(world: World, sales: Sales, demand: Demand) -> float:
    """Play the solver with each product's mean rate of the replayed weeks, and its true elasticity."""
    rate = (sales.sold_later * sales.share_later ** world.elasticity[:, None]).mean(axis=1)
    lift = certain(power_lift(world.elasticity))
    return float(
        play(world, demand, Solved(world, lift, np.maximum(rate, _HARDLY), np.zeros(len(rate)))).sum()
    )


def hindsight(world: World, sales: Sales) -> float:
    """
    Bound what any policy nets on average, even one that knows what each week would have sold.

    Pieces may be sold in parts, at two prices in a week, in the order of what they gain over being taken
    out now.
    """
    at_once = np.maximum(world.back, world.scrap)
    total = float((world.pieces * at_once).sum())
    happened = sales.sold_later * sales.share_later ** world.elasticity[:, None]
    lifts = power_lift(world.elasticity)
    gains = world.price[:, None] * LADDER * (1 - FEE_SHARE) - world.fee[:, None]
    waits = world.storage[:, None] * (np.arange(world.weeks) + 0.5)
    for row in range(len(world.pieces)):
        slope, length = _turns(lifts[row], gains[row])
        more = (slope[:, None] - waits[row] - at_once[row]).ravel()
        room = (length[:, None] * happened[row]).ravel()
        order = np.argsort(-more)
        before = np.cumsum(room[order]) - room[order]
        sold = np.clip(world.pieces[row] - before, 0, room[order])
        total += float(sold @ np.maximum(more[order], 0))
    return total


def _turns(lift: np.ndarray, gain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give slopes and lengths of the concave envelope of what prices gain by what they sell, from nothing on."""
    here, slopes, lengths = -1, [], []
    sold, gained = np.append(lift, 0.0), np.append(lift * gain, 0.0)
    while here < len(lift) - 1:
        further = np.arange(here + 1, len(lift))
        slope = (gained[further] - gained[here]) / (sold[further] - sold[here])
        best = int(np.argmax(slope))
        slopes.append(float(slope[best]))
        lengths.append(float(sold[further[best]] - sold[here]))
        here = int(further[best])
    return np.array(slopes), np.array(lengths)

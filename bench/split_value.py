"""What the split recovers: against an exact programme, the fluid bound, simple policies; known and estimated demand."""

from collections.abc import Callable

import numpy as np

from bench.split_exact import exact_values
from bench.split_learn import HISTORY_WEEKS, Learning, past_sales, swing_of
from bench.split_play import Solved, play, poisson_demand, simple_nets
from bench.split_world import (
    REGIMES,
    World,
    certain,
    clock_at,
    exponential_lift,
    listings_of,
    make_world,
    places_of,
    power_lift,
    take_rows,
)
from include.winddown.domain.split.solve import solve_listings

ROWS = 500
TIMES = 20
EXACT_MIN, LITERAL_MIN, BEST_MIN, MIXED_BEST_MIN = 0.995, 1.2, 1.0, 1.05
HISTORY_MIN = {"low salvage": 0.96, "bulky": 0.92}
ORDINARY_MIN = 0.99
Lift = Callable[[np.ndarray], np.ndarray]


def run() -> list[dict[str, object]]:
    """
    Play eight populations of 500 listings 20 times, all policies against the same demand.

    Returns:
        Rows whose measured and compared_with are per cent of list value, and whose ratio is to be at least
        its limit; but for the bound, which counts listings above it.
    """
    rows = []
    for name in REGIMES:
        world = make_world(name, ROWS)
        rows += _known(name, world)
        rows += _estimated(name, world, power_lift, "")
        rows += _estimated(name, world, exponential_lift, ", truth exponential")
    return rows


def _known(name: str, world: World) -> list[dict[str, object]]:
    tiled = take_rows(world, np.tile(np.arange(ROWS), TIMES))
    lift = power_lift(tiled.elasticity)
    demand = poisson_demand(tiled, lift, seed=TIMES)
    no_doubt = np.zeros(len(tiled.rate))
    ours = play(tiled, demand, Solved(tiled, certain(lift), tiled.rate, no_doubt)).sum() / TIMES
    exact = exact_values(world, lift[:ROWS]).sum()
    simple = _totals(simple_nets(tiled, demand, tiled.pieces / tiled.rate), TIMES)
    label = f"split, {name}, known demand"
    return [
        row(f"{label} / exact programme", ours, exact, EXACT_MIN, world),
        _over_bound(label, world, lift[:ROWS]),
        *_over_simple(name, label, ours, simple, world),
    ]


def _over_bound(label: str, world: World, lift: np.ndarray) -> dict[str, object]:
    listings = listings_of(world, world.pieces, world.rate, np.zeros(ROWS))
    found = solve_listings(listings, places_of(world, world.pieces), certain(lift), clock_at(world, 0))
    above = int((found.value > found.bound + 1e-9 * world.pieces * world.price).sum())
    share = found.value.sum() / found.bound.sum()
    return {
        "name": f"{label}: listings above the fluid bound / all (plan ÷ bound {share:.3f})",
        "measured": above,
        "compared_with": ROWS,
        "ratio": above / ROWS,
        "limit": 0.0,
        "peak_mb": None,
    }


def _estimated(name: str, world: World, shape: Lift, note: str) -> list[dict[str, object]]:
    """Let the merchant learn, in every replication anew, and compare with knowing all in the same ones."""
    lift = shape(world.elasticity)
    ours, knowing, simple = 0.0, 0.0, dict[str, float]()
    for time in range(TIMES):
        demand = poisson_demand(world, lift, seed=time)
        weekly = past_sales(world, seed=time)
        past, swing = weekly.sum(axis=1), swing_of(weekly, np.ones_like(weekly, dtype=bool))
        knows = Solved(world, certain(lift), world.rate, np.zeros(ROWS))
        ours += play(world, demand, Learning(world, past, swing)).sum() / TIMES
        knowing += play(world, demand, knows).sum() / TIMES
        cover = world.pieces * HISTORY_WEEKS / np.maximum(past, 0.5)
        for policy, net in _totals(simple_nets(world, demand, cover), TIMES).items():
            simple[policy] = simple.get(policy, 0.0) + net
    label = f"split, {name}, 26 weeks of history{note}"
    return [
        row(f"{label} / known demand", ours, knowing, HISTORY_MIN.get(name, ORDINARY_MIN), world),
        *_over_simple(name, label, ours, simple, world),
    ]


def _totals(nets: dict[str, np.ndarray], times: int) -> dict[str, float]:
    return {policy: float(net.sum()) / times for policy, net in nets.items()}


def _over_simple(
    name: str, label: str, ours: float, simple: dict[str, float], world: World
) -> list[dict[str, object]]:
    """Compare with the best simple policy; for mixed goods also with the literal rule."""
    best = max(simple, key=lambda policy: simple[policy])
    limit = MIXED_BEST_MIN if name == "mixed" and "exponential" not in label else BEST_MIN
    rows = [row(f"{label} / best simple policy ({best})", ours, simple[best], limit, world)]
    if name == "mixed":
        rows.append(row(f"{label} / literal rule", ours, simple["literal rule"], LITERAL_MIN, world))
    return rows


def row(name: str, ours: float, theirs: float, limit: float, world: World) -> dict[str, object]:
    """Make a line of the table of two nets, in per cent of list value; more is better."""
    return {
        "name": name,
        "measured": ours / world.list_value * 100,
        "compared_with": theirs / world.list_value * 100,
        "ratio": ours / theirs,
        "limit": limit,
        "at_least": True,
        "digits": 4,
        "peak_mb": None,
    }


if __name__ == "__main__":
    for one in run():
        print(f"{one['name']}: {one['measured']:.2f} {one['compared_with']:.2f} {one['ratio']:.4f}")

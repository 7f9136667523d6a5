"""Ten million stock rows through the solver: CPU seconds, memory, and whether time grows as rows do."""

import math
import sys
import time

import numpy as np

from bench.embedded import child, report
from bench.split_world import (
    CATEGORIES,
    LADDER,
    World,
    clock_at,
    listings_of,
    make_world,
    take_rows,
)
from include.winddown.domain.split.listings import Listings, Places
from include.winddown.domain.split.response import learn_response
from include.winddown.domain.split.solve import solve_listings

ROWS, TASK_ROWS, FEW_ROWS = 10_000_000, 1_000_000, 100_000
WAREHOUSES = 3
CPU_MAX_S, PEAK_MAX_MB, TASK_PEAK_MAX_MB, EXPONENT_MAX = 45.0, 2_500.0, 600.0, 1.05
HISTORY_WEEKS = 26
_DEARER = 0.02  # of the price: what a return costs more from each further warehouse


def run() -> list[dict[str, object]]:
    """
    Solve mixed goods in processes of their own, with the solver's machine code compiled before.

    Returns:
        CPU seconds (of all threads) for 10 M rows in tasks of 1 M, with each SKU in 3 warehouses and, beside
        it, in one; memory of one task and of all rows at once; the exponent from 10^5 to 10^7 rows.
    """
    _solve(_make(FEW_ROWS // 100, 1))  # compile here, so that no child does
    few, task = (_measure(rows, WAREHOUSES) for rows in (FEW_ROWS, TASK_ROWS))
    whole = _measure(ROWS, WAREHOUSES)
    alone = _measure(ROWS, 1)
    exponent = math.log(whole["seconds"] / few["seconds"]) / math.log(ROWS / FEW_ROWS)
    name = "split, 10 M rows, 3 warehouses a SKU"
    return [
        _row(f"{name}, all at once: CPU s / limit", whole["seconds"], CPU_MAX_S, whole["peak_mb"]),
        _row(
            "split, 1 M rows, one task: CPU s / a tenth of the limit",
            task["seconds"],
            CPU_MAX_S / 10,
            task["peak_mb"],
            TASK_PEAK_MAX_MB,
        ),
        _row("split: exponent of CPU s, 10^5 to 10^7 rows / limit", exponent, EXPONENT_MAX, None),
        _row(
            "split, 10 M rows, one warehouse a SKU, for comparison: CPU s / 3 x the limit",
            alone["seconds"],
            WAREHOUSES * CPU_MAX_S,
            alone["peak_mb"],
        ),
    ]


def _measure(rows: int, warehouses: int) -> dict[str, float]:
    return child("bench.split_scale", str(rows), str(warehouses))


def _row(
    name: str, measured: float, limit: float, peak_mb: float | None, peak_max_mb: float = PEAK_MAX_MB
) -> dict[str, object]:
    return {
        "name": name,
        "measured": measured,
        "compared_with": limit,
        "ratio": measured / limit,
        "limit": 1.0,
        "peak_mb": peak_mb,
        "peak_max_mb": peak_max_mb,
    }


def _make(rows: int, warehouses: int) -> tuple[World, Listings, Places]:
    """Make so many stock rows, a SKU in each warehouse while it has pieces enough."""
    world = make_world("mixed", rows // warehouses)
    here = np.arange(warehouses)
    pieces = (world.pieces[:, None] + here[::-1]) // warehouses
    back = world.back[:, None] - _DEARER * world.price[:, None] * here
    start = np.concatenate([[0], np.cumsum((pieces > 0).sum(axis=1))])
    doubt = 1 / (0.3 + HISTORY_WEEKS * world.rate)
    listings = listings_of(world, world.pieces, world.rate, doubt)._replace(
        category=world.category, start=start
    )
    return world, listings, Places(pieces[pieces > 0], back[pieces > 0])


def _solve(made: tuple[World, Listings, Places]) -> None:
    world, listings, places = made
    solve_listings(listings, places, learn_response(LADDER, CATEGORIES).response, clock_at(world, 0))


def _child(rows: str, warehouses: str) -> None:
    made = _make(int(rows), int(warehouses))
    few = take_rows(made[0], np.arange(1))
    solve_listings(  # loads the machine code
        listings_of(few, few.pieces, few.rate, np.zeros(1)),
        Places(few.pieces, few.back),
        learn_response(LADDER, CATEGORIES).response,
        clock_at(few, 0),
    )
    began = time.process_time()
    _solve(made)
    report(time.process_time() - began)


if __name__ == "__main__":
    if sys.argv[1:]:
        _child(*sys.argv[1:])
    else:
        for one in run():
            print(f"{one['name']}: {one['measured']:.2f}, peak {one['peak_mb'] or 0:.0f} MB")

"""
The split on sales that happened: 26 weeks known, the 12 after them replayed at the prices of each policy.

What a week would have sold at another price is made of what it sold: at a higher price some of its
pieces are left away by lot (binomial), at a lower one some are added (Poisson), by an elasticity that no
policy knows. Weeks without a sale stay without one. Costs, stock and resale values are simulated.
"""

import numpy as np
from scipy.stats import binom, poisson

from bench.split_data import Sales, read_sales
from bench.split_hindsight import hindsight, knowing
from bench.split_learn import HISTORY_WEEKS, Learning, swing_of
from bench.split_play import Demand, play, simple_nets
from bench.split_value import row
from bench.split_world import (
    FEE,
    FEE_A_LITRE,
    FREIGHT_A_KG,
    HANDLING,
    IS_SELLABLE,
    LADDER,
    PICK,
    SCRAP,
    SCRAP_A_LITRE,
    STORAGE_A_LITRE_DAY,
    World,
)
from include.winddown.domain.split.history import MILD_PCT
from include.winddown.domain.split.response import Markdowns, learn_response

SEEDS = (3, 4)
WEEKS = 12
SALVAGES = {"resale .3 to .8 of the price": (0.3, 0.8), "resale .05 to .3": (0.05, 0.3)}
LITERAL_MIN, BEST_MIN = 1.2, 1.04
RETURN_MORE, SALE_MORE = 90.0, 200.0  # small pieces of many kinds, each handled by itself [minor]
COVER_WEEKS = 12


def run() -> list[dict[str, object]]:
    """
    Replay 8,000 products for each seed and range of resale values.

    Returns:
        Rows whose measured and compared_with are per cent of list value: over the literal rule and over
        the best simple policy, which for the tuned rule means tuned on the very weeks that are replayed. The
        name says how much over it are the same solver told the averages of these weeks, and hindsight.
    """
    rows = []
    for seed in SEEDS:
        sales = read_sales(seed)
        for text, salvage in SALVAGES.items():
            rows += _replay(
                f"split, replay of a grocery chain's sales, seed {seed}, {text}", sales, salvage, seed
            )
    return rows


def _replay(label: str, sales: Sales, salvage: tuple[float, float], seed: int) -> list[dict[str, object]]:
    chance = np.random.default_rng([seed, 8])
    world = _world(sales, salvage, chance)
    demand = _demand(sales, world.elasticity, chance)
    categories = int(world.category.max()) + 1
    before = _markdowns(sales.category, sales.sold, sales.share)
    sold, weeks = _at_full_price(sales, learn_response(LADDER, categories, before).elasticity)
    swing = swing_of(sales.sold, sales.share * 100 >= MILD_PCT)
    learning = Learning(world, sold, swing, weeks, categories, before)
    ours = play(world, demand, learning).sum()
    cover = world.pieces * HISTORY_WEEKS / np.maximum(sales.sold.sum(axis=1), 0.5)
    simple = {name: net.sum() for name, net in simple_nets(world, demand, cover).items()}
    best = max(simple, key=lambda name: simple[name])
    known, bound = (net / simple[best] for net in (knowing(world, sales, demand), hindsight(world, sales)))
    reach = f"{best}; knowing later averages {known:.4f}, hindsight {bound:.4f}"
    return [
        row(f"{label} / literal rule", ours, simple["literal rule"], LITERAL_MIN, world),
        row(f"{label} / best simple policy ({reach})", ours, simple[best], BEST_MIN, world),
    ]


def _world(sales: Sales, salvage: tuple[float, float], chance: np.random.Generator) -> World:
    rows = len(sales.price)
    litres = chance.lognormal(0, 0.6, rows)
    resale = sales.price * chance.uniform(*salvage, rows)
    rate = sales.sold.mean(axis=1)
    later = _markdowns(sales.category, sales.sold_later, sales.share_later)
    truth = learn_response(LADDER, int(sales.category.max()) + 1, later).elasticity
    return World(
        pieces=np.maximum(1, np.round(rate * COVER_WEEKS * chance.lognormal(0, 0.9, rows))).astype(np.int64),
        price=sales.price,
        fee=FEE + SALE_MORE + FEE_A_LITRE * litres,
        storage=litres * STORAGE_A_LITRE_DAY * 7,
        back=resale * IS_SELLABLE - HANDLING - PICK - RETURN_MORE - FREIGHT_A_KG * 0.3 * litres,
        scrap=-(SCRAP + SCRAP_A_LITRE * litres),
        rate=rate,
        elasticity=np.maximum(0.5, truth[sales.category] + chance.normal(0, 0.5, rows)),
        category=sales.category,
        weeks=WEEKS,
    )


def _demand(sales: Sales, elasticity: np.ndarray, chance: np.random.Generator) -> Demand:
    luck = chance.random((WEEKS, len(elasticity)))

    def wanted(week: int, step: np.ndarray) -> np.ndarray:
        happened = sales.sold_later[:, week]
        factor = (LADDER[step] / sales.share_later[:, week]) ** -elasticity
        fewer = binom.ppf(luck[week], happened, np.minimum(factor, 1.0))
        more = poisson.ppf(luck[week], happened * np.maximum(factor - 1.0, 0.0))
        return np.where(factor < 1, fewer, happened + more).astype(np.int64)

    return wanted


def _at_full_price(sales: Sales, elasticity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count pieces, and weeks as so many at today's price as their own price was good for."""
    worth = sales.share ** -elasticity[sales.category][:, None]
    return sales.sold.sum(axis=1).astype(float), worth.sum(axis=1)


def _markdowns(category: np.ndarray, sold: np.ndarray, share: np.ndarray) -> Markdowns:
    """List what was sold in weeks of lower prices, against the rate of the other weeks."""
    full = share == 1.0
    rate = (np.where(full, sold, 0).sum(axis=1) + 0.5) / (full.sum(axis=1) + 1)
    product, week = np.nonzero(~full)
    pieces = sold[product, week].astype(float)
    return Markdowns(category[product], share[product, week], pieces, rate[product], np.zeros(len(product)))


if __name__ == "__main__":
    for one in run():
        print(f"{one['name']}: {one['measured']:.2f} {one['compared_with']:.2f} {one['ratio']:.4f}")

"""
How buyers answer lower prices, by category: believed at first, then learnt from observed markdowns.

Demand at the share c of today's price is today's × lift(c), for which there are two usual shapes with
the same elasticity e at today's price: the power c^-e and the exponential e^(e(1-c)). They differ much
at deep discounts: at c = 0.4 and e = 2.4 the power says 9 and the exponential 4.2. Here a curve is a
blend of both, log lift = e · (w · -ln c + (1 - w)(1 - c)), and beyond the deepest price that was
observed it goes on along its tangent, exponentially, which is always the lower of the two ways to go on.
So before any markdown was observed the lift is the smaller of power and exponential, and every
observed markdown frees the shape as far as it reached.

What is believed before: e is normal, 2.4 ± 0.7 for a category, of which 0.5 is shared by all
categories of the merchant; w is anything from 0 to 1. What is learnt is the posterior on a grid of
both, exact but for the grid: a category with few observations stays near the merchant's other ones,
and all stay near the default while there are few. Observed sales may vary more than Poisson sales do
(VARIANCE_FACTOR), and all sales of one share have an error in common (COMMON_ERROR: a season, a
holiday), so that no number of pieces makes a single week's markdown a certainty.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.listings import Response

ELASTICITY = 2.4
SPREAD = 0.7
SHARED_SPREAD = 0.5
VARIANCE_FACTOR = 2.0
COMMON_ERROR = 0.1
REACH_PIECES = 10.0
"""So many pieces, sold or expected, at a price or below it make that price an observed one."""
OWN_PIECES = 10.0
"""So many pieces at lower prices let a category count as learnt by itself."""

DEFAULT, OTHERS, OWN = 0, 1, 2
"""What a category's curve comes from: the default, the merchant's other categories, its own markdowns."""

_ELASTICITIES = np.linspace(0.0, 12.0, 121)
_BLENDS = np.linspace(0.0, 1.0, 5)
_CHUNK = 1024
_SPREAD_LEAST = 0.1
_FAR = 1_000.0  # squared standard deviations; farther off is as unlikely


class Markdowns(NamedTuple):
    """
    Sales at lower prices, one entry an observation.

    Attributes:
        category: row of Response.
        share: price ÷ today's price, above 0 and below 1.
        sold: pieces.
        expected: rate × weeks, pieces that today's price would have sold.
        seen_weeks: weeks of one SKU of which only is known that something was sold in each of them, or
            their price would not be known; 0 where weeks without a sale are among the observed ones.
    """

    category: np.ndarray
    share: np.ndarray
    sold: np.ndarray
    expected: np.ndarray
    seen_weeks: np.ndarray


class Learnt(NamedTuple):
    """
    Response by category, and where it comes from.

    Attributes:
        response: for the solver.
        elasticity, spread: mean and standard deviation, by category.
        blend: mean of w by category, 0 = exponential, 1 = power.
        origin: DEFAULT, OTHERS or OWN, by category.
        deepest: the lowest share that counts as observed; 1 = none.
    """

    response: Response
    elasticity: np.ndarray
    spread: np.ndarray
    blend: np.ndarray
    origin: np.ndarray
    deepest: float


NO_MARKDOWNS = Markdowns(np.zeros(0, np.int64), *(np.zeros(0) for _ in range(4)))


def learn_response(
    share: np.ndarray,
    categories: int,
    seen: Markdowns = NO_MARKDOWNS,
    variance_factor: float = VARIANCE_FACTOR,
    beliefs: Sequence[tuple[float, float]] = (),
) -> Learnt:
    """
    Learn how buyers answer lower prices.

    Args:
        share: of today's price: a ladder from 1 downwards.
        categories: how many there are.
        seen: markdowns that were observed, in any order; entries that say nothing (no pieces expected,
            a share not between 0 and 1) do not count.
        variance_factor: variance of sales ÷ their mean, at least 1.
        beliefs: by category, elasticity and standard deviation believed before; empty = ELASTICITY and
            SPREAD for all.

    Returns:
        One curve a category. A lift is never missing, is 1 at today's price, and never falls as the
        price does.
    """
    good = (seen.expected > 0) & (seen.share > 0) & (seen.share < 1) & (seen.sold >= 0)
    seen = Markdowns(*(column[good] for column in seen))
    deepest = _deepest(seen)
    believed = tuple(beliefs) or ((ELASTICITY, SPREAD),) * categories
    belief = _posterior(_likelihood(seen, deepest, categories, variance_factor), believed)
    lift, doubt = _lifts(belief, _slopes(share, deepest))
    by_elasticity, by_blend = belief.sum(axis=2), belief.sum(axis=1)
    elasticity = by_elasticity @ _ELASTICITIES
    own = np.bincount(seen.category, weights=_pieces(seen), minlength=categories)
    return Learnt(
        response=Response(np.asarray(share, float), lift, doubt),
        elasticity=elasticity,
        spread=np.sqrt(np.maximum(by_elasticity @ _ELASTICITIES**2 - elasticity**2, 0)),
        blend=by_blend @ _BLENDS,
        origin=np.where(own >= OWN_PIECES, OWN, OTHERS if own.sum() >= OWN_PIECES else DEFAULT),
        deepest=deepest,
    )


def default_lift(share: np.ndarray, belief: tuple[float, float] = (ELASTICITY, SPREAD)) -> np.ndarray:
    """
    Give the expected lift before anything was observed.

    Args:
        share: price ÷ today's; above 1 the lift is below 1.
        belief: elasticity and standard deviation.
    """
    nothing = np.zeros((1, len(_ELASTICITIES), len(_BLENDS)))
    return np.asarray(_lifts(_posterior(nothing, (belief,)), _slopes(share, 1.0))[0][0])


def _deepest(seen: Markdowns) -> float:
    """Find the lowest share with enough pieces at it or below it."""
    order = np.argsort(seen.share, kind="stable")
    pieces = np.cumsum(_pieces(seen)[order])
    enough = np.flatnonzero(pieces >= REACH_PIECES)
    return float(seen.share[order][enough[0]]) if len(enough) else 1.0


def _pieces(seen: Markdowns) -> np.ndarray:
    """Count the pieces that tell something: not the first of a week that is seen because of it."""
    return np.asarray(np.maximum(seen.sold - seen.seen_weeks, seen.expected), np.float64)


def _slopes(share: np.ndarray, deepest: float) -> np.ndarray:
    """Give log lift ÷ elasticity by share and blend."""
    there = np.maximum(share, deepest)[:, None]
    beyond = there - np.asarray(share, float)[:, None]
    bend = (1 - _BLENDS) + _BLENDS / there
    return np.asarray((1 - _BLENDS) * (1 - there) - _BLENDS * np.log(there) + bend * beyond, np.float64)


def _likelihood(seen: Markdowns, deepest: float, categories: int, variance_factor: float) -> np.ndarray:
    """Give the log likelihood of what was observed, by category, elasticity and blend."""
    found = np.zeros((categories, len(_ELASTICITIES), len(_BLENDS)))
    # all that one category sold at one share errs together
    group = np.unique(np.stack([seen.category, np.rint(seen.share * 100)]), axis=1, return_inverse=True)[1]
    group = group.reshape(-1)
    pieces = np.bincount(group, weights=np.maximum(seen.sold, seen.expected))
    weight = 1 / (variance_factor + COMMON_ERROR**2 * pieces[group])
    for start in range(0, len(group), _CHUNK):
        part = slice(start, start + _CHUNK)
        log_lift = _ELASTICITIES[:, None] * _slopes(seen.share[part], deepest)[:, None, :]
        mean = seen.expected[part, None, None] * np.exp(log_lift)
        told = seen.sold[part, None, None] * log_lift - mean
        # a week that sold nothing is not among the seen ones, so a slow SKU's sales say little
        weeks = seen.seen_weeks[part, None, None]
        told -= weeks * np.log(-np.expm1(-mean / np.where(weeks > 0, weeks, 1.0)))
        np.add.at(found, seen.category[part], weight[part, None, None] * told)
    return found


def _posterior(likelihood: np.ndarray, beliefs: Sequence[tuple[float, float]]) -> np.ndarray:
    """
    Combine the categories: each has an elasticity near one that all share, and all have one blend.

    Returns:
        Probability by category, elasticity and blend; each category's sum is 1.
    """
    shared_spread = SHARED_SPREAD / SPREAD * max(_SPREAD_LEAST, min(spread for _, spread in beliefs))
    shared = np.exp(-0.5 * ((_ELASTICITIES - ELASTICITY) / shared_spread) ** 2)
    near = {belief: _near(*belief, shared_spread) for belief in set(beliefs)}
    chance = np.exp(likelihood - likelihood.max(axis=(1, 2), keepdims=True))
    told = np.stack([near[one] @ own for one, own in zip(beliefs, chance, strict=True)])
    told = np.log(np.maximum(told, 1e-300))
    together = np.log(np.maximum(shared, 1e-300))[:, None] + told.sum(axis=0)
    belief = np.empty(chance.shape)
    for category, one in enumerate(beliefs):
        without = together - told[category]
        belief[category] = (near[one].T @ np.exp(without - without.max())) * chance[category]
        belief[category] /= belief[category].sum()
    return belief


def _near(elasticity: float, spread: float, shared_spread: float) -> np.ndarray:
    """Give the chance of a category's own elasticity, by column, for each one that all share, by row."""
    own_spread = np.sqrt(max(spread, _SPREAD_LEAST) ** 2 - shared_spread**2)
    middle = _ELASTICITIES[:, None] + (elasticity - ELASTICITY)
    near = np.exp(-0.5 * np.minimum(((_ELASTICITIES - middle) / own_spread) ** 2, _FAR))
    total: np.ndarray = near.sum(axis=1, keepdims=True)
    return np.asarray(near / total, np.float64)


def _lifts(belief: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give mean and variance ÷ mean² of the lift, by category and share."""
    lifts = np.exp(_ELASTICITIES[:, None] * slopes[:, None, :])
    mean = np.einsum("ceb,keb->ck", belief, lifts)
    square = np.einsum("ceb,keb->ck", belief, lifts * lifts)
    return mean, np.maximum(square / mean**2 - 1, 0.0)

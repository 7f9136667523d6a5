"""
How demand swings from week to week around its rate, learnt from all SKUs together.

Real sales vary more than Poisson sales of the same rate: pieces are bought several at once, and some
weeks are better than others. The first adds to a week's variance in proportion to the rate, the second
to its square, so the variance of a week is rate + several · rate + weeks · rate². Both are found by least
squares from what the SKUs' weeks vary more than Poisson sales would. That excess is right on average at
every number sold, so that Poisson sales give no swing, whatever their rates. A plan that takes demand for
steadier than it is keeps too many pieces and marks down too late.

Known drawbacks: one swing for all SKUs of a merchant; weeks at mild discounts count as alike, so that
what they sold more looks like a swing; a trend does too.
"""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.rates import Rates

NO_SWING_SKUS = 10.0
"""So many SKUs that sell a piece a week and never swing are put to those that were seen."""
NO_SWING_WEEKS = 26.0
"""Weeks of each of them."""

_WEEKS_LEAST = 4.0  # fewer do not tell a good week from a good rate
_ALIKE = 1e-6  # of SKUs that all sell alike, the two parts cannot be told apart
_FAST = 1.0  # pieces a week, above which a SKU's weeks tell less: its swing is its own


class Swing(NamedTuple):
    """
    What a week's variance has beyond Poisson's.

    Attributes:
        several: part in proportion to the rate, 0 or more: pieces that are bought at once.
        weeks: part in proportion to its square, 0 or more: better weeks and worse ones.
    """

    several: float
    weeks: float


def fit_swing(sold: np.ndarray, squares: np.ndarray, weeks: np.ndarray) -> Swing:
    """
    Find by how much more weeks vary than Poisson sales do.

    Args:
        sold: by SKU with stock: pieces in the weeks looked at.
        squares: the sum of the squares of each week's pieces.
        weeks: how many weeks these are, those without a sale included; less than 4 say nothing.

    Returns:
        One swing for all; none where nothing is known.
    """
    tells = (weeks >= _WEEKS_LEAST) & (sold > 0)
    pieces, known = sold[tells].astype(float), weeks[tells].astype(float)
    pace = pieces / known
    excess = (squares[tells] - pieces * pace) / (known - 1) / pace - 1
    weight = known * pace / (1 + pace / _FAST) ** 2
    calm = NO_SWING_SKUS * NO_SWING_WEEKS / (1 + 1 / _FAST) ** 2
    level, tilt = float(weight @ excess), float(weight @ (excess * pace))
    mass, first, second = (float(weight @ pace**power) + calm for power in range(3))
    return _least_squares((level, tilt), (mass, first, second))


def _least_squares(told: tuple[float, float], sums: tuple[float, float, float]) -> Swing:
    """Fit both parts; where one would be below 0, the one alone that explains more."""
    (level, tilt), (mass, first, second) = told, sums
    spread = mass * second - first * first
    if spread > _ALIKE * mass * second:
        several = (level * second - tilt * first) / spread
        weeks = (tilt * mass - level * first) / spread
        if several >= 0 and weeks >= 0:
            return Swing(several, weeks)
    several, weeks = max(0.0, level) / mass, max(0.0, tilt) / second
    return Swing(several, 0.0) if several**2 * mass >= weeks**2 * second else Swing(0.0, weeks)


def add_swing(rates: Rates, swing: Swing) -> Rates:
    """
    Widen what is known of rates by what weeks swing: the doubt of a week's demand.

    Returns:
        The same means; doubt is now the variance of a week's demand beyond Poisson's ÷ mean².
    """
    return Rates(rates.mean, rates.doubt + swing.several / rates.mean + swing.weeks)

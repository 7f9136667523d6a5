"""
What may be sold in a week: probabilities of whole lots, with the wanted mean and variance.

Demand in pieces is Poisson or negative binomial. In lots of several pieces its variance can be
smaller than its mean, so the distribution is binomial there: the three are one family (Panjer's),
each a recursion of one multiplication a term.
"""

import math

import numpy as np

from include.winddown.domain.split.compiled import compiled

LOTS_MAX = 64
STRIDE = LOTS_MAX + 16
"""Of a row of numbers by lots; what lies beyond the lots is read with them, eight at a time, and ignored."""
STEP = 4
"""So many chances are taken at a time; behind the last that matters there are as many zeros."""
_INVERSE = 1.0 / np.maximum(1, np.arange(4 * STRIDE))
_NEGLIGIBLE = 1e-13
_ALIKE = 1e-5  # a variance so close below the mean counts as the mean: a binomial would need 10^5 trials


@compiled
def fill_demand(mean: float, variance: float, most: int, odds: np.ndarray) -> None:
    """
    Write the probabilities of 0 to `most` lots; what lies beyond is left out.

    Args:
        mean: lots a week.
        variance: lots². Below what whole numbers allow, the least they allow is taken.
        most: the last number wanted.
        odds: is filled from 0 to most.
    """
    odds[: most + 1] = 0.0
    if mean <= 0:
        odds[0] = 1.0
        return
    if variance >= mean * (1 - _ALIKE):
        _over(mean, variance, most, odds)
        return
    whole = int(mean)
    part = mean - whole
    least = part * (1 - part)
    trials, weight = 0, 1.0
    if variance > least + 1e-12:
        trials = int(mean / (1 - variance / mean))
        narrow = mean * (1 - mean / trials) if trials >= mean and trials > 0 else least
        wide = mean * (1 - mean / (trials + 1))
        weight = min(1.0, max(0.0, (wide - variance) / (wide - narrow)))
    if trials >= mean and trials > 0:
        _under(mean, trials, weight, most, odds)
    else:
        for lots, share in ((whole, 1 - part), (whole + 1, part)):
            if lots <= most:
                odds[lots] += weight * share
    if weight < 1:
        _under(mean, trials + 1, 1 - weight, most, odds)


@compiled
def _over(mean: float, variance: float, most: int, odds: np.ndarray) -> None:
    """Poisson or negative binomial: the variance is at least the mean."""
    extra = variance / mean - 1
    if extra < 1e-9:
        term, slope, push = math.exp(-mean), 0.0, mean
    else:
        size = mean / extra
        term = math.exp(-size * math.log1p(extra))
        slope = extra / (1 + extra)
        push = (size - 1) * slope
    odds[0] = term
    for lots in range(1, most + 1):
        term *= slope + push * _INVERSE[lots]
        odds[lots] = term


@compiled
def _under(mean: float, trials: int, weight: float, most: int, odds: np.ndarray) -> None:
    """Add a binomial with this mean: the variance is below the mean."""
    chance = mean / trials
    if chance >= 1 - 1e-15:
        if trials <= most:
            odds[trials] += weight
        return
    term = weight * math.exp(trials * math.log1p(-chance))
    step = chance / (1 - chance)
    odds[0] += term
    for lots in range(1, min(most, trials) + 1):
        term *= step * (trials - lots + 1) * _INVERSE[lots]
        odds[lots] += term


@compiled
def fill_week(
    mean: float, variance: float, reach: tuple[int, float], odds: np.ndarray, sold: np.ndarray
) -> tuple[int, int]:
    """
    Prepare one price: probabilities, and lots sold on average out of each stock.

    Args:
        mean: lots a week.
        variance: lots².
        reach: lots in stock, and how many standard deviations of demand are looked at.
        odds: filled with probabilities.
        sold: filled with E[min(demand, stock)] for each stock.

    Returns:
        The first and the last but one number of lots that matter.
    """
    stock, width = reach
    if mean > 2 * stock + 60:  # all is sold anyhow, and e^-mean must not vanish
        variance *= (2 * stock + 60) / mean
        mean = 2.0 * stock + 60
    most = min(stock, int(mean + width * math.sqrt(variance) + 2))
    fill_demand(mean, variance, most, odds)
    odds[most + 1 : most + STEP] = 0.0
    beyond, total = 1.0, 0.0
    sold[0] = 0.0
    for lots in range(1, min(stock, most + 1) + 1):
        beyond = max(0.0, beyond - odds[lots - 1])
        total += beyond
        sold[lots] = total
    sold[most + 2 : stock + 1] = total
    first = 0
    while first < most and odds[first] < _NEGLIGIBLE:
        first += 1
    return first, most + 1

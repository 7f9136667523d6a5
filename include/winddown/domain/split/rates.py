"""
Rate of sale of every SKU, learnt from all of them together (empirical Bayes).

Most SKUs of a merchant sell almost nothing and a few sell very much, so how rates are spread over
SKUs has a heavier tail than any one Gamma distribution: fitted to such rates, one Gamma pulls good
sellers down and takes zero sellers for better than they are. Here the spread is a mixture of narrow
Gammas over a grid of rates whose weights are found by maximum likelihood (Kiefer and Wolfowitz's
estimator, smoothed). With Poisson sales each of them has its posterior in closed form, so that
later weeks are learnt from by calling the same function with more pieces and more weeks.

Known drawbacks: weeks count as alike, so neither seasons nor trends are seen. A rate's doubt says nothing
of demand that swings from week to week around it; swings.py adds that.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

DEFAULT_RATE = 0.25
"""Pieces a week where nothing was ever sold by anybody: an assumption, low because too low a rate brings
goods home, while too high a rate leaves them at the marketplace after the deadline."""
DEFAULT_WEEKS = 8.0
"""How many weeks of one SKU that assumption weighs against what is known of all."""
DEFAULT_SKUS = 4.0
"""How many SKUs the smooth spread below weighs against what is known of each."""
DEFAULT_SHAPE = 0.3
"""Of the Gamma towards which thin data are smoothed: a mean with a long tail."""

_RATES = 80
_NARROW = 20.0  # shape of each Gamma of the mixture, about as wide as the grid's steps
_ROUNDS = 200
_ENOUGH = 1e-7  # gain of log likelihood a SKU
_WEEK_STEPS = 200  # weeks are told apart to half a per cent
_WEEKS_LEAST = 0.05  # less says nothing
_PIECES_APART = 32  # for the prior, greater sales are put together by tenths
_CHUNK = 16_384


class Prior(NamedTuple):
    """
    How rates are spread over a merchant's SKUs: a mixture of Gammas of one shape.

    Attributes:
        rate: mean of each [pieces a week], ascending.
        weight: of each, together 1.
        is_default: nobody's sales were known, so it is an assumption.
    """

    rate: np.ndarray
    weight: np.ndarray
    is_default: bool


class Rates(NamedTuple):
    """
    What is known of each SKU's rate.

    Attributes:
        mean: pieces a week at today's price, above 0.
        doubt: variance ÷ mean².
    """

    mean: np.ndarray
    doubt: np.ndarray


def fit_prior(sold: np.ndarray, weeks: np.ndarray) -> Prior:
    """
    Find how rates are spread over SKUs.

    Args:
        sold: by SKU with stock, zero sellers included: pieces in the weeks that tell of its rate.
        weeks: how many weeks these are, at today's price; 0, or no number, means nothing is known.

    Returns:
        A prior for every SKU of the merchant, also for those of which nothing is known.
    """
    pieces, known = _usable(sold, weeks)
    counted = known > 0
    pieces, known = pieces[counted], known[counted]
    pooled = (pieces.sum() + DEFAULT_RATE * DEFAULT_WEEKS) / (known.sum() + DEFAULT_WEEKS)
    rate = _grid(pieces, known, pooled)
    smooth = _gamma_weights(rate, pooled)
    if not len(pieces):
        return Prior(rate, smooth, is_default=True)
    pair_pieces, pair_weeks, times = _alike(pieces, known)
    chance = _chances(rate, pair_pieces, pair_weeks)
    return Prior(rate, _most_likely(chance, times, smooth), is_default=False)


def estimate_rates(sold: np.ndarray, weeks: np.ndarray, prior: Prior) -> Rates:
    """
    Combine what is known of each SKU with what is known of all.

    Args:
        sold: by SKU: pieces in the weeks that tell of its rate.
        weeks: how many weeks these are, at today's price; 0, or no number, means nothing is known,
            and the SKU gets the prior's rate. They count to half a per cent.
        prior: of the merchant's SKUs.

    Returns:
        One rate a SKU; never missing, more pieces never make it lower nor more weeks higher.
    """
    pieces, known = _usable(sold, weeks)
    step = _steps(known)
    # a pair is one whole number; pieces that were counted in part are told apart to a sixteenth
    code, pairs = pd.factorize(np.rint(pieces * 16).astype(np.int64) * (step.max(initial=0) + 1) + step)
    first = np.zeros(len(pairs), np.int64)
    first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    mean, doubt = np.empty(len(pairs)), np.empty(len(pairs))
    pair_pieces, pair_weeks = pieces[first], _weeks_of(step[first])
    for part in _parts(len(pairs)):
        mean[part], doubt[part] = _moments(prior, pair_pieces[part], pair_weeks[part])
    return Rates(mean[code], doubt[code])


def _usable(sold: np.ndarray, weeks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = np.where(np.isfinite(weeks) & (weeks >= _WEEKS_LEAST), weeks, 0.0)
    return np.where(known > 0, np.maximum(sold, 0.0), 0.0), known


def _steps(weeks: np.ndarray) -> np.ndarray:
    """Number weeks on a scale of half a per cent; 0 = none."""
    ratio = np.maximum(weeks, _WEEKS_LEAST) / _WEEKS_LEAST
    return np.where(weeks > 0, 1 + np.rint(np.log(ratio) * _WEEK_STEPS), 0).astype(np.int64)


def _weeks_of(step: np.ndarray) -> np.ndarray:
    return np.where(step > 0, _WEEKS_LEAST * np.exp((step - 1) / _WEEK_STEPS), 0.0)


def _grid(pieces: np.ndarray, weeks: np.ndarray, pooled: float) -> np.ndarray:
    """Rates from about none in all the time known to beyond the best seller's, evenly apart in logarithm."""
    highest = max(2 * float(np.max(pieces / weeks, initial=0.0)), 20 * pooled)
    longest = max(float(np.max(weeks, initial=0.0)), DEFAULT_WEEKS)
    lowest = min(0.02 / longest, highest / 1e6)
    return np.geomspace(lowest, highest, _RATES)


def _gamma_weights(rate: np.ndarray, mean: float) -> np.ndarray:
    """Put a wide Gamma on the grid; its density over log rates is rate^shape · exp(-rate / scale)."""
    weight = rate**DEFAULT_SHAPE * np.exp(-rate * DEFAULT_SHAPE / mean)
    return np.asarray(weight / weight.sum(), np.float64)


def _alike(pieces: np.ndarray, weeks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Put SKUs together that say nearly the same; give pieces, weeks and number of SKUs."""
    tens = np.rint(10 * np.log(np.maximum(pieces, _PIECES_APART) / _PIECES_APART)).astype(np.int64)
    step = _steps(weeks) // 10
    few = np.rint(np.minimum(pieces, _PIECES_APART)).astype(np.int64)
    code, found = pd.factorize((few + tens) * (step.max() + 1) + step)
    times = np.bincount(code, minlength=len(found)).astype(float)
    return (
        np.bincount(code, weights=pieces) / times,
        np.bincount(code, weights=weeks) / times,
        times,
    )


def _chances(rate: np.ndarray, pieces: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """How likely a SKU's sales are under each Gamma, by SKU and Gamma; the likeliest is 1."""
    ease = _NARROW / rate
    logs = _NARROW * np.log(ease) - (_NARROW + pieces[:, None]) * np.log(ease + weeks[:, None])
    return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)), np.float64)


def _most_likely(chance: np.ndarray, times: np.ndarray, smooth: np.ndarray) -> np.ndarray:
    """Find the weights under which all SKUs' sales together are likeliest (EM), smoothed by DEFAULT_SKUS."""
    weight, before = smooth, -np.inf
    for _ in range(_ROUNDS):
        total = chance @ weight
        found = float(times @ np.log(total))
        if found - before < _ENOUGH * times.sum():
            break
        before = found
        weight = weight * ((times / total) @ chance) + DEFAULT_SKUS * smooth
        weight /= times.sum() + DEFAULT_SKUS
    return np.asarray(weight, np.float64)


def _moments(prior: Prior, pieces: np.ndarray, weeks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    share = _chances(prior.rate, pieces, weeks) * prior.weight
    share /= share.sum(axis=1, keepdims=True)
    shape = _NARROW + pieces
    spread = 1 / (_NARROW / prior.rate + weeks[:, None])
    mean = shape * (share * spread).sum(axis=1)
    square = shape * (shape + 1) * (share * spread * spread).sum(axis=1)
    return mean, np.maximum(square / (mean * mean) - 1, 0.0)


def _parts(length: int) -> Iterator[slice]:
    return (slice(start, start + _CHUNK) for start in range(0, length, _CHUNK))

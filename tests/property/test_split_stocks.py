"""Eight stocks at a time against one at a time: what is taken out, what a week gains, what lies beyond the stock."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.split.stocks import sell, take_out
from include.winddown.domain.split.tables import LOTS_MAX, STRIDE, fill_week

JUNK = 1e9
LOTS = st.integers(1, LOTS_MAX)
SEEDS = st.integers(0, 1_000_000)


def with_junk(chance: np.random.Generator, lots: int) -> np.ndarray:
    """Draw worths of 0 to `lots` in whole numbers, with dips and plateaus; something is left over beyond."""
    steps = chance.integers(-3, 4, lots)
    return np.concatenate([[0.0], np.cumsum(steps), np.full(STRIDE - 1 - lots, JUNK)])


@given(lots=LOTS, seed=SEEDS, worth=st.integers(-2, 3))
def test_only_what_gains_less_than_its_worth_is_taken_out(lots, seed, worth):
    """V is the most of J and of what is left of it after a removal; ties are taken out, as removal is certain."""
    gained = with_junk(np.random.default_rng(seed), lots)
    keep, value = np.zeros(STRIDE, np.int8), np.zeros(2 * STRIDE)
    whole = take_out(lots, float(worth), (gained, 0), (keep, 0), (value, STRIDE))
    more = gained[: lots + 1] - np.arange(lots + 1) * worth
    best = np.maximum.accumulate(more)
    is_kept = more[1:] > best[:-1]
    assert (value[STRIDE : STRIDE + lots + 1] == best + np.arange(lots + 1) * worth).all()
    assert (keep[1 : lots + 1].astype(bool) == is_kept).all()
    assert whole == (lots if is_kept.all() else int(np.argmin(is_kept)))


@given(lots=LOTS, seed=SEEDS, mean=st.floats(0.01, 40), ratio=st.floats(0.5, 3))
def test_a_week_in_place_is_what_the_definition_says(lots, seed, mean, ratio):
    """Whatever was left in the arrays beyond the stock by a larger listing."""
    odds, sold = np.full((1, STRIDE), JUNK), np.full((1, STRIDE), JUNK)
    reach = fill_week(mean, mean * ratio, (lots, 40.0), odds[0], sold[0])
    value = np.concatenate([np.zeros(STRIDE), with_junk(np.random.default_rng(seed), lots)])
    before = value[STRIDE : STRIDE + lots + 1].copy()
    gain, storage = 7.0, 0.3
    row = (value, STRIDE)
    sell((1, lots), reach, (gain, storage), (odds, sold, 0), row, row)
    for stock in range(1, lots + 1):
        lost = np.arange(reach[0], min(reach[1], stock + 1))
        later = odds[0, lost] @ before[stock - lost]
        earned = gain * sold[0, stock] - storage * (stock - 0.5 * sold[0, stock])
        assert abs(value[STRIDE + stock] - later - earned) < 1e-9

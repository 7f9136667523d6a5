"""What may be sold in a week: probabilities with the wanted mean and variance, whatever these are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.split.tables import fill_demand

MOST = 200
MEANS = st.floats(1e-9, 30)
NEAR = st.floats(-12, -0.5).map(lambda power: 1 - 10**power)
RATIOS = st.one_of(st.floats(0, 3), NEAR)


@given(mean=MEANS, ratio=RATIOS)
def test_odds_have_the_wanted_mean_and_variance(mean, ratio):
    """Variance ÷ mean from 0 to 3, and as close below 1 as it can be; never less than whole numbers allow."""
    odds = np.zeros(MOST + 1)
    fill_demand(mean, ratio * mean, MOST, odds)
    lots = np.arange(MOST + 1)
    found = odds @ lots
    part = mean % 1
    wanted = max(ratio * mean, part * (1 - part))
    assert (odds >= 0).all()
    assert abs(odds.sum() - 1) < 1e-6
    assert abs(found - mean) < 1e-5 * max(1, mean)
    assert abs(odds @ (lots - found) ** 2 - wanted) < 1e-4 * max(1, mean)


def test_a_variance_just_below_the_mean_does_no_harm():
    """Found among ten million rows: two binomials with so many trials that their variances are the same."""
    for mean in (1e-3, 0.37, 12.0):
        for power in range(-12, -2):
            odds = np.zeros(MOST + 1)
            fill_demand(mean, mean * (1 - 10.0**power), MOST, odds)
            assert np.isfinite(odds).all()

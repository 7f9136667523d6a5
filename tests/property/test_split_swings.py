"""What must hold of swings whatever was sold."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.split.rates import estimate_rates, fit_prior
from include.winddown.domain.split.swings import add_swing, fit_swing

WEEKLY = st.integers(1, 30).flatmap(
    lambda weeks: st.lists(
        st.lists(st.integers(0, 10_000), min_size=weeks, max_size=weeks), min_size=1, max_size=20
    )
)


@given(WEEKLY)
def test_a_swing_never_narrows_demand_nor_leaves_it_unknown(rows):
    """Both parts are finite and not below 0, so no doubt becomes less, and none is missing."""
    weekly = np.array(rows, np.int64)
    sold, weeks = weekly.sum(axis=1), np.full(len(weekly), weekly.shape[1])
    swing = fit_swing(sold, (weekly**2).sum(axis=1), weeks)
    assert min(swing) >= 0
    assert np.isfinite(swing).all()
    rates = estimate_rates(sold, weeks.astype(float), fit_prior(sold, weeks.astype(float)))
    wide = add_swing(rates, swing)
    assert (wide.doubt >= rates.doubt).all()
    assert np.isfinite(wide.doubt).all()

"""What must hold of rates and responses whatever was sold."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.split.rates import estimate_rates, fit_prior
from include.winddown.domain.split.response import Markdowns, learn_response

LADDER = np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3])
TINY = 1e-9

ODD_WEEKS = st.sampled_from([0.0, float("nan"), float("inf"), -1.0])
KNOWN_WEEKS = st.floats(0.2, 104.0)
SKU = st.tuples(st.integers(0, 100_000), KNOWN_WEEKS | ODD_WEEKS)
SKUS = st.lists(SKU, min_size=1, max_size=30)
SEEN = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([0.95, 0.8, 0.7, 0.5, 0.35]),
        st.integers(0, 5_000),
        st.floats(0.01, 2_000.0),
        st.integers(0, 50),
    ),
    max_size=12,
)


def columns(rows):
    sold, weeks = zip(*rows, strict=True)
    return np.array(sold, np.int64), np.array(weeks, float)


def markdowns(rows):
    parts = [np.array(part) for part in zip(*rows, strict=True)] if rows else [np.zeros(0)] * 5
    return Markdowns(parts[0].astype(np.int64), *(part.astype(float) for part in parts[1:]))


@given(SKUS)
def test_no_rate_is_ever_missing(rows):
    """Whatever is put in, each SKU gets a rate above 0 and a doubt."""
    sold, weeks = columns(rows)
    rates = estimate_rates(sold, weeks, fit_prior(sold, weeks))
    assert np.all(np.isfinite(rates.mean) & (rates.mean > 0))
    assert np.all(np.isfinite(rates.doubt) & (rates.doubt >= 0))


@given(SKUS, SKU)
def test_a_rate_lies_among_the_priors_and_the_data(rows, one):
    """No SKU is given a rate beyond its own sales and all that the prior holds possible."""
    prior = fit_prior(*columns(rows))
    sold, weeks = columns([one])
    mean = estimate_rates(sold, weeks, prior).mean[0]
    raw = sold[0] / weeks[0] if np.isfinite(weeks[0]) and weeks[0] > 0 else prior.rate[0]
    assert min(raw, prior.rate[0]) * 0.995 <= mean <= max(raw, prior.rate[-1]) * 1.005


@given(SKUS, st.integers(0, 5_000), st.integers(1, 5_000), KNOWN_WEEKS)
def test_more_sold_never_lowers_the_rate(rows, sold, more, weeks):
    """In the same weeks, more pieces mean no lower a rate."""
    prior = fit_prior(*columns(rows))
    rates = estimate_rates(np.array([sold, sold + more]), np.array([weeks, weeks]), prior)
    assert rates.mean[0] <= rates.mean[1] * (1 + TINY)


@given(SKUS, st.integers(0, 5_000), KNOWN_WEEKS, st.floats(0.0, 52.0))
def test_more_weeks_never_raise_the_rate(rows, sold, weeks, more):
    """For the same pieces, more weeks mean no higher a rate."""
    prior = fit_prior(*columns(rows))
    rates = estimate_rates(np.array([sold, sold]), np.array([weeks, weeks + more]), prior)
    assert rates.mean[1] <= rates.mean[0] * (1 + TINY)


@given(SKUS, st.integers(1, 1_000), KNOWN_WEEKS, st.integers(2, 1_000))
def test_many_times_the_sales_in_as_many_times_the_weeks_settle_the_rate(rows, sold, weeks, times):
    """With ever more of the same, a rate goes towards what was sold a week."""
    prior = fit_prior(*columns(rows))
    many = 10**7
    rates = estimate_rates(np.array([sold * many, sold * times]), weeks * np.array([many, times]), prior)
    raw = sold / weeks
    assert abs(np.log(rates.mean[0] / raw)) < 0.01
    assert rates.doubt[0] <= rates.doubt[1] + TINY


@given(SKUS, st.randoms(use_true_random=False))
def test_the_order_of_skus_does_not_matter(rows, chance):
    """Shuffled SKUs get the rates they got before."""
    order = list(range(len(rows)))
    chance.shuffle(order)
    sold, weeks = columns(rows)
    before = estimate_rates(sold, weeks, fit_prior(sold, weeks)).mean
    after = estimate_rates(sold[order], weeks[order], fit_prior(sold[order], weeks[order])).mean
    assert np.allclose(after, before[order], rtol=1e-6)


@given(SEEN)
def test_lower_prices_never_lower_demand(rows):
    """Whatever was observed, a lift starts at 1, rises as prices fall, and is never missing."""
    response = learn_response(LADDER, 3, markdowns(rows)).response
    assert np.all(np.isfinite(response.lift) & np.isfinite(response.doubt))
    assert np.allclose(response.lift[:, 0], 1)
    assert np.all(np.diff(response.lift, axis=1) >= -TINY)
    assert np.all(response.doubt >= 0)


@given(SEEN, st.randoms(use_true_random=False))
def test_the_order_of_observations_does_not_matter(rows, chance):
    """Shuffled observations teach the same."""
    shuffled = list(rows)
    chance.shuffle(shuffled)
    one, other = (learn_response(LADDER, 3, markdowns(some)) for some in (rows, shuffled))
    assert np.allclose(one.response.lift, other.response.lift, rtol=1e-6)


@given(
    st.sampled_from([0.9, 0.7, 0.5]),
    st.integers(0, 500),
    st.integers(1, 500),
    st.floats(0.1, 300),
    st.booleans(),
)
def test_more_sold_at_a_price_never_lowers_what_is_expected_there(share, sold, more, expected, is_seen):
    """More pieces at a lower price speak for a stronger answer at that price."""
    weeks = 1 if is_seen and sold > 0 else 0
    few, many = (
        learn_response(np.array([1.0, share]), 1, markdowns([(0, share, pieces, expected, weeks)]))
        for pieces in (sold, sold + more)
    )
    assert few.response.lift[0, 1] <= many.response.lift[0, 1] * (1 + TINY)

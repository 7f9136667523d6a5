"""Rates of sale: what a SKU's own weeks say, and what its neighbours do."""

import numpy as np
import pytest

from include.winddown.domain.split.rates import DEFAULT_RATE, Prior, estimate_rates, fit_prior


def catalogue_of_sales(skus=20_000, weeks=26, seed=5):
    """Rates as merchants have them: many that sell nothing, few that sell very much."""
    chance = np.random.default_rng(seed)
    rate = np.exp(chance.normal(-2.0, 1.8, skus)) * (chance.random(skus) > 0.3)
    return rate, chance.poisson(rate * weeks), np.full(skus, float(weeks))


def one_gamma(sold, weeks):
    """Fit one Gamma to all SKUs by maximum likelihood on a grid, and give each SKU's mean under it."""
    ways = [(shape, mean) for shape in np.geomspace(0.02, 5, 60) for mean in np.geomspace(0.05, 5, 60)]
    pieces, times = np.unique(sold, return_counts=True)
    # log of Γ(shape + n) / Γ(shape), by pieces
    climbs = {
        shape: np.concatenate([[0.0], np.cumsum(np.log(shape + np.arange(pieces[-1])))])[pieces]
        for shape, _ in ways
    }

    def likely(shape, mean):
        ease = shape / mean
        return times @ (climbs[shape] + shape * np.log(ease) - (shape + pieces) * np.log(ease + weeks))

    shape, mean = max(ways, key=lambda way: likely(*way))
    return (shape + sold) / (shape / mean + weeks)


def test_a_rate_is_pulled_from_the_raw_one_towards_what_is_usual():
    """A SKU without a sale is given some, and a lucky one less than it sold."""
    _, sold, weeks = catalogue_of_sales()
    rates = estimate_rates(np.array([0, 4]), np.array([26.0, 26.0]), fit_prior(sold, weeks))
    assert 0 < rates.mean[0] < 0.02
    assert 0.05 < rates.mean[1] < 4 / 26


def test_a_good_seller_is_believed():
    """With hundreds of pieces sold the neighbours hardly count."""
    _, sold, weeks = catalogue_of_sales()
    rates = estimate_rates(np.array([520]), np.array([26.0]), fit_prior(sold, weeks))
    assert rates.mean[0] == pytest.approx(20, rel=0.05)
    assert rates.doubt[0] == pytest.approx(1 / 520, rel=0.2)


def test_the_rates_are_right_on_average_at_every_number_sold():
    """Among SKUs that sold the same, the mean rate is the true one: no group is favoured."""
    true, sold, weeks = catalogue_of_sales(100_000)
    rates = estimate_rates(sold, weeks, fit_prior(sold, weeks))
    for low, high in ((0, 0), (1, 2), (3, 10), (11, 100), (101, 10_000)):
        group = (sold >= low) & (sold <= high)
        assert rates.mean[group].mean() == pytest.approx(true[group].mean(), rel=0.1)


def test_one_gamma_would_fit_worse():
    """Rates have a heavier tail than one Gamma has: its estimates are worse, above all of slow sellers."""
    true, sold, weeks = catalogue_of_sales()
    ours = estimate_rates(sold, weeks, fit_prior(sold, weeks)).mean
    gamma = one_gamma(sold, weeks[0])

    def log_loss(rate):
        later = true * 12
        return np.mean(rate * 12 - later * np.log(rate * 12))

    assert log_loss(ours) < log_loss(gamma) - 0.001
    assert log_loss(ours) < log_loss((sold + 0.5) / (weeks + 1)) - 0.01
    none = sold == 0
    assert abs(ours[none].mean() / true[none].mean() - 1) < abs(gamma[none].mean() / true[none].mean() - 1)


def test_later_weeks_are_learnt_from_by_more_pieces_and_more_weeks():
    """A narrow prior and Poisson sales: the mean is that of the Gamma's own update."""
    prior = Prior(np.array([2.0]), np.array([1.0]), is_default=False)
    before = estimate_rates(np.array([10]), np.array([5.0]), prior)
    after = estimate_rates(np.array([10 + 12]), np.array([5.0 + 4.0]), prior)
    assert before.mean[0] == pytest.approx((20 + 10) / (10 + 5), rel=0.005)
    assert after.mean[0] == pytest.approx((20 + 22) / (10 + 9), rel=0.005)
    assert after.doubt[0] == pytest.approx(1 / (20 + 22), rel=0.005)


def test_pieces_may_count_in_part():
    """Sales that tell of the rate only in part are not rounded away."""
    prior = Prior(np.array([2.0]), np.array([1.0]), is_default=False)
    half = estimate_rates(np.array([0.5, 0.0]), np.array([5.0, 5.0]), prior)
    assert half.mean[0] == pytest.approx(20.5 / 15, rel=0.005)
    assert fit_prior(np.array([0.5, 1.5]), np.array([5.0, 5.0])).weight.sum() == pytest.approx(1)


@pytest.mark.parametrize("weeks", [[], [0.0], [np.nan, np.inf, -3.0]])
def test_without_any_history_the_default_is_given_and_said(weeks):
    """No order known: a quarter of a piece a week, very uncertain, and the prior says so."""
    weeks = np.array(weeks)
    sold = np.full(len(weeks), 7)
    prior = fit_prior(sold, weeks)
    assert prior.is_default
    rates = estimate_rates(np.array([0, 7]), np.array([0.0, np.nan]), prior)
    assert rates.mean == pytest.approx([DEFAULT_RATE, DEFAULT_RATE], rel=0.05)
    assert np.all(rates.doubt > 2)


def test_a_sku_of_which_nothing_is_known_gets_what_is_usual_here():
    """An unknown SKU of a merchant is like the merchant's other ones."""
    _, sold, weeks = catalogue_of_sales()
    prior = fit_prior(sold, weeks)
    assert not prior.is_default
    unknown = estimate_rates(np.array([0]), np.array([0.0]), prior)
    assert unknown.mean[0] == pytest.approx(sold.sum() / weeks.sum(), rel=0.1)


def test_one_sku_alone_is_not_its_own_proof():
    """The prior fitted on one SKU stays wide, so that its own few sales are not counted twice."""
    sold, weeks = np.array([3]), np.array([26.0])
    rates = estimate_rates(sold, weeks, fit_prior(sold, weeks))
    assert rates.doubt[0] > 0.15

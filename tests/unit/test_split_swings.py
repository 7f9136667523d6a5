"""How weeks swing: told from weekly sales, and not seen where there is nothing but luck."""

import numpy as np
import pytest

from include.winddown.domain.policy import Policy
from include.winddown.domain.split.estimate import estimate_demand
from include.winddown.domain.split.history import Past
from include.winddown.domain.split.rates import Rates, estimate_rates, fit_prior
from include.winddown.domain.split.swings import Swing, add_swing, fit_swing

WEEKS = 26


def weekly_sales(several=0.0, weeks=0.0, skus=20_000, seed=7):
    """Sales by SKU and week of rates that differ much: so many pieces an order, and weeks that differ."""
    chance = np.random.default_rng(seed)
    rate = np.exp(chance.normal(-0.5, 1.2, skus))[:, None]
    mean = rate * (chance.gamma(1 / weeks, weeks, (skus, WEEKS)) if weeks else np.ones((1, WEEKS)))
    if not several:
        return chance.poisson(mean)
    # logarithmic pieces an order make a week's sales negative binomial, with this variance beyond Poisson's
    return chance.negative_binomial(mean / several, 1 / (1 + several))


def swing_of(weekly):
    return fit_swing(weekly.sum(axis=1), (weekly**2).sum(axis=1), np.full(len(weekly), WEEKS))


def past_of(weekly):
    """A past without a markdown."""
    skus = len(weekly)
    none = np.zeros(0)
    return Past(
        sku=np.array([f"S{number:05}" for number in range(skus)], object),
        category=np.zeros(skus, np.int64),
        categories=("",),
        sold=weekly.sum(axis=1),
        weeks=np.full(skus, float(WEEKS)),
        squares=(weekly**2).sum(axis=1),
        swing_weeks=np.full(skus, WEEKS),
        from_markdowns=np.zeros(skus, bool),
        lowest_minor=np.full(skus, 900),
        other_price_days=np.full(skus, np.nan),
        deep_row=np.zeros(0, np.int64),
        deep_share=none,
        deep_sold=none,
        deep_weeks=none,
    )


def test_luck_alone_is_no_swing():
    """Poisson sales of rates however different vary as much as they must."""
    assert swing_of(weekly_sales()) == pytest.approx((0, 0), abs=0.02)


@pytest.mark.parametrize(("several", "weeks"), [(0.6, 0.0), (0.0, 0.4), (0.5, 0.2)])
def test_both_parts_are_told_apart(several, weeks):
    """Pieces bought at once widen slow and fast sellers alike, better and worse weeks the fast ones more."""
    assert swing_of(weekly_sales(several, weeks)) == pytest.approx((several, weeks), abs=0.08)


def test_demand_steadier_than_luck_is_no_swing():
    """A week never sells less variably than Poisson sales are taken to: no part is below 0."""
    assert swing_of(np.full((500, WEEKS), 2)) == Swing(0, 0)


def test_few_skus_say_little():
    """One SKU's strange week does not make the demand of all uncertain."""
    one = np.zeros((1, WEEKS), np.int64)
    one[0, 3] = 6
    assert sum(swing_of(one)) < 0.5


@pytest.mark.parametrize("weeks", [0, 3])
def test_without_weeks_there_is_no_swing(weeks):
    """Nothing known, or too few weeks to tell a good week from a good rate."""
    told = np.array([5.0, 0.0])
    assert fit_swing(told, told**2, np.array([weeks, weeks])) == Swing(0, 0)


def test_the_swing_widens_demand_and_leaves_the_rate():
    """Variance beyond Poisson's: what is doubted, what is bought at once, and what weeks differ."""
    wide = add_swing(Rates(np.array([0.5, 4.0]), np.array([0.1, 0.01])), Swing(0.6, 0.2))
    assert wide.mean.tolist() == [0.5, 4.0]
    assert wide.doubt == pytest.approx([0.1 + 1.2 + 0.2, 0.01 + 0.15 + 0.2])


def test_the_demand_a_plan_is_made_from_knows_the_swing():
    """Of two merchants who sold the same, the one whose weeks swing is less sure of a week's demand."""
    weekly = weekly_sales(several=0.6, skus=2_000)
    demand = estimate_demand(past_of(weekly), Policy())
    sold, weeks = weekly.sum(axis=1), np.full(len(weekly), float(WEEKS))
    rates = estimate_rates(sold, weeks, fit_prior(sold, weeks))
    assert demand.listings["rate"].tolist() == rates.mean.tolist()
    more = demand.listings["doubt"].to_numpy() - rates.doubt
    assert (more * rates.mean).mean() == pytest.approx(0.6, abs=0.15)

"""How buyers answer lower prices: believed, then learnt."""

import numpy as np
import pytest

from include.winddown.domain.split.response import (
    DEFAULT,
    OTHERS,
    OWN,
    Markdowns,
    default_lift,
    learn_response,
)

LADDER = np.array([1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3])
TRUTHS = {
    "exponential 2.4": lambda c: np.exp(2.4 * (1 - c)),
    "power 2.4": lambda c: c**-2.4,
    "exponential 3.2": lambda c: np.exp(3.2 * (1 - c)),
    "power 1.6": lambda c: c**-1.6,
}


def markdowns(truth, shares=(0.8, 0.6, 0.4), pieces=200.0, categories=1, seed=11):
    """Sales at lower prices, all weeks of them known."""
    chance = np.random.default_rng(seed)
    category, share = (part.ravel() for part in np.meshgrid(np.arange(categories), shares))
    expected = np.full(len(share), pieces)
    return Markdowns(category, share, chance.poisson(expected * truth(share)), expected, 0 * share)


def test_the_default_is_the_smaller_shape():
    """Before any markdown was seen, the lift is that of the exponential, which the power never undercuts."""
    learnt = learn_response(LADDER, 2)
    exponential = np.exp(2.4 * (1 - LADDER) + 0.5 * (0.7 * (1 - LADDER)) ** 2)
    assert learnt.response.lift[0] == pytest.approx(exponential, rel=0.005)
    assert np.all(learnt.response.lift[0] <= LADDER**-2.4 + 1e-9)
    assert learnt.response.doubt[1] == pytest.approx(np.expm1((0.7 * (1 - LADDER)) ** 2), rel=0.02)
    assert learnt.origin.tolist() == [DEFAULT, DEFAULT]
    assert learnt.elasticity == pytest.approx([2.4, 2.4], abs=0.01)
    assert learnt.spread == pytest.approx([0.7, 0.7], abs=0.01)
    assert learnt.deepest == 1


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS)
def test_after_some_markdowns_the_lift_is_close_to_the_truth(truth):
    """Whichever of the two shapes is true, it is found where prices went."""
    learnt = learn_response(LADDER, 1, markdowns(truth))
    reached = LADDER >= 0.4
    assert learnt.response.lift[0][reached] == pytest.approx(truth(LADDER[reached]), rel=0.12)
    assert learnt.response.lift[0][-1] == pytest.approx(truth(0.3), rel=0.25)
    assert np.all(learnt.response.doubt[0] < learn_response(LADDER, 1).response.doubt[0] + 1e-9)
    assert learnt.origin.tolist() == [OWN]


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS)
def test_below_the_deepest_price_seen_the_smaller_shape_goes_on(truth):
    """Prices never tried are not promised the power's lift."""
    learnt = learn_response(LADDER, 1, markdowns(truth, shares=(0.8, 0.7)))
    lift = learnt.response.lift[0]
    assert learnt.deepest == pytest.approx(0.7)
    growth = np.log(lift[1:] / lift[:-1])
    power_on = learnt.elasticity[0] * np.log(LADDER[:-1] / LADDER[1:])
    assert np.all(growth[3:] < power_on[3:])


@pytest.mark.parametrize("rate", [0.1, 0.5, 3.0])
@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS)
def test_weeks_seen_only_because_something_was_sold_do_not_flatter(truth, rate):
    """A week without a sale has no known price; that only lucky weeks are seen is allowed for."""
    chance = np.random.default_rng(2)
    share = chance.choice([0.7, 0.5, 0.4], 4_000)
    sold = chance.poisson(rate * truth(share))
    seen = sold > 0
    known = Markdowns(
        np.zeros(seen.sum(), int), share[seen], sold[seen], np.full(seen.sum(), rate), np.ones(seen.sum())
    )
    lift = learn_response(LADDER, 1, known).response.lift[0]
    reached = LADDER >= 0.4
    assert lift[reached] == pytest.approx(truth(LADDER[reached]), rel=0.15)


def test_few_sales_leave_the_default():
    """One lucky piece moves the curve by little, and the category still counts as not learnt."""
    one = Markdowns(np.array([0]), np.array([0.7]), np.array([2]), np.array([0.5]), np.array([0.0]))
    learnt = learn_response(LADDER, 1, one)
    assert learnt.response.lift[0] == pytest.approx(learn_response(LADDER, 1).response.lift[0], rel=0.1)
    assert learnt.origin.tolist() == [DEFAULT]


def test_a_category_without_markdowns_learns_from_the_others():
    """It moves towards them, but not all the way, and keeps more doubt."""
    learnt = learn_response(LADDER, 4, markdowns(TRUTHS["exponential 3.2"], categories=3))
    assert learnt.origin.tolist() == [OWN, OWN, OWN, OTHERS]
    assert 2.4 < learnt.elasticity[3] < learnt.elasticity[:3].mean()
    assert learnt.spread[3] > 2 * learnt.spread[0]
    assert np.all(learnt.response.doubt[3][1:] > learnt.response.doubt[0][1:])


def test_categories_that_differ_keep_their_own_curve():
    """With enough sales of its own a category is not dragged to the mean of all."""
    one = markdowns(TRUTHS["exponential 3.2"])
    other = markdowns(TRUTHS["power 1.6"])._replace(category=np.ones(3, int))
    both = Markdowns(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))
    lift = learn_response(LADDER, 2, both).response.lift
    assert lift[0][5] > 1.3 * lift[1][5]
    assert lift[0][5] == pytest.approx(np.exp(1.6), rel=0.15)
    assert lift[1][5] == pytest.approx(0.5**-1.6, rel=0.15)


def test_a_merchants_own_belief_takes_the_place_of_the_default():
    """What the policy says of a category is what counts until it is learnt otherwise."""
    learnt = learn_response(LADDER, 2, beliefs=[(1.2, 0.3), (8.0, 0.0)])
    assert learnt.elasticity == pytest.approx([1.2, 8.0], abs=0.02)
    assert learnt.spread == pytest.approx([0.3, 0.1], abs=0.01)
    assert learnt.response.lift[0][5] == pytest.approx(np.exp(0.6 + 0.5 * 0.15**2), rel=0.01)
    assert default_lift(LADDER, (1.2, 0.3)) == pytest.approx(learnt.response.lift[0], rel=0.01)


def test_a_belief_far_from_what_is_observed_gives_way():
    """Hundreds of pieces outweigh a wrong belief."""
    truth = TRUTHS["power 2.4"]
    lift = learn_response(LADDER, 1, markdowns(truth), beliefs=[(1.2, 0.5)]).response.lift[0]
    assert lift[LADDER >= 0.4] == pytest.approx(truth(LADDER[LADDER >= 0.4]), rel=0.15)


def test_more_variance_than_poisson_teaches_less():
    """The variance factor widens what is left open."""
    few = markdowns(TRUTHS["power 2.4"], pieces=10)
    sure, unsure = (learn_response(LADDER, 1, few, factor) for factor in (1.0, 5.0))
    assert unsure.spread[0] > sure.spread[0]


def test_entries_that_say_nothing_do_not_count():
    """No pieces expected, or no lower price: as if it were not there."""
    odd = Markdowns(
        np.array([0, 0, 0]),
        np.array([0.7, 1.2, 0.0]),
        np.array([5, 5, 5]),
        np.array([0.0, 3.0, 3.0]),
        np.zeros(3),
    )
    assert np.array_equal(
        learn_response(LADDER, 1, odd).response.lift, learn_response(LADDER, 1).response.lift
    )


def test_the_default_is_also_told_above_todays_price():
    """A week at a higher price stands for less demand than today's price would have."""
    lift = default_lift(np.array([0.8, 1.0, 1.25, 2.0]))
    assert lift[0] == pytest.approx(np.exp(0.48 + 0.5 * 0.14**2), rel=0.01)
    assert lift[1] == pytest.approx(1)
    assert 0.5 < lift[2] < 0.62
    assert 0 < lift[3] < 0.2

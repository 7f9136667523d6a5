"""A merchant who knows 26 weeks of sales at today's prices, and learns from what the plan sells."""

import numpy as np

from bench.split_play import Choice, Solved
from bench.split_world import CATEGORIES, LADDER, World
from include.winddown.domain.split.rates import Rates, estimate_rates, fit_prior
from include.winddown.domain.split.response import NO_MARKDOWNS, Markdowns, learn_response
from include.winddown.domain.split.swings import Swing, add_swing, fit_swing

HISTORY_WEEKS = 26
_FEW = 0.5  # a week that may sell so much of what is kept is cut off by the stock, and tells too little


def past_sales(world: World, seed: int) -> np.ndarray:
    """Draw what each listing sold in each of the weeks before, at today's price."""
    chance = np.random.default_rng([seed, 26])
    sold = chance.poisson(world.rate * HISTORY_WEEKS)
    return chance.multinomial(sold, np.full(HISTORY_WEEKS, 1 / HISTORY_WEEKS))


def swing_of(weekly: np.ndarray, counts: np.ndarray) -> Swing:
    """Find how weeks swing: pieces by listing and week, and which of the weeks count."""
    weekly = np.where(counts, weekly, 0)
    return fit_swing(weekly.sum(axis=1), (weekly**2).sum(axis=1), counts.sum(axis=1))


class Learning(Solved):
    """The solver with estimated rates and price response, both re-estimated every week."""

    def __init__(
        self,
        world: World,
        sold: np.ndarray,
        swing: Swing,
        weeks: np.ndarray | None = None,
        categories: int = CATEGORIES,
        before: Markdowns = NO_MARKDOWNS,
    ) -> None:
        self.sold = sold.astype(float)
        self.weeks = np.full(len(sold), float(HISTORY_WEEKS)) if weeks is None else weeks.copy()
        self.prior = fit_prior(self.sold, self.weeks)
        self.categories, self.before = categories, before
        self.marked = np.zeros((2, categories, len(LADDER)))
        self.swing = swing
        rates = self._rates()
        response = learn_response(LADDER, categories, before).response
        super().__init__(world, response, rates.mean, rates.doubt)
        self.category = world.category

    def plan(self, week: int, stock: np.ndarray) -> Choice:
        if week:
            rates = self._rates()
            self.rate, self.doubt = rates.mean, rates.doubt
            self.response = learn_response(LADDER, self.categories, self._markdowns()).response
        return super().plan(week, stock)

    def see(self, step: np.ndarray, kept: np.ndarray, sold: np.ndarray) -> None:
        expected = self.rate * self.response.lift[self.category, step]
        tells = (kept > 0) & (expected < _FEW * kept)
        lower = tells & (step > 0)
        place = (self.category[lower], step[lower])
        np.add.at(self.marked[0], place, sold[lower])
        np.add.at(self.marked[1], place, self.rate[lower])
        # what a lower price sold tells of the rate only as far as its effect is known
        doubt = self.response.doubt[self.category, step]
        counted = (kept > 0) / (1 + expected * doubt)
        self.sold += sold * counted
        self.weeks += self.response.lift[self.category, step] * counted

    def _rates(self) -> Rates:
        return add_swing(estimate_rates(self.sold, self.weeks, self.prior), self.swing)

    def _markdowns(self) -> Markdowns:
        category, step = np.nonzero(self.marked[1])
        sold, expected = self.marked[:, category, step]
        own = Markdowns(category, LADDER[step], sold, expected, np.zeros(len(step)))
        return Markdowns(*(np.concatenate(both) for both in zip(self.before, own, strict=True)))

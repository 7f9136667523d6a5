"""Compiling ahead: a small plan leaves nothing to compile for a real one."""

import numpy as np

from include.winddown.domain.policy import Policy
from include.winddown.domain.split.solve import _solve_all
from include.winddown.domain.split.warm import warm_up
from tests.splits import row, split, stock


def test_a_plan_after_it_compiles_nothing_more():
    """Under either kind of price rule the solver has exactly the types that the warm-up gave it."""
    warm_up()
    known = len(_solve_all.signatures)
    there = stock(*(row(sku=name, on_hand_qty=qty) for name, qty in (("A", 5), ("B", 900))))
    for country in ("RU", "DE"):
        split(there, rate=np.float64(2.0), policy=Policy.of({"prices": {"country": country}}))
    assert len(_solve_all.signatures) == known == 1

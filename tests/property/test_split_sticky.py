"""Prices that may not move freely: the programme against one written in the plainest way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from include.winddown.domain.split.kernel import Sale, Stay, make_room, solve_weeks
from include.winddown.domain.split.sticky import Rule, follow_sticky, make_ladders, solve_sticky

SHARES = np.array([1.0, 0.8, 0.6, 0.4])
WEEKS, LAST_CALL = 5, 3
EXACT = 40.0

RULES = st.builds(Rule, every=st.integers(1, 3), may_raise=st.booleans(), locked=st.booleans())
GOODS = st.fixed_dictionaries(
    {
        "pieces": st.integers(1, 30),
        "price": st.floats(50, 5_000),
        "cover_weeks": st.floats(2, 40),
        "salvage": st.floats(-0.1, 0.7),
    }
)


def listing(goods: dict, width: float = EXACT) -> tuple[Sale, Stay]:
    price, pieces = goods["price"], goods["pieces"]
    mean = pieces / goods["cover_weeks"] * SHARES**-2.4
    back = max(price * goods["salvage"], -5.0)
    worth = np.array([back if week <= LAST_CALL else -5.0 for week in range(WEEKS + 1)])
    sale = Sale(price * SHARES * 0.85 - 8, mean, mean.copy())
    return sale, Stay(pieces, price * 0.004, worth, -5.0, 0, len(SHARES), width)


def plainly(sale: Sale, stay: Stay, rule: Rule) -> np.ndarray:
    """J_0 for each number of pieces, from the definition."""
    numbers = np.arange(stay.pieces + 1)
    after = np.tile(numbers * stay.worth[-1], (len(SHARES), 1))
    for week in range(WEEKS - 1, -1, -1):
        gained = np.zeros_like(after)
        for step in range(len(SHARES)):
            for stock in numbers[1:]:
                odds = poisson.pmf(numbers[: stock + 1], sale.mean[step])
                odds[stock] = 1 - odds[:stock].sum()
                sold = numbers[: stock + 1]
                earned = sale.gain[step] * sold - stay.storage * (stock - sold / 2)
                gained[step, stock] = (odds * (earned + after[step][stock - sold])).sum()
        if week % rule.every == 0 and not (week == 0 and rule.locked):
            gained = np.array(
                [(gained if rule.may_raise else gained[step:]).max(0) for step in range(len(SHARES))]
            )
        taken = gained - numbers * stay.worth[week]
        after = np.maximum.accumulate(taken, axis=1) + numbers * stay.worth[week]
    return gained[0]


@given(goods=GOODS, rule=RULES)
def test_it_finds_what_the_definition_says(goods, rule):
    """For any rule and every number of pieces, to one part in 10^8 of the list value."""
    sale, stay = listing(goods)
    room, ladders = make_room(len(SHARES), WEEKS), make_ladders(len(SHARES), WEEKS)
    solve_sticky(sale, stay, rule, room, ladders)
    wrong = np.abs(plainly(sale, stay, rule) - room.gained[: stay.pieces + 1]).max()
    assert wrong <= 1e-8 * goods["price"] * stay.pieces


@given(goods=GOODS, rule=RULES)
def test_every_piece_kept_is_sold_returned_or_disposed_of(goods, rule):
    """Nothing is lost on the way, whatever prices may do."""
    sale, stay = listing(goods)
    room, ladders = make_room(len(SHARES), WEEKS), make_ladders(len(SHARES), WEEKS)
    solve_sticky(sale, stay, rule, room, ladders)
    assert abs(sum(follow_sticky(stay.pieces, stay, room, ladders)) - stay.pieces) < 1e-6 * stay.pieces


@given(goods=GOODS)
def test_a_rule_never_gains(goods):
    """Free prices gain at least as much as prices that may not be raised, and these as locked ones."""
    sale, stay = listing(goods)
    room, ladders = make_room(len(SHARES), WEEKS), make_ladders(len(SHARES), WEEKS)
    solve_weeks(sale, stay, room)
    gains = [room.gained[stay.pieces]]
    for may_raise, locked in ((True, False), (False, False), (False, True)):
        rule = Rule(every=1, may_raise=may_raise, locked=locked)
        solve_sticky(sale, stay, rule, room, ladders)
        gains.append(room.gained[stay.pieces])
    slack = 1e-9 * goods["price"] * stay.pieces
    assert abs(gains[0] - gains[1]) <= slack
    assert gains[1] >= gains[2] - slack
    assert gains[2] >= gains[3] - slack

"""The solver against an exact programme written independently, and what must hold for any listing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.exact_dp import exact_simple, exact_value
from tests.property.split_cases import Row, case_of, draw_row, list_value, solve_row

EXACT, NEAR = 1e-8, 1e-3  # of list value
WIDTH = 4.5
SEEDS = st.integers(0, 1_000_000)
ROWS = st.builds(draw_row, seed=SEEDS, places=st.just(1))
SPREAD = st.builds(draw_row, seed=SEEDS, places=st.integers(2, 4))
ANY = st.one_of(ROWS, SPREAD)

same_every_time = settings(derandomize=True)
slow = settings(derandomize=True, max_examples=20)


def short_of_exact(row: Row) -> float:
    """By how much the solver finds less than the exact programme, as a share of list value."""
    return (exact_value(case_of(row)) - float(solve_row(row).value[0])) / list_value(row)


def many(row: Row, times: int) -> Row:
    """Give the same goods in a larger shop."""
    return row | {"pieces": row["pieces"] * times, "rate": row["rate"] * times}


@pytest.mark.parametrize("seed", range(40))
def test_it_finds_the_exact_value_on_committed_rows(seed):
    """Poisson and negative binomial, 0 to 12 weeks, a last call anywhere in them: 1e-8 of list value."""
    assert abs(short_of_exact(draw_row(seed))) <= EXACT


@given(row=ROWS)
@same_every_time
def test_it_finds_the_exact_value(row):
    """The same for rows that nobody chose."""
    assert abs(short_of_exact(row)) <= EXACT


@given(row=ROWS, shape=SEEDS)
@same_every_time
def test_no_price_is_overlooked(row, shape):
    """Demand that answers some price steps not at all and others strongly hides no deeper price."""
    assert abs(short_of_exact(row | {"shape": shape})) <= EXACT


@given(row=SPREAD)
@slow
def test_stock_in_several_warehouses_is_never_worth_more_than_it_is(row):
    """Kept pieces go back for what they fetch, not for what the dear ones fetched that left first."""
    short = short_of_exact(row)
    assert -EXACT <= short <= NEAR


@pytest.mark.parametrize(
    ("seed", "places"),
    [(60, 4), (78, 4), (168, 4), (225, 4), (228, 4), (238, 2), (368, 4), (401, 4), (425, 3), (536, 4)],
)
def test_no_number_of_pieces_to_keep_is_overlooked(seed, places):
    """Rows where the best number is far from the one that looks best at the average return value."""
    assert -EXACT <= short_of_exact(draw_row(seed, places)) <= NEAR


@given(row=SPREAD)
@same_every_time
def test_equal_return_values_make_one_warehouse(row):
    """Where the stock lies matters only through what it fetches."""
    equal = row | {f"back{place}": row["back0"] for place in range(int(row["places"]))}
    one = equal | {"places": 1}
    assert abs(solve_row(equal).value[0] - solve_row(one).value[0]) <= EXACT * list_value(row)


@given(row=ANY)
@same_every_time
def test_holding_the_price_is_valued_exactly(row):
    """The simple alternatives are no straw men: their values are those of an exact calculation."""
    found, case = solve_row(row), case_of(row)
    assert abs(found.hold[0] - exact_simple(case, 0)) <= EXACT * list_value(row)
    step = int(found.markdown_step[0]) - int(row["first"])
    if min(row["weeks"], row["last_call"]) > 0:
        assert abs(found.markdown[0] - exact_simple(case, step)) <= EXACT * list_value(row)


@given(row=ANY, times=st.sampled_from([1, 3, 70]), width=st.sampled_from([WIDTH, 40.0]))
@same_every_time
def test_a_plan_lies_between_its_alternatives_and_the_bound(row, times, width):
    """Never below returning all, disposing of all, holding, one markdown; never above the fluid bound."""
    row = many(row, times)
    found = solve_row(row, width)
    slack = 1e-9 * list_value(row)
    for simple in (found.return_all, found.dispose_all, found.hold, found.markdown):
        assert found.value[0] >= simple[0] - slack
    assert found.value[0] <= found.bound[0] + slack


@given(row=ANY, times=st.sampled_from([1, 3, 70]), width=st.sampled_from([WIDTH, 40.0]))
@same_every_time
def test_every_piece_has_one_end(row, times, width):
    """Pieces kept are sold, returned or disposed of, none is kept that is not there."""
    row = many(row, times)
    found = solve_row(row, width)
    kept = int(found.keep[0])
    ends = np.array([found.sold[0], found.returned[0], found.disposed[0]])
    assert 0 <= kept <= row["pieces"]
    assert (ends >= -1e-9 * kept).all()
    assert abs(ends.sum() - kept) <= 1e-9 * max(kept, 1)


@given(row=ROWS, weeks=st.integers(1, 3))
@same_every_time
def test_a_later_deadline_never_lowers_the_value(row, weeks):
    """More weeks before the same lead time; where returns wait for the last call, more weeks after it."""
    later = row | {"weeks": row["weeks"] + weeks}
    if row["any_week"]:
        later["last_call"] = min(row["last_call"], row["weeks"]) + weeks
    else:
        row, later = ({**one, "last_call": min(row["last_call"], row["weeks"])} for one in (row, later))
    assert_not_lower(row, later)


@given(row=ROWS, share=st.floats(0, 0.3))
@same_every_time
def test_a_higher_salvage_never_lowers_the_value(row, share):
    """What a returned piece fetches more is not lost."""
    assert_not_lower(row, row | {"back0": row["back0"] + share * row["price"]})


@given(row=ROWS, share=st.floats(0, 1))
@same_every_time
def test_a_lower_storage_fee_never_lowers_the_value(row, share):
    """Neither is what storage costs less."""
    assert_not_lower(row, row | {"storage": row["storage"] * share})


@given(row=ROWS, share=st.floats(0, 0.3))
@same_every_time
def test_a_lower_disposal_fee_never_lowers_the_value(row, share):
    """Nor what disposal costs less."""
    assert_not_lower(row, row | {"scrap": row["scrap"] + share * row["price"]})


def assert_not_lower(row: Row, better: Row) -> None:
    """Compare two solved rows."""
    assert solve_row(better).value[0] >= solve_row(row).value[0] - 1e-9 * list_value(row)


@given(row=ROWS)
@same_every_time
def test_after_the_last_call_nothing_goes_back(row):
    """A clock whose last call has passed values everything that is taken out as scrap."""
    found = solve_row(row | {"last_call": -1})
    assert found.returned[0] == 0
    assert found.return_all[0] == pytest.approx(row["pieces"] * row["scrap"])

"""Past weeks: which tell of the rate, which of the response, and what they say of prices."""

import numpy as np
import pytest

from include.winddown.domain.split.history import (
    NO_CATEGORY,
    Window,
    look_back,
    observe_markdowns,
    read_past,
    week_values,
)
from include.winddown.domain.split.rates import Rates
from include.winddown.domain.split.response import default_lift

WINDOW = Window(20, 20.0)
COLUMNS = (
    "sku",
    "category",
    "share_pct",
    "sold_qty",
    "sold_weeks",
    "more_weeks",
    "lowest_minor",
    "other_price_days",
)


def rows_of(*rows, squares=None):
    """Columns as DuckDB gives them to numpy; unless said, no week's sales are squared."""
    columns = zip(*rows, strict=True)
    kinds = (object, object, np.int16, np.int64, np.int64, float, np.int64, float)
    found = {name: np.array(column, kind) for name, column, kind in zip(COLUMNS, columns, kinds, strict=True)}
    return found | {"sold_squares": np.array(squares or [0.0] * len(rows), float)}


def rates_of(*means):
    return Rates(np.array(means), np.full(len(means), 0.1))


@pytest.mark.parametrize(
    ("known", "longest", "expected"),
    [
        (200, 182, Window(26, 26.0)),
        (30, 182, Window(4, 4.0)),
        (3, 182, Window(1, 3 / 7)),
        (0, 182, Window(1, 0.0)),
    ],
)
def test_whole_weeks_are_looked_back_upon(known, longest, expected):
    """Exposure begins at the first known order; a single begun week counts as what is over of it."""
    assert look_back(known, longest) == expected


def test_the_statement_is_given_the_default_response():
    """A week at 80 per cent counts for more than one at today's price, one at 125 per cent for less."""
    values = week_values(WINDOW)
    lifts = values["lifts_milli"]
    assert values["weeks"] == 20
    assert lifts[0] == round(1000 * default_lift(np.array([0.8]))[0])
    assert lifts[20] == 1000
    assert lifts[45] < 650
    assert lifts == sorted(lifts, reverse=True)


def test_the_policy_may_choose_which_weeks_tell_of_the_rate():
    """Another limit and another belief change what is bound."""
    lifts = week_values(WINDOW, 70, (1.2, 0.3))["lifts_milli"]
    assert lifts[0] == round(1000 * default_lift(np.array([0.7]), (1.2, 0.3))[0])
    assert lifts[30] == 1000


def test_weeks_without_a_sale_count_at_todays_price():
    """What is not seen at another price is exposure."""
    past = read_past(rows_of(("A1", "mugs", 100, 0, 0, 0.0, 900, None)), WINDOW)
    assert (past.sold[0], past.weeks[0]) == (0, 20)


def test_mild_discounts_add_exposure_and_deep_ones_take_it():
    """Of 20 weeks, 3 were at lower prices; the mild ones among the rest count half a week more."""
    past = read_past(
        rows_of(
            ("A1", "mugs", 100, 9, 6, 0.5, 900, 12.0),
            ("A1", "mugs", 70, 8, 2, 0.0, 700, 40.0),
            ("A1", "mugs", 50, 7, 1, 0.0, 500, 80.0),
            ("B2", None, 100, 1, 1, 0.0, 300, None),
        ),
        WINDOW,
    )
    assert past.sku.tolist() == ["A1", "B2"]
    assert past.weeks == pytest.approx([17.5, 20])
    assert past.sold.tolist() == [9, 1]
    assert past.lowest_minor.tolist() == [500, 300]
    assert past.other_price_days[0] == 12
    assert np.isnan(past.other_price_days[1])
    assert past.categories == (NO_CATEGORY, "mugs")
    assert past.category.tolist() == [1, 0]
    assert past.deep_row.tolist() == [0, 0]
    assert past.deep_share == pytest.approx([0.7, 0.5])
    assert not past.from_markdowns.any()


def test_a_sku_sold_at_lower_prices_only_has_its_rate_from_those():
    """Its rate is not none, and rests on the default response, which is said."""
    past = read_past(
        rows_of(
            ("A1", None, 100, 0, 0, 0.0, 900, None),
            ("A1", None, 70, 30, 10, 0.0, 700, 1.0),
        ),
        WINDOW,
    )
    assert past.from_markdowns.tolist() == [True]
    assert past.sold.tolist() == [30]
    assert past.weeks[0] == pytest.approx(10 + 10 * default_lift(np.array([0.7]))[0])


def test_weeks_that_tell_of_the_rate_tell_of_its_swing():
    """Weeks without a sale are among them, weeks at lower prices are not; a rate from markdowns tells nothing."""
    past = read_past(
        rows_of(
            ("A1", None, 100, 9, 3, 0.5, 900, None),
            ("A1", None, 70, 8, 2, 0.0, 900, None),
            ("B2", None, 100, 0, 0, 0.0, 900, None),
            ("B2", None, 70, 30, 10, 0.0, 900, None),
            squares=[29.0, 34.0, 0.0, 90.0],
        ),
        WINDOW,
    )
    assert past.squares.tolist() == [29, 0]
    assert past.swing_weeks.tolist() == [18, 0]


def test_markdowns_are_put_together_by_category_share_and_pace():
    """Two SKUs of one pace are one observation; one that never sold at today's price is none."""
    past = read_past(
        rows_of(
            ("A1", "mugs", 100, 40, 15, 0.0, 900, None),
            ("A1", "mugs", 70, 8, 2, 0.0, 900, None),
            ("B2", "mugs", 100, 42, 15, 0.0, 900, None),
            ("B2", "mugs", 70, 4, 1, 0.0, 900, None),
            ("C3", "mugs", 100, 0, 0, 0.0, 900, None),
            ("C3", "mugs", 70, 4, 1, 0.0, 900, None),
            ("D4", "pens", 100, 400, 18, 0.0, 900, None),
            ("D4", "pens", 70, 90, 2, 0.0, 900, None),
        ),
        WINDOW,
    )
    seen = observe_markdowns(past, rates_of(2.15, 2.2, 0.2, 22.0))
    assert seen.category.tolist() == [0, 1]
    assert seen.share == pytest.approx([0.7, 0.7])
    assert seen.sold == pytest.approx([12, 90])
    assert seen.expected == pytest.approx([2 * 2.15 + 2.2, 44])
    assert seen.seen_weeks == pytest.approx([3, 2])


def test_no_skus_are_no_past():
    """A snapshot without sellable stock has nothing to tell, and nothing breaks."""
    past = read_past({name: np.array([]) for name in (*COLUMNS, "sold_squares")}, WINDOW)
    assert len(past.sku) == 0
    assert len(observe_markdowns(past, rates_of()).share) == 0

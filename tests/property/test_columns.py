"""Python values become the Arrow columns that pyarrow itself would make."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.winddown.adapters.columns import arrow_column
from include.winddown.adapters.schemas import DAY_TYPE, INTEGER_TYPE, REAL_TYPE, TEXT_TYPE, TIME_TYPE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WHOLE = st.integers(-(2**63), 2**63 - 1)
MOMENTS = st.integers(0, 7_258_118_400_000_000).map(lambda us: EPOCH + timedelta(microseconds=us))
COLUMNS = st.one_of(
    st.tuples(st.just(TEXT_TYPE), st.lists(st.none() | TEXTS)),
    st.tuples(st.just(INTEGER_TYPE), st.lists(st.none() | WHOLE)),
    st.tuples(st.just(REAL_TYPE), st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False))),
    st.tuples(st.just(DAY_TYPE), st.lists(st.none() | st.dates(date(1900, 1, 1)))),
    st.tuples(st.just(TIME_TYPE), st.lists(st.none() | MOMENTS)),
)


@given(column=COLUMNS)
def test_a_column_is_what_pyarrow_makes_of_it(column):
    """Texts of any script, numbers up to 64 bits, times to the microsecond, empty cells."""
    kind, cells = column
    made = arrow_column(cells, pa.field("x", kind))
    made.validate(full=True)
    assert made.equals(pa.array(cells, type=kind))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["5"], INTEGER_TYPE),
        ([1.5], INTEGER_TYPE),
        ([2**63], INTEGER_TYPE),
        ([True], INTEGER_TYPE),
        ([5], TEXT_TYPE),
        ([None], TEXT_TYPE),
        ([None], INTEGER_TYPE),
        (["2026-11-23"], TIME_TYPE),
        (["2026-11-23"], DAY_TYPE),
        ([1], REAL_TYPE),
        (["1.5"], REAL_TYPE),
        ([None], REAL_TYPE),
    ],
)
def test_a_cell_of_another_kind_is_an_error(cells, kind):
    """Nothing is converted on the quiet, and a column that must be full has no empty cell."""
    with pytest.raises((TypeError, AttributeError)):
        arrow_column(cells, pa.field("x", kind, nullable=False))


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), float("-inf")])
def test_what_cannot_be_counted_with_is_an_error(cell):
    """A column of numbers with a fraction holds finite ones."""
    with pytest.raises(ValueError, match="not finite"):
        arrow_column([1.5, cell], pa.field("x", REAL_TYPE))

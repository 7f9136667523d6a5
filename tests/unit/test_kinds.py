"""Cells with a fraction, days and amounts below zero: read as declared, or complained of."""

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from include.winddown.adapters.files.columns import read_column
from include.winddown.domain.cells import Form
from include.winddown.domain.frame_types import Column
from include.winddown.domain.times import clock

FORM = Form(clock=clock(datetime(2026, 11, 23, tzinfo=UTC)))
RATE = Column(name="rate", kind="real", high=100, meaning="a rate", nullable=True)
DAY = Column(name="day_on", kind="on", meaning="a day", nullable=True)
NET = Column(name="net_minor", kind="minor", low=-5_000, high=5_000, meaning="a net")
SHARE = Column(name="share_pct", kind="pct", high=100, meaning="a share")


def read(column: Column, *texts: str) -> tuple[list[object], dict[str, str]]:
    typed = read_column(column, pa.array(texts, pa.string()), FORM)
    complaints = {typed.words[at].as_py(): complaint.code for at, complaint in typed.complaints.items()}
    assert sorted(typed.bad_rows()) == [row for row, text in enumerate(texts) if text in complaints]
    return typed.values.to_pylist(), complaints


def test_numbers_with_a_fraction():
    """A point, no exponent, within the range; an empty cell is missing."""
    values, complaints = read(RATE, "2.5", "0", "100", "", "0.333333333333333")
    assert values == [2.5, 0.0, 100.0, None, 0.333333333333333]
    assert complaints == {}


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "1e3", "2,5", "-1", "100.1", " 2", "٣", ".5"])
def test_what_is_no_number_with_a_fraction_is_complained_of(text):
    """Above all what reads as a float and is none that can be counted with."""
    assert read(RATE, text, "1") == ([None, 1.0], {text: "R_NUM"})


def test_days():
    """Written as 2026-03-29; a day that is none, or lies too far away, is complained of."""
    odd = ["2026-02-30", "29.03.2026", "2026-03-29T10:00:00Z", "1999-12-31", "2028-01-01", "20260329"]
    values, complaints = read(DAY, "2026-03-29", "", *odd)
    assert values == [date(2026, 3, 29), None, *[None] * len(odd)]
    assert complaints == dict.fromkeys(odd, "R_DATE")


def test_amounts_below_zero_where_they_may_be():
    """Only a column whose range goes below zero takes a sign."""
    assert read(NET, "-1.50", "50.00", "-0.01") == ([-150, 5_000, -1], {})
    assert read(NET, "-50.01") == ([None], {"-50.01": "R_PRICE"})
    assert read(SHARE, "30", "-1") == ([30, None], {"-1": "R_PRICE"})


def test_an_empty_column_of_each_kind_has_its_type():
    """Nothing is read as text by accident."""
    types = [read_column(column, pa.array([], pa.string()), FORM).values.type for column in (RATE, DAY, NET)]
    assert types == [pa.float64(), pa.date32(), pa.int64()]
    assert np.dtype(types[0].to_pandas_dtype()) == np.float64

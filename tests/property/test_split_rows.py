"""Whatever the stock and the economics, the split's rows keep their own declaration."""

from functools import cache

import duckdb
import pyarrow as pa
from hypothesis import given, settings

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.expectations import frame_expectations
from include.winddown.domain.frames import PLAN_LINES, Frame
from include.winddown.domain.plan_frames import DECISIONS
from tests.property.test_units import DAYS, POLICIES, RATES, stocks
from tests.splits import split


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def broken(frame: Frame, rows) -> dict[str, int]:
    """The critical expectations of a frame that some rows break, and how many do."""
    table = pa.Table.from_pandas(rows, schema=arrow_schema(frame), preserve_index=False)
    database().register("judged", table)
    judged = [one for one in frame_expectations(frame) if one.kind not in {"rows", "grain"} and one.critical]
    counts = [f"count(*) filter (({one.predicate}) is not true)" for one in judged]
    [bad] = database().sql(f"select {', '.join(counts)} from judged").fetchall()
    return {one.name: count for one, count in zip(judged, bad, strict=True) if count}


@settings(deadline=None)
@given(stocks(), RATES, DAYS, POLICIES)
def test_every_decision_and_line_keeps_its_declaration(stock, rate, days_left, policy):
    """What the freeze would refuse is never made: no amount out of range, no NaN, no unknown code."""
    found = split(stock, rate, days_left, policy)
    assert broken(DECISIONS, found.decisions) == {}
    assert broken(PLAN_LINES, found.lines) == {}

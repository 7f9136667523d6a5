"""DuckDB and GX together pass every good frame and catch every way of breaking one."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.expectations import judge
from include.winddown.adapters.stores.verdicts import judge_counts
from include.winddown.domain.errors import ExpectationsFailed
from include.winddown.domain.expectations import (
    Expectation,
    frame_expectations,
    plan_expectations,
    reconciliation_expectations,
    snapshot_expectations,
)
from include.winddown.domain.frame_types import Column
from include.winddown.domain.frames import (
    ALL_FRAMES,
    CATALOGUE,
    ORDERS,
    PLAN_LINES,
    SHIPMENT_LINES,
    STOCK,
    Frame,
)
from include.winddown.domain.match.books import BOOKED_LINES
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.side_frames import FEES
from tests.frames import NOON, good_table, tables

ROOT = Path(__file__).parents[2]
FRAMES = {frame.name: frame for frame in (*ALL_FRAMES, BOOKED_LINES, DECISIONS)}
SUITE = (
    *snapshot_expectations(taken_at=NOON, currency="RUB"),
    *plan_expectations(weight_max_g=100, volume_usable_ml=100),
    *reconciliation_expectations(),
)


CARRIED_OUT = {"decisions": {"dispose_qty": 0, "free_qty": [2, 4, 6, 8, 10]}}


def good_tables(**replaced: pa.Table) -> dict[str, pa.Table]:
    return {name: good_table(frame, **CARRIED_OUT.get(name, {})) for name, frame in FRAMES.items()} | replaced


def repeat_first_row(frame: Frame) -> pa.Table:
    good = good_table(frame)
    return pa.concat_tables([good, good.slice(0, 1)])


BREAKS_BY_NAME = {
    "stock.reserved_within_on_hand": good_table(STOCK, reserved_qty=[1, 2, 3, 4, 6]),
    "stock.only_sellable_reserved": good_table(STOCK, condition="lost", reserved_qty=[0, 0, 0, 0, 1]),
    "stock.sku_in_catalogue": good_table(STOCK, sku=["sku-0", "sku-1", "sku-2", "sku-3", "sku-9"]),
    "orders.sku_in_catalogue": good_table(ORDERS, sku=["sku-0", "sku-1", "sku-2", "sku-3", "sku-9"]),
    "catalogue.one_currency": good_table(CATALOGUE, currency=["RUB", "RUB", "RUB", "RUB", "GBP"]),
    "orders.ordered_at.not_far_ahead": good_table(
        ORDERS, ordered_at=[NOON, NOON, NOON, NOON, NOON + timedelta(days=365, seconds=1)]
    ),
    "plan_lines.markdown_has_lower_price": good_table(
        PLAN_LINES, new_price_minor=[None, None, None, None, 1]
    ),
    "plan_lines.lost_is_held": good_table(PLAN_LINES, condition=["sellable"] * 4 + ["lost"]),
    "plan_lines.conserves_units": good_table(PLAN_LINES, planned_qty=[1, 2, 3, 4, 4]),
    "decisions.every_piece_once": good_table(DECISIONS, free_qty=[3, 6, 9, 12, 14]),
    "decisions.never_raised": good_table(DECISIONS, new_price_minor=[1, 2, 3, 4, 6]),
    "decisions.margin_over_the_best": good_table(DECISIONS, margin_minor=[0, 0, 0, 0, 1]),
    "decisions.no_more_is_expected_than_kept": good_table(DECISIONS, expected_sold_qty=[0, 1, 1, 2, 6]),
    "decisions.known_defaults": good_table(
        DECISIONS, defaults=["storage", "cost size", None, None, "cost tea"]
    ),
    "decisions.within_the_bound": good_table(DECISIONS, bound_minor=[9, 9, 9, 9, -1]),
    "decisions.are_carried_out": good_table(
        DECISIONS, **CARRIED_OUT["decisions"] | {"return_qty": [1, 2, 3, 4, 4]}
    ),
    "shipment_lines.carries_returns": good_table(SHIPMENT_LINES, planned_qty=[1, 2, 3, 4, 6]),
    "shipment_lines.within_weight": good_table(SHIPMENT_LINES, weight_g=[1, 1, 1, 1, 21]),
    "shipment_lines.within_volume": good_table(SHIPMENT_LINES, volume_ml=[1, 1, 1, 1, 21]),
    "shipment_lines.unmixed": good_table(
        SHIPMENT_LINES,
        shipment_no=["s-0", "s-1", "s-2", "s-3", "s-3"],
        handling_class=["standard", "standard", "standard", "standard", "liquid"],
    ),
    "booked_lines.requested_is_accounted_for": good_table(BOOKED_LINES, lost_qty=[1, 2, 3, 4, 6]),
}


def beyond(column: Column) -> list[float]:
    """Give a value on either side of a range, and what is no number at all."""
    odd = [float("nan"), float("inf"), float("-inf")] if column.kind == "real" else []
    return [column.low - 1, column.high + 1, *odd]


def broken_tables(expectation: Expectation) -> list[pa.Table]:
    """Break one row of a good table in each way the expectation is there to catch."""
    frame, column = FRAMES[expectation.frame], expectation.column
    if expectation.name in BREAKS_BY_NAME:
        return [BREAKS_BY_NAME[expectation.name]]
    if expectation.kind == "rows":
        return [arrow_schema(frame).empty_table()]
    if expectation.kind == "grain":
        return [repeat_first_row(frame)]
    values = {
        "not_null": [None],
        "range": beyond(frame.column(column)) if column else [],
        "allowed": ["no such value"],
        "currency": ["rub"],
        "not_blank": ["", " \t", "\u00a0"],
    }[expectation.kind]
    good = good_table(frame).column(column).to_pylist()
    return [good_table(frame, **{column: [*good[:-1], value]}) for value in values]


BREAKS = [
    pytest.param(expectation, broken, id=f"{expectation.name}-{i}")
    for expectation in SUITE
    for i, broken in enumerate(broken_tables(expectation))
]


def test_good_frames_pass_the_whole_suite():
    """Nothing is refused that keeps the declarations."""
    judgement = judge(good_tables(), SUITE)
    assert [result.sentence() for result in judgement.results if not result.success] == []
    assert [result.expectation for result in judgement.results] == list(SUITE)
    judgement.raise_if_failed("good frames")


@pytest.mark.parametrize("frame", [*ALL_FRAMES, BOOKED_LINES, DECISIONS, FEES], ids=lambda frame: frame.name)
def test_any_frame_that_keeps_its_declaration_passes(frame):
    """Whatever the values, a frame within its declaration is good."""

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(table=tables(frame))
    def passes(table):
        judgement = judge({frame.name: table}, frame_expectations(frame))
        assert [result.sentence() for result in judgement.results if not result.success] == []

    passes()


@pytest.mark.fault("F20", "S3")
@pytest.mark.parametrize(("expectation", "broken"), BREAKS)
def test_a_broken_row_is_caught_and_named(expectation, broken):
    """Each expectation catches the row that breaks it, counts it and shows it."""
    [result] = judge(good_tables(**{expectation.frame: broken}), [expectation]).results
    assert not result.success
    if expectation.kind == "rows":
        assert (result.bad_rows, result.row_count, result.examples) == (0, 0, ())
        return
    assert result.bad_rows == 1
    [example] = result.examples
    shown = (*expectation.shown, "rows_qty") if expectation.kind == "grain" else expectation.shown
    assert tuple(example) == shown
    assert json.loads(json.dumps(example)) == example


def test_fees_that_contradict_each_other_are_told_and_stop_nothing():
    """A floor above the price, haulage at least above haulage at most: odd, but the marketplace's own words."""
    table = good_table(FEES, rows=1, min_price_minor=9, price_minor=8, haul_min_minor=5, haul_max_minor=4)
    judgement = judge({"fees": table}, frame_expectations(FEES))
    assert {r.expectation.name for r in judgement.results if not r.success} == {
        "fees.floor_within_price",
        "fees.haulage_in_order",
    }
    judgement.raise_if_failed("fees")


@pytest.mark.parametrize("frame", [STOCK, CATALOGUE], ids=lambda frame: frame.name)
def test_an_empty_frame_does_not_pass(frame):
    """No rows means a failed read, unless the frame is declared as possibly empty."""
    empty = arrow_schema(frame).empty_table()
    judgement = judge({frame.name: empty}, frame_expectations(frame))
    assert [result.expectation.name for result in judgement.failed_critical] == [f"{frame.name}.rows"]


def test_no_orders_are_a_fact():
    """A merchant without orders passes."""
    judgement = judge(good_tables(orders=arrow_schema(ORDERS).empty_table()), SUITE)
    assert judgement.failed_critical == ()


def test_a_missing_or_wrong_count_never_passes():
    """GX passes a range over a missing value; the suite must not."""
    counts = {"good": 0, "bad": 1, "missing": None, "some": 3, "none": 0}
    assert judge_counts(counts, at_least_one={"some", "none"}) == {
        "good": True,
        "bad": False,
        "missing": False,
        "some": True,
        "none": False,
    }


def test_two_subjects_judged_in_one_process_do_not_mix():
    """The second judgement knows nothing of the first."""
    suite = frame_expectations(STOCK)
    first = judge({"stock": good_table(STOCK, on_hand_qty=[-1, 2, 3, 4, 5], reserved_qty=-2)}, suite)
    second = judge({"stock": good_table(STOCK)}, suite)
    assert [r.expectation.name for r in first.failed_critical] == [
        "stock.on_hand_qty.range",
        "stock.reserved_qty.range",
    ]
    assert second.failed_critical == ()


def test_parquet_files_are_judged_as_they_lie(tmp_path):
    """A snapshot is judged where it is stored, all its files together."""
    good = good_table(STOCK)
    files = [str(tmp_path / name) for name in ("a.parquet", "b.parquet")]
    for file in files:
        pq.write_table(good, file)
    judgement = judge({"stock": files}, frame_expectations(STOCK))
    [failed] = judgement.failed_critical
    assert (failed.expectation.name, failed.bad_rows, failed.row_count) == ("stock.grain", 5, 10)
    with pytest.raises(ExpectationsFailed, match=r"stock\.grain: 5 of 10 rows are bad.*sku=sku-0"):
        judgement.raise_if_failed("snapshot 1")


def test_at_most_ten_rows_are_shown():
    """A million bad rows do not make a message of a million lines."""
    [result] = judge(
        {"stock": good_table(STOCK, rows=40, offer_id=" ")},
        [e for e in frame_expectations(STOCK) if e.name == "stock.offer_id.not_blank"],
    ).results
    assert (result.bad_rows, len(result.examples)) == (40, 10)


def test_text_from_outside_stays_text():
    """A sku that looks like SQL is a value."""
    hostile = "x'; drop table stock; --"
    skus = [hostile, "sku-1", "sku-2", "sku-3", "sku-4"]
    judgement = judge(good_tables(stock=good_table(STOCK, sku=skus)), SUITE)
    failed = {r.expectation.name: r for r in judgement.failed_critical}
    assert failed["stock.sku_in_catalogue"].examples[0]["sku"] == hostile


QUIET = """
import sys
from include.winddown.adapters.stores import expectations
assert "great_expectations" not in sys.modules, "imported before anything was judged"
from include.winddown.domain.expectations import frame_expectations
from include.winddown.domain.frames import STOCK
from tests.frames import good_table
print(len(expectations.judge({"stock": good_table(STOCK)}, frame_expectations(STOCK)).failed_critical))
"""


def test_judging_is_quiet_and_leaves_nothing_behind(tmp_path):
    """GX is imported only to judge; it draws no bars and writes no file."""
    env = os.environ | {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", QUIET], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("0\n", "", 0)
    assert list(tmp_path.iterdir()) == []

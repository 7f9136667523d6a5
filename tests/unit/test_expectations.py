"""The suites are derived from the declarations, and a judgement says what it found."""

from datetime import UTC, datetime, timedelta

import pytest

from include.winddown.domain.errors import ExpectationsFailed
from include.winddown.domain.expectations import (
    Expectation,
    frame_expectations,
    plan_expectations,
    reconciliation_expectations,
    snapshot_expectations,
)
from include.winddown.domain.frame_types import NUMBER_KINDS
from include.winddown.domain.frames import (
    ALL_FRAMES,
    CATALOGUE,
    ORDERS,
    PLAN_LINES,
    STOCK,
    Column,
    Frame,
    Rule,
)
from include.winddown.domain.judgements import Judgement, Result
from include.winddown.domain.match.books import BOOKED_LINES
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.side_frames import FEES

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SUITES = {
    "snapshot": snapshot_expectations(taken_at=NOW, currency="RUB"),
    "plan": plan_expectations(weight_max_g=500_000, volume_usable_ml=1_000_000),
    "reconciliation": reconciliation_expectations(),
}


def named(expectations: tuple[Expectation, ...], name: str) -> Expectation:
    return next(expectation for expectation in expectations if expectation.name == name)


def kinds_of(frame: Frame, column: str) -> set[str]:
    return {e.kind for e in frame_expectations(frame) if e.column == column}


@pytest.mark.parametrize("suite", SUITES)
def test_names_in_a_suite_are_unique(suite):
    """A stored result must name one expectation only."""
    names = [expectation.name for expectation in SUITES[suite]]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("frame", [*ALL_FRAMES, BOOKED_LINES, DECISIONS, FEES], ids=lambda frame: frame.name)
def test_every_column_is_guarded_as_declared(frame):
    """Each declared property of a column gives exactly one expectation."""
    for column in frame.columns:
        expected = set() if column.nullable else {"not_null"}
        expected |= {"range"} if column.kind in NUMBER_KINDS else set()
        expected |= {"not_blank"} if column.kind in {"id", "text"} else set()
        expected |= {"currency" if column.kind == "currency" else "allowed"} if column.values else set()
        assert kinds_of(frame, column.name) == expected


def test_a_frame_that_must_have_rows_says_so():
    """Only a frame declared as possibly empty may have no rows."""
    without_rows = {f.name for f in ALL_FRAMES if "rows" not in {e.kind for e in frame_expectations(f)}}
    assert without_rows == {f.name for f in ALL_FRAMES if f.may_be_empty}


def test_the_grain_and_the_rules_follow_the_declaration():
    """The grain names the row in messages, a rule shows the columns it reads."""
    expectations = frame_expectations(STOCK)
    assert named(expectations, "stock.grain").shown == STOCK.grain
    assert named(expectations, "stock.reserved_within_on_hand").shown == (
        "warehouse_id",
        "sku",
        "condition",
        "on_hand_qty",
        "reserved_qty",
    )


def test_a_new_declaration_is_guarded_without_further_code():
    """A column or rule added to a declaration becomes an expectation by itself."""
    frame = Frame(
        name="pallets",
        grain=("pallet_no",),
        columns=(
            Column(name="pallet_no", kind="id", meaning="its number"),
            Column(name="height_mm", kind="mm", low=1, high=2_000, meaning="its height", nullable=True),
        ),
        rules=(Rule(name="stands", predicate="height_mm > 0", critical=False),),
    )
    assert [(e.name, e.critical) for e in frame_expectations(frame)] == [
        ("pallets.rows", True),
        ("pallets.grain", True),
        ("pallets.pallet_no.not_null", True),
        ("pallets.pallet_no.not_blank", True),
        ("pallets.height_mm.range", True),
        ("pallets.stands", False),
    ]


def test_a_blank_id_stops_the_run_and_a_blank_text_warns():
    """Without an id nothing can be done; a blank product name is only ugly."""
    expectations = frame_expectations(CATALOGUE)
    assert named(expectations, "catalogue.sku.not_blank").critical
    assert not named(expectations, "catalogue.name.not_blank").critical


def test_the_snapshot_suite_crosses_its_frames():
    """Stock must be in the catalogue; an order that is not, or lies far ahead, is a warning."""
    crossing = {e.name: e.critical for e in SUITES["snapshot"] if e.kind == "cross"}
    assert crossing == {
        "stock.sku_in_catalogue": True,
        "orders.sku_in_catalogue": False,
        "catalogue.one_currency": True,
    }
    ahead = named(SUITES["snapshot"], "orders.ordered_at.not_far_ahead")
    assert not ahead.critical
    assert ahead.values == (("latest_order_at", NOW + timedelta(days=365)),)


def test_the_plan_suite_takes_its_limits_from_the_policy():
    """Weight and volume limits are values, never text in a predicate."""
    suite = SUITES["plan"]
    assert named(suite, "shipment_lines.within_weight").values == (("weight_max_g", 500_000),)
    assert named(suite, "shipment_lines.within_volume").values == (("volume_usable_ml", 1_000_000),)
    assert {e.frame for e in suite} == {PLAN_LINES.name, "shipment_lines", DECISIONS.name}
    assert all(e.critical for e in suite if e.kind == "cross")


def test_what_does_not_add_up_is_not_booked():
    """The equation of a line is critical: a line that breaks it stops the run before anything moves."""
    expectation = named(SUITES["reconciliation"], "booked_lines.requested_is_accounted_for")
    assert expectation.critical
    assert expectation.frame == BOOKED_LINES.name


def result(expectation: Expectation, bad_rows: int | None, *examples: dict[str, object]) -> Result:
    return Result(
        expectation=expectation, success=bad_rows == 0, bad_rows=bad_rows, row_count=5, examples=examples
    )


def test_a_critical_failure_names_expectation_column_count_and_rows():
    """Whoever reads the task log can go to the rows at once."""
    expectation = named(frame_expectations(ORDERS), "orders.ordered_qty.range")
    judgement = Judgement(
        results=(result(expectation, 2, {"posting_number": "p-1", "line_no": 1, "ordered_qty": 0}),)
    )
    with pytest.raises(ExpectationsFailed) as caught:
        judgement.raise_if_failed("snapshot 7 of exit demo-1")
    assert str(caught.value) == (
        "snapshot 7 of exit demo-1 is refused, critical expectations that failed: 1;"
        " correct the rows at their source, then start the DAG again\n"
        "- failed: orders.ordered_qty.range (column ordered_qty): 2 of 5 rows are bad;"
        " expected: ordered_qty lies between 1 and 1000000 pieces;"
        " for example posting_number=p-1, line_no=1, ordered_qty=0"
    )


def test_a_warning_is_told_and_does_not_stop():
    """A warning stands in the summary and raises nothing."""
    judgement = Judgement(results=(result(named(SUITES["snapshot"], "orders.sku_in_catalogue"), 1),))
    judgement.raise_if_failed("snapshot 7")
    assert judgement.failed_critical == ()
    assert judgement.summary().splitlines()[1].startswith("- warning: orders.sku_in_catalogue (column sku)")


def test_what_was_not_measured_is_not_told_as_zero():
    """A missing count is a failure with its own words."""
    judgement = Judgement(results=(result(named(frame_expectations(STOCK), "stock.grain"), None),))
    assert "stock.grain: could not be measured" in judgement.summary()
    assert judgement.failed_critical == judgement.results
    [row] = judgement.rows()
    assert (row["success"], row["detail"]["is_measured"]) == (False, False)


def test_rows_for_the_store_carry_count_and_detail():
    """One row per expectation, with everything a page needs to explain it."""
    expectation = named(frame_expectations(STOCK), "stock.rows")
    failed = Result(expectation=expectation, success=False, bad_rows=0, row_count=0)
    assert Judgement(results=(failed,)).rows() == [
        {
            "expectation": "stock.rows",
            "critical": True,
            "success": False,
            "bad_rows": 0,
            "detail": {
                "is_measured": True,
                "frame": "stock",
                "column": None,
                "kind": "rows",
                "sentence": "stock has at least one row; none means the read failed",
                "row_count": 0,
                "examples": [],
            },
        }
    ]
    assert "stock.rows: no rows" in Judgement(results=(failed,)).summary()

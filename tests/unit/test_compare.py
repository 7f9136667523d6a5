"""What a snapshot says otherwise, in words, and when it stops a plan."""

import pytest

from include.winddown.domain.compare import (
    STATUS_STEPS,
    Restated,
    StockDifference,
    check_differences,
    differences_sentence,
    restatement_sentence,
)
from include.winddown.domain.errors import StockDisagrees
from include.winddown.domain.gate import IN_TRANSIT_STATUSES, PASSABLE_STATUSES


def apart(qty: int, sku: str = "A1") -> StockDifference:
    return StockDifference(
        sku=sku,
        report_qty=10,
        totals_qty=10 + qty,
        report_reserved_qty=0,
        totals_reserved_qty=0,
        apart_qty=qty,
    )


def test_a_difference_within_the_tolerance_passes():
    """Exactly as many pieces as the policy bears are borne."""
    check_differences([apart(3)], 3)
    check_differences([], 0)


def test_a_difference_beyond_it_stops_and_names_the_skus():
    """Only the SKUs that are too far apart are named, with both sides and the fix."""
    with pytest.raises(
        StockDisagrees, match=r"1 SKUs: B2: 10 \(0 reserved\) in the report, 14 .*stock_difference_max_qty"
    ):
        check_differences([apart(3), apart(4, "B2")], 3)


def test_a_side_that_names_nothing_is_not_zero():
    """Missing never reads as zero."""
    one_sided = StockDifference(
        sku="A1",
        report_qty=None,
        totals_qty=4,
        report_reserved_qty=None,
        totals_reserved_qty=1,
        apart_qty=4,
    )
    assert "A1: not named in the report, 4 (1 reserved) in the totals" in differences_sentence([one_sided])


def test_agreement_needs_no_words():
    """Nothing differs, nothing is said."""
    assert differences_sentence([]) == restatement_sentence([]) == ""


def test_restatements_are_counted_by_kind_and_column():
    """The snapshot that told it first and one posting of each sort are named."""
    counted = [
        Restated(
            kind=kind, column_name=column, lines_qty=2, example="P-1", restates_snapshot_id="demo-1-before"
        )
        for kind, column in (("added", ""), ("changed", "price_minor"))
    ]
    assert restatement_sentence(counted) == (
        "order lines told otherwise than in snapshot demo-1-before:"
        " 2 added, as in P-1; 2 changed (price_minor), as in P-1"
    )


def test_every_known_status_has_its_place_on_the_way():
    """What the gate lets pass has left, what has left lies behind what is pending."""
    assert {*PASSABLE_STATUSES} <= {*STATUS_STEPS}
    pending = {step for status, step in STATUS_STEPS.items() if status not in PASSABLE_STATUSES}
    assert max(pending) < min(STATUS_STEPS[status] for status in IN_TRANSIT_STATUSES)

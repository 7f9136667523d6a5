"""Discrepancies in the form in which they are kept."""

from include.winddown.domain.match.keep import rows_to_keep
from include.winddown.domain.match.settings import Match
from tests.match_kit import asked, closed, counted, match, told


def kept(missing: int, **policy):
    result = match([asked()], [told()], [counted(10 - missing), closed()], policy=Match(**policy)).result
    return [
        (row["request_id"], row["kind"], row["qty"], row["stake"])
        for row in rows_to_keep(result.found, {"R1": "r-1"}, "RUB")
    ]


def test_a_loss_within_the_tolerance_is_listed_and_not_claimed():
    """It is a note, which is neither claimed nor told to end, and keeps no exit from closing."""
    assert kept(2, short_tolerance_qty=2) == [("r-1", "short", 2, "note")]
    assert kept(2, short_tolerance_minor=300) == [("r-1", "short", 2, "note")]
    assert kept(3, short_tolerance_qty=2) == [("r-1", "short", 3, "claim")]


def test_a_request_that_is_not_ours_keeps_its_number():
    """Pieces of a line closed short and of a strange request stand under what they were told with."""
    result = match([asked()], [told()], [counted(4, request_no="R9")]).result
    assert [(row["request_id"], row["kind"]) for row in rows_to_keep(result.found, {"R1": "r-1"}, "RUB")] == [
        ("R9", "unexpected")
    ]

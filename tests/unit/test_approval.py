"""When an answer counts."""

from datetime import UTC, datetime, timedelta

import pytest

from include.winddown.domain.approval import Answer, Question, judge_answer
from include.winddown.domain.errors import PlanChanged

ASKED = datetime(2026, 1, 1, tzinfo=UTC)
DIGEST = "a" * 64


def question(**changes) -> Question:
    values = {
        "digest": DIGEST,
        "stored_digest": DIGEST,
        "asked_at": ASKED,
        "minutes": 60,
        "superseded": False,
    }
    return Question(**(values | changes))


def answer(**changes) -> Answer:
    values = {
        "option": "Approve",
        "digest": DIGEST,
        "user_id": "7",
        "user_name": "anna",
        "answered_at": ASKED + timedelta(minutes=5),
    }
    return Answer(**(values | changes))


def test_an_approval_in_time_for_the_stored_plan_counts():
    """The plain case."""
    assert judge_answer(question(), answer()).state == "approved"


def test_a_rejection_ends_the_plan():
    """The sentence says who rejected it."""
    decision = judge_answer(question(), answer(option="Reject"))
    assert (decision.state, decision.sentence) == ("rejected", "plan aaaaaaaaaaaa was rejected by anna")


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({}, None),
        ({}, {"user_id": None}),
        ({}, {"digest": "b" * 64}),
        ({}, {"answered_at": ASKED + timedelta(minutes=61)}),
        ({"superseded": True}, {}),
    ],
    ids=["no answer", "nobody named", "another plan", "too late", "superseded"],
)
def test_anything_less_is_no_approval(asked, given):
    """Silence, an answer by nobody, for another plan, too late, or for a stale plan ends it."""
    assert judge_answer(question(**asked), None if given is None else answer(**given)).state == "expired"


def test_an_altered_plan_is_refused():
    """Not even an approval covers lines that were changed afterwards."""
    with pytest.raises(PlanChanged, match="was changed after it was put up"):
        judge_answer(question(stored_digest="c" * 64), answer())


def test_anything_but_approve_is_a_rejection():
    """An option nobody knows is not an approval."""
    assert judge_answer(question(), answer(option="approve")).state == "rejected"

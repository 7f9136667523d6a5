"""When an answer counts."""

from datetime import UTC, datetime, timedelta

import pytest

from include.winddown.domain.approval import Answer, Question, judge_answers
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
        "approvers": {"anna": "7", "ben": "8", "zoe": "9"},
        "authors": ["zoe"],
        "needed": 1,
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


def judged(asked, *given):
    """Judge answers; None = nobody answered."""
    return judge_answers(question(**asked), [None if one is None else answer(**one) for one in given])


BEN = {"user_id": "8", "user_name": "ben"}
TWO = {"needed": 2}


def test_an_approval_in_time_for_the_stored_plan_counts():
    """The plain case; that nobody was asked a second time does not matter."""
    for given in ([{}], [{}, None]):
        decision = judged({}, *given)
        assert (decision.state, decision.sentence) == ("approved", "plan aaaaaaaaaaaa was approved by anna")


def test_two_approvals_count_where_two_are_needed():
    """Both people are named."""
    decision = judged(TWO, {}, BEN)
    assert (decision.state, decision.sentence) == (
        "approved",
        "plan aaaaaaaaaaaa was approved by anna and ben",
    )


NO = {"option": "Reject"}


@pytest.mark.parametrize(
    ("asked", "given", "who"),
    [({}, [NO], "anna"), (TWO, [{}, BEN | NO], "ben"), (TWO, [NO, None], "anna"), (TWO, [NO, BEN], "anna")],
)
def test_a_rejection_ends_the_plan(asked, given, who):
    """One is enough, and the sentence says who rejected it."""
    decision = judged(asked, *given)
    assert (decision.state, decision.sentence) == ("rejected", f"plan aaaaaaaaaaaa was rejected by {who}")


LATE = {"answered_at": ASKED + timedelta(minutes=61)}
OTHER = {"digest": "b" * 64}


@pytest.mark.parametrize(
    ("asked", "given", "words"),
    [
        ({}, [None], "nobody answered; marking the task success by hand is no approval"),
        ({}, [{"user_id": None}], "nobody answered"),
        ({}, [OTHER], "the answer is about plan bbbbbbbbbbbb"),
        ({}, [OTHER | {"option": "Reject"}], "the answer is about plan bbbbbbbbbbbb"),
        ({}, [LATE], "the answer came after 60 minutes"),
        ({"superseded": True}, [{}], "is stale"),
        ({}, [{"user_name": "eve"}], "eve answered, who is not one of its approvers (anna, ben, zoe)"),
        ({}, [{"user_id": "8"}], "anna answered, who is not one of its approvers"),
        ({"approvers": {}}, [{}], "who is not one of its approvers (none)"),
        ({}, [{"user_name": "zoe", "user_id": "9"}], "zoe answered, who had a hand in this plan"),
        ({"authors": ["Anna"]}, [{}], "anna answered, who had a hand in this plan"),
        (TWO, [{}], "nobody gave the second approval; marking the task success by hand is none"),
        (TWO, [{}, None], "nobody gave the second approval"),
        (TWO, [None, {}], "nobody answered"),
        (TWO, [{}, {}], "anna answered twice; somebody else must approve too"),
        (TWO | {"approvers": {"anna": "7", "Anna": "8"}}, [{}, {"user_name": "Anna", "user_id": "8"}], "twice"),
        (TWO | {"approvers": {"anna": "7", "ann": "7"}}, [{}, {"user_name": "ann"}], "answered twice"),
        (TWO, [{}, BEN | LATE], "the answer came after 60 minutes"),
        (TWO, [{}, BEN | OTHER], "the answer is about plan bbbbbbbbbbbb"),
        (TWO, [{}, {"user_name": "zoe", "user_id": "9"}], "zoe answered, who had a hand in this plan"),
        (TWO, [{}, {"user_name": "eve", "user_id": "4"}], "eve answered, who is not one of its approvers"),
    ],
)  # fmt: skip
def test_anything_less_is_no_approval(asked, given, words):
    """Silence, too late, another plan, a stale one, a stranger, an author, or one person where two are needed."""
    decision = judged(asked, *given)
    assert decision.state == "expired"
    assert words in decision.sentence


def test_an_altered_plan_is_refused():
    """Not even an approval covers lines that were changed afterwards."""
    with pytest.raises(PlanChanged, match="was changed after it was put up"):
        judged({"stored_digest": "c" * 64}, {})


def test_anything_but_approve_is_a_rejection():
    """An option nobody knows is not an approval."""
    assert judged({}, {"option": "approve"}).state == "rejected"

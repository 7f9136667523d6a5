"""Answers and approvals in a real PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.approvals import ApprovalStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.errors import DecisionIsFinal, PlanChanged, PlanNotApproved

ANSWERED_AT = datetime(2026, 11, 8, 9, tzinfo=UTC)
DIGEST = "d" * 64


@pytest.fixture
def approvals(engine: Engine) -> ApprovalStore:
    return ApprovalStore(engine)


def answer(plan_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "digest": DIGEST,
        "subject": "[plan dddddddddddd] Return?",
        "option": "Approve",
        "user_id": "7",
        "user_name": "approver",
        "answered_at": ANSWERED_AT,
        "ti_id": "ti-1",
        "run_id": "manual__1",
        **changes,
    }


def test_an_answer_comes_back_as_it_was_given(approvals: ApprovalStore, plan_id: str) -> None:
    """Who, what, when, and about which digest."""
    answer_id = approvals.record_answer(**answer(plan_id))
    heard = approvals.answer(plan_id)
    assert (heard.answer_id, heard.option, heard.user_id, heard.digest) == (answer_id, "Approve", "7", DIGEST)
    assert (heard.answered_at, heard.dag_run_id, heard.ti_id) == (ANSWERED_AT, "manual__1", "ti-1")


def test_the_same_answer_is_taken_down_once(approvals: ApprovalStore, plan_id: str) -> None:
    """A retried task finds the answer it wrote."""
    first = approvals.record_answer(**answer(plan_id))
    assert approvals.record_answer(**answer(plan_id)) == first


def test_the_latest_answer_counts(approvals: ApprovalStore, plan_id: str) -> None:
    """A later answer is found first; the earlier one stays as evidence."""
    approvals.record_answer(
        **answer(plan_id, option="Reject", ti_id="ti-2", answered_at=ANSWERED_AT + timedelta(hours=1))
    )
    approvals.record_answer(**answer(plan_id))
    assert approvals.answer(plan_id).option == "Reject"


def test_without_an_answer_there_is_none(approvals: ApprovalStore, plan_id: str) -> None:
    """Silence is not an answer and not a decision."""
    assert (approvals.answer(plan_id), approvals.of(plan_id)) == (None, None)


def test_a_decision_settles_the_plan(approvals: ApprovalStore, plan_id: str, engine: Engine) -> None:
    """Approval and state of the plan are written together; again is a no-op."""
    answer_id = approvals.record_answer(**answer(plan_id))
    for _ in range(2):
        approvals.decide(plan_id, DIGEST, "approved", answer_id, "7", "approver")
    there = approvals.of(plan_id)
    assert (there.decision, there.answer_id, there.user_name) == ("approved", answer_id, "approver")
    assert PlanStore(engine).get(plan_id).state == "approved"


@pytest.mark.parametrize("decision", ["rejected", "expired"])
def test_a_plan_can_end_without_an_answer(
    approvals: ApprovalStore, plan_id: str, engine: Engine, decision: str
) -> None:
    """Rejection and timeout end the plan and need nobody."""
    approvals.decide(plan_id, DIGEST, decision, None, None, None)
    assert PlanStore(engine).get(plan_id).state == decision


def test_a_decision_is_final(approvals: ApprovalStore, plan_id: str) -> None:
    """A rejected plan cannot be approved afterwards."""
    approvals.decide(plan_id, DIGEST, "rejected", None, None, None)
    answer_id = approvals.record_answer(**answer(plan_id))
    with pytest.raises(DecisionIsFinal, match="was rejected before and cannot be approved now"):
        approvals.decide(plan_id, DIGEST, "approved", answer_id, "7", "approver")


def test_another_digest_is_refused(approvals: ApprovalStore, plan_id: str) -> None:
    """A decision about other content does not count."""
    with pytest.raises(PlanChanged, match="has digest dddddddddddd, the decision is about eeeeeeeeeeee"):
        approvals.decide(plan_id, "e" * 64, "rejected", None, None, None)


def test_a_superseded_plan_cannot_be_decided(
    approvals: ApprovalStore, plan_id: str, engine: Engine, plan_of: Callable[..., dict[str, Any]]
) -> None:
    """A newer proposal took its place."""
    PlanStore(engine).propose(**plan_of(plan_id="plan-2", digest="e" * 64))
    with pytest.raises(PlanNotApproved, match="is superseded; only a proposed plan can be rejected"):
        approvals.decide(plan_id, DIGEST, "rejected", None, None, None)


def test_an_unknown_plan_is_named(approvals: ApprovalStore) -> None:
    """Nothing can be decided about a plan that is not there."""
    with pytest.raises(PlanNotApproved, match="no plan 'nope'"):
        approvals.decide("nope", DIGEST, "rejected", None, None, None)


APPROVE = "insert into approval (plan_id, digest, decision, answer_id, user_id) values "


@pytest.mark.parametrize(
    "statement",
    [
        APPROVE + "('plan-1', repeat('e', 64), 'rejected', null, null)",
        APPROVE + "('plan-1', repeat('d', 64), 'approved', null, null)",
        APPROVE
        + "('plan-1', repeat('d', 64), 'approved', (select max(answer_id) from approval_answer), null)",
        APPROVE + "('plan-1', repeat('d', 64), 'approved', 999, '7')",
        APPROVE + "('plan-1', repeat('d', 64), 'perhaps', null, null)",
        APPROVE + "('nope', repeat('d', 64), 'rejected', null, null)",
        "update approval_answer set option = 'Reject'",
        "delete from approval_answer",
        "truncate approval_answer cascade",
    ],
)
def test_forbidden_approvals_are_stopped_by_constraints_alone(
    approvals: ApprovalStore, engine: Engine, plan_id: str, statement: str
) -> None:
    """Another digest, no answer, nobody, an answer that is not there, or a changed answer."""
    approvals.record_answer(**answer(plan_id))
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))


def test_an_answer_about_another_digest_backs_nothing(
    approvals: ApprovalStore, engine: Engine, plan_id: str
) -> None:
    """The answer behind an approval is about the same content."""
    stale = approvals.record_answer(**answer(plan_id, digest="e" * 64))
    with pytest.raises(IntegrityError, match="approval_answer_id_plan_id_digest_fk"):
        approvals.decide(plan_id, DIGEST, "approved", stale, "7", "approver")
    assert PlanStore(engine).get(plan_id).state == "proposed"


@pytest.mark.parametrize(
    "statement",
    ["update approval set decision = 'approved'", "delete from approval", "truncate approval"],
)
def test_an_approval_is_never_rewritten(
    approvals: ApprovalStore, engine: Engine, plan_id: str, statement: str
) -> None:
    """Not even behind the store's back."""
    approvals.decide(plan_id, DIGEST, "rejected", None, None, None)
    with engine.begin() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.execute(text(statement))

"""Decisions on plans in a real PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.answers import AnswerStore, GivenAnswer
from include.winddown.adapters.stores.approvals import ApprovalStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.errors import DecisionIsFinal, PlanChanged, PlanNotApproved
from tests.contract.plans import asked

ANSWERED_AT = datetime(2026, 11, 8, 9, tzinfo=UTC)
DIGEST = "d" * 64
SECOND = {"task_id": "approve_second", "ti_id": "ti-2"}


@pytest.fixture
def approvals(engine: Engine) -> ApprovalStore:
    return ApprovalStore(engine)


def answered(
    engine: Engine,
    plan_id: str,
    name: str = "ada",
    user_id: str = "7",
    option: str = "Approve",
    **question: Any,
) -> GivenAnswer:
    """Have somebody answer the question about a plan."""
    answers, shown = AnswerStore(engine), asked(plan_id, **question)
    answers.ask(shown)
    answers.hear(shown.ti_id, option, user_id, name, ANSWERED_AT)
    found = answers.answer(plan_id, shown.task_id)
    assert found is not None
    return found


def test_a_decision_settles_the_plan(approvals: ApprovalStore, plan_id: str, engine: Engine) -> None:
    """Approval and state of the plan are written together; again is a no-op."""
    heard = answered(engine, plan_id)
    for _ in range(2):
        approvals.decide(plan_id, DIGEST, "approved", heard)
    there = approvals.of(plan_id)
    assert (there.decision, there.answer_id, there.user_name) == ("approved", heard.answer_id, "ada")
    assert PlanStore(engine).get(plan_id).state == "approved"


@pytest.mark.parametrize("decision", ["rejected", "expired"])
def test_a_plan_can_end_without_an_answer(
    approvals: ApprovalStore, plan_id: str, engine: Engine, decision: str
) -> None:
    """Rejection and timeout end the plan and need nobody."""
    approvals.decide(plan_id, DIGEST, decision)
    assert PlanStore(engine).get(plan_id).state == decision


@pytest.mark.fault("F3", "S4")
@pytest.mark.fault("F5", "S4")
def test_a_decision_is_final(approvals: ApprovalStore, plan_id: str, engine: Engine) -> None:
    """A rejected plan cannot be approved afterwards."""
    approvals.decide(plan_id, DIGEST, "rejected")
    heard = answered(engine, plan_id)
    with pytest.raises(DecisionIsFinal, match="was rejected before and cannot be approved now"):
        approvals.decide(plan_id, DIGEST, "approved", heard)


@pytest.mark.fault("F26", "S4")
def test_another_digest_is_refused(approvals: ApprovalStore, plan_id: str) -> None:
    """A decision about other content does not count."""
    with pytest.raises(PlanChanged, match="has digest dddddddddddd, the decision is about eeeeeeeeeeee"):
        approvals.decide(plan_id, "e" * 64, "rejected")


def test_a_superseded_plan_cannot_be_decided(
    approvals: ApprovalStore, plan_id: str, engine: Engine, plan_of: Callable[..., dict[str, Any]]
) -> None:
    """A newer proposal took its place."""
    PlanStore(engine).propose(**plan_of(plan_id="plan-2", digest="e" * 64))
    with pytest.raises(PlanNotApproved, match="is superseded; only a proposed plan can be rejected"):
        approvals.decide(plan_id, DIGEST, "rejected")


def test_an_unknown_plan_is_named(approvals: ApprovalStore) -> None:
    """Nothing can be decided about a plan that is not there."""
    with pytest.raises(PlanNotApproved, match="no plan 'nope'"):
        approvals.decide("nope", DIGEST, "rejected")


def test_two_people_approve(approvals: ApprovalStore, engine: Engine, plan_of: Callable[..., Any]) -> None:
    """Both answers stand behind the approval."""
    PlanStore(engine).propose(**plan_of(summary={"facts": {"approvals_needed": 2}}))
    first = answered(engine, "plan-1")
    second = answered(engine, "plan-1", "ben", "8", **SECOND)
    approvals.decide("plan-1", DIGEST, "approved", first, second)
    there = approvals.of("plan-1")
    assert (there.user_name, there.second_user_name) == ("ada", "ben")
    assert (there.answer_id, there.second_answer_id) == (first.answer_id, second.answer_id)


def test_a_plan_that_one_person_answered_twice_can_expire(
    approvals: ApprovalStore, engine: Engine, plan_id: str
) -> None:
    """What ended it is kept as it was."""
    approvals.decide(
        plan_id, DIGEST, "expired", answered(engine, plan_id), answered(engine, plan_id, **SECOND)
    )
    assert approvals.of(plan_id).second_user_name == "ada"


@pytest.mark.parametrize(
    ("facts", "people", "words"),
    [
        ({"approvals_needed": 2}, ({},), "needs a second approval"),
        ({"approvals_needed": 2}, ({}, {"name": "ada"}), "second_is_another"),
        ({"approvals_needed": 2}, ({}, {"name": "ada", "user_id": "8"}), "second_is_another"),
        ({"approvals_needed": 2}, ({}, {"name": "ben"}), "second_is_another"),
        (
            {"approvals_needed": 2},
            ({}, {"name": "ben", "user_id": "8", "option": "Reject"}),
            "is not that of",
        ),
        ({}, ({"option": "Reject"},), "is not that of its user"),
        ({"authors": ["Ada"]}, ({},), "cannot be approved by its author"),
        (
            {"authors": ["zoe", "ben"]},
            ({}, {"name": "ben", "user_id": "8"}),
            "cannot be approved by its author",
        ),
    ],
    ids=["one", "same", "same name", "same id", "rejects", "rejected", "author", "second is author"],
)
def test_an_approval_is_signed_by_enough_of_the_right_people(
    approvals: ApprovalStore,
    engine: Engine,
    plan_of: Callable[..., Any],
    facts: dict[str, object],
    people: tuple[dict[str, str], ...],
    words: str,
) -> None:
    """The database alone refuses an author, one person twice, a missing second one and a rejection."""
    PlanStore(engine).propose(**plan_of(summary={"facts": facts}))
    tasks: tuple[dict[str, str], ...] = ({}, SECOND)
    signed = [answered(engine, "plan-1", **one, **task) for one, task in zip(people, tasks, strict=False)]
    with pytest.raises(IntegrityError, match=words):
        approvals.decide("plan-1", DIGEST, "approved", *signed)
    assert PlanStore(engine).get("plan-1").state == "proposed"


APPROVE = "insert into approval (plan_id, digest, decision, answer_id, user_id, user_name) values "
ANSWER_ID = "(select max(answer_id) from approval_answer)"


@pytest.mark.parametrize(
    "statement",
    [
        APPROVE + "('plan-1', repeat('e', 64), 'rejected', null, null, null)",
        APPROVE + "('plan-1', repeat('d', 64), 'approved', null, null, null)",
        APPROVE + f"('plan-1', repeat('d', 64), 'approved', {ANSWER_ID}, null, null)",
        APPROVE + f"('plan-1', repeat('d', 64), 'approved', {ANSWER_ID}, '8', 'ada')",
        APPROVE + f"('plan-1', repeat('d', 64), 'approved', {ANSWER_ID}, '7', 'ben')",
        APPROVE + "('plan-1', repeat('d', 64), 'approved', 999, '7', 'ada')",
        APPROVE + "('plan-1', repeat('d', 64), 'perhaps', null, null, null)",
        APPROVE + "('nope', repeat('d', 64), 'rejected', null, null, null)",
    ],
)
def test_forbidden_approvals_are_stopped_by_constraints_alone(
    engine: Engine, plan_id: str, statement: str
) -> None:
    """Another digest, no answer, nobody, somebody else, or an answer that is not there."""
    answered(engine, plan_id)
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    ["update approval set decision = 'approved'", "delete from approval", "truncate approval"],
)
def test_an_approval_is_never_rewritten(
    approvals: ApprovalStore, engine: Engine, plan_id: str, statement: str
) -> None:
    """Not even behind the store's back."""
    approvals.decide(plan_id, DIGEST, "rejected")
    with engine.begin() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.execute(text(statement))

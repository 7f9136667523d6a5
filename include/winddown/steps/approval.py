"""Ask, hear and seal: a plan counts as approved only when the right people answered for its own digest."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from include.winddown.adapters.stores.answers import AnswerStore, AskedQuestion, GivenAnswer
from include.winddown.adapters.stores.approvals import ApprovalStore
from include.winddown.adapters.stores.plans import Plan, PlanStore
from include.winddown.domain.approval import APPROVE, Answer, Question, judge_answers
from include.winddown.domain.approvers import ask_whom, check_open, choose_approvers
from include.winddown.domain.errors import NothingToDo, PlanNotApproved
from include.winddown.domain.exits import Exit
from include.winddown.domain.question import body_of, subject_of
from include.winddown.domain.texts import markdown_safe
from include.winddown.runtime import doors
from include.winddown.runtime.stations import APPROVED_PLAN, announce
from include.winddown.steps.clearing import stop_if_nothing_is_planned
from include.winddown.steps.gather import approved_plans, exit_of, recompute_digest

FIRST, SECOND = "approve", "approve_second"


def ask(plan_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """
    Word the question for the approvers, and take it down before anybody sees it.

    Args:
        plan_id: the plan put up for approval.
        task: task_id, ti_id, dag_run_id and asking_no of the task that asks, see AskedQuestion.

    Returns:
        subject, body, seconds (how long it waits) and assigned_users (who may answer); or only
        answered, the option that an earlier try was given before Airflow lost it.

    Raises:
        NothingToDo: a second approval is not needed.
    """
    plan = PlanStore(doors.database()).get(plan_id)
    answers = AnswerStore(doors.database())
    first = answers.answer(plan_id, FIRST) if task["task_id"] == SECOND else None
    if task["task_id"] == SECOND and not _wants_second(plan, first):
        msg = f"plan {plan.digest[:12]} needs no second approval"
        raise NothingToDo(msg)
    check_open(plan.digest[:12], plan.state)
    merchant_exit = exit_of(plan.exit_id)
    people = _asked_people(plan, merchant_exit, first)
    given = answers.answer_within(plan_id, task["task_id"], task["dag_run_id"], task["asking_no"])
    if given:
        return {"answered": given.option}
    question = {
        **_words(plan, merchant_exit, first),
        "seconds": _seconds_left(plan, merchant_exit),
        "assigned_users": [{"id": user_id, "name": name} for name, user_id in people.items()],
    }
    subject, asked_of = question["subject"], sorted(people)
    answers.ask(
        AskedQuestion(plan_id=plan_id, digest=plan.digest, subject=subject, asked_of=asked_of, **task)
    )
    return question


def _words(plan: Plan, merchant_exit: Exit, first: GivenAnswer | None) -> dict[str, Any]:
    language, by = merchant_exit.policy.language, first.user_name if first else None
    summary, currency = plan.summary, merchant_exit.currency
    return {
        "subject": subject_of(plan.digest, merchant_exit.merchant, language, is_second=first is not None),
        "body": body_of(summary, currency, summary["sample"], language, markdown_safe(by or "")),
    }


def hear(answer: Mapping[str, Any]) -> None:
    """Take down who answered what, beside the digest and the subject they were shown."""
    AnswerStore(doors.database()).hear(**answer)


def seal(plan_id: str | None, exit_id: str) -> str:
    """
    Check the answers against the stored plan; only then tell the world it is approved.

    Raises:
        NothingToDo: it was rejected, or no plan of the exit is wanted now.
        PlanNotApproved: nobody approved it, or it was not put up although it should have been.
    """
    if not plan_id:
        stop_if_nothing_is_planned(exit_id)
        msg = "no plan was put up for approval; the failed task before this one says why"
        raise PlanNotApproved(msg)
    plan = PlanStore(doors.database()).get(plan_id)
    if plan.state == "within":  # an earlier approval covers it, see steps.corridor
        announce(APPROVED_PLAN, plan.exit_id, plan_id=plan_id, digest=plan.digest)
        return plan_id
    answers = AnswerStore(doors.database())
    heard = [answers.answer(plan_id, task_id) for task_id in (FIRST, SECOND)]
    decision = judge_answers(_question(plan), [_answer(one) for one in heard])
    if plan.state != "superseded":  # a newer plan has ended this one already
        ApprovalStore(doors.database()).decide(plan_id, plan.digest, decision.state, *heard)
    if decision.state == "rejected":
        raise NothingToDo(decision.sentence)
    if decision.state == "expired":
        raise PlanNotApproved(decision.sentence)
    announce(APPROVED_PLAN, plan.exit_id, plan_id=plan_id, digest=plan.digest)
    return plan_id


def _wants_second(plan: Plan, first: GivenAnswer | None) -> bool:
    return _needed(plan) > 1 and first is not None and first.option == APPROVE


def _asked_people(plan: Plan, merchant_exit: Exit, first: GivenAnswer | None) -> dict[str, str]:
    """Name who is asked: no author, and the second time not whoever approved first."""
    approvers = choose_approvers(plan.exit_id, merchant_exit.approvers, doors.approvers())
    left = ask_whom(plan.exit_id, approvers, _authors(plan), _needed(plan))
    return {name: user_id for name, user_id in left.items() if not first or name != first.user_name}


def _seconds_left(plan: Plan, merchant_exit: Exit) -> float:
    """One clock for all answers to a plan; asking again does not set it back."""
    minutes = merchant_exit.policy.approval_minutes
    left = plan.created_at + timedelta(minutes=minutes) - datetime.now(UTC)
    if left <= timedelta(0):
        msg = f"plan {plan.digest[:12]}: its {minutes} minutes are over; start a new run of plan_wind_down"
        raise PlanNotApproved(msg)
    return left.total_seconds()


def _question(plan: Plan) -> Question:
    merchant_exit = exit_of(plan.exit_id)
    others = [plan_id for plan_id in approved_plans(plan.exit_id) if plan_id != plan.plan_id]
    return Question(
        digest=plan.digest,
        stored_digest=recompute_digest(plan),
        asked_at=plan.created_at,
        minutes=merchant_exit.policy.approval_minutes,
        superseded=plan.state == "superseded" or others != plan.summary["approved_before"],
        approvers=choose_approvers(plan.exit_id, merchant_exit.approvers, doors.approvers()),
        authors=_authors(plan),
        needed=_needed(plan),
    )


def _answer(heard: GivenAnswer | None) -> Answer | None:
    if heard is None:
        return None
    return Answer(
        option=heard.option,
        digest=heard.digest,
        user_id=heard.user_id,
        user_name=heard.user_name or "somebody",
        answered_at=heard.answered_at,
    )


def _needed(plan: Plan) -> int:
    needed: int = plan.summary["facts"].get("approvals_needed", 1)
    return needed


def _authors(plan: Plan) -> list[str]:
    authors: list[str] = plan.summary["facts"].get("authors", [])
    return authors

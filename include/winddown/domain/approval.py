"""When an answer counts as an approval: it was given, in time, for exactly the plan that is stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from include.winddown.domain.errors import PlanChanged, PlanNotApproved

APPROVE = "Approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What a person answered, as the approval task took it down.

    Attributes:
        option: 'Approve' or 'Reject'.
        digest: of the plan the question was about.
        user_id: who answered; None when Airflow named nobody.
        user_name: the same for people.
        answered_at: aware UTC.
    """

    option: str
    digest: str
    user_id: str | None
    user_name: str
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    The plan as it stands when its answer is judged.

    Attributes:
        digest: under which it was put up.
        stored_digest: computed from the lines stored now.
        asked_at: when it was put up, aware UTC.
        minutes: how long it waits for an answer.
        superseded: whether a newer plan took its place, or another was approved meanwhile.
    """

    digest: str
    stored_digest: str
    asked_at: datetime
    minutes: int
    superseded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows; the sentence is for people."""

    state: Literal["approved", "rejected", "expired"]
    sentence: str


def judge_answer(question: Question, answer: Answer | None) -> Decision:
    """
    Judge the answer to a plan.

    Raises:
        PlanChanged: the stored lines no longer have the digest that was put up.
    """
    shown = question.digest[:12]
    if question.stored_digest != question.digest:
        msg = (
            f"plan {shown} was changed after it was put up (now {question.stored_digest[:12]});"
            " nothing is created, start a new plan"
        )
        raise PlanChanged(msg)
    if answer is None or answer.user_id is None:
        return Decision(
            state="expired",
            sentence=f"plan {shown}: nobody answered; marking the task success by hand is no approval",
        )
    if answer.digest != question.digest:
        return Decision(
            state="expired", sentence=f"plan {shown}: the answer is about plan {answer.digest[:12]}"
        )
    if answer.option != APPROVE:
        return Decision(state="rejected", sentence=f"plan {shown} was rejected by {answer.user_name}")
    if question.superseded:
        return Decision(
            state="expired", sentence=f"plan {shown} is stale: a newer plan stands, or another was approved"
        )
    if answer.answered_at - question.asked_at > timedelta(minutes=question.minutes):
        return Decision(
            state="expired", sentence=f"plan {shown}: the answer came after {question.minutes} minutes"
        )
    return Decision(state="approved", sentence=f"plan {shown} was approved by {answer.user_name}")


def check_approved(digest: str, stored_digest: str, approval: tuple[str, str] | None) -> None:
    """
    Check once more, right before goods move.

    Args:
        digest: of the plan.
        stored_digest: computed from the lines stored now.
        approval: decision and digest of the approval row, if there is one.

    Raises:
        PlanNotApproved: there is no approval, or it is about another plan.
        PlanChanged: the lines were changed after the approval.
    """
    if approval != ("approved", digest):
        msg = f"plan {digest[:12]} has no approval of its own; approve it in the DAG plan_wind_down"
        raise PlanNotApproved(msg)
    if stored_digest != digest:
        msg = f"plan {digest[:12]} was changed after its approval (now {stored_digest[:12]}); nothing is created"
        raise PlanChanged(msg)

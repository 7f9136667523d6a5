"""When answers count as an approval: given in time, by the right people, for exactly the plan that is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from include.winddown.domain.approvers import People, is_author
from include.winddown.domain.errors import PlanChanged, PlanNotApproved, shorten

APPROVE = "Approve"
NOBODY = "nobody answered; marking the task success by hand is no approval"
NO_SECOND = "nobody gave the second approval; marking the task success by hand is none"


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
    The plan as it stands when its answers are judged.

    Attributes:
        digest: under which it was put up.
        stored_digest: computed from the lines stored now.
        asked_at: when it was put up, aware UTC.
        minutes: how long it waits for all its answers.
        superseded: whether a newer plan took its place, or another was approved meanwhile.
        approvers: who may answer, user name -> user id.
        authors: who had a hand in the plan; they may not answer.
        needed: how many people must approve.
    """

    digest: str
    stored_digest: str
    asked_at: datetime
    minutes: int
    superseded: bool
    approvers: People
    authors: Sequence[str]
    needed: int

    @property
    def shown(self) -> str:
        """The plan's name in sentences."""
        return self.digest[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows; the sentence is for people."""

    state: Literal["approved", "rejected", "expired"]
    sentence: str


def judge_answers(question: Question, answers: Sequence[Answer | None]) -> Decision:
    """
    Judge the answers to a plan.

    Args:
        question: the plan.
        answers: one for each task that asks, in their order; None where nobody answered.

    Raises:
        PlanChanged: the stored lines no longer have the digest that was put up.
    """
    shown = question.shown
    if question.stored_digest != question.digest:
        msg = (
            f"plan {shown} was changed after it was put up (now {question.stored_digest[:12]});"
            " nothing is created, start a new plan"
        )
        raise PlanChanged(msg)
    counted = [*answers, *[None] * question.needed][: question.needed]
    for number, answer in enumerate(counted):
        if ending := _judge_one(question, answer, is_first=number == 0):
            return ending
    given = [answer for answer in counted if answer]
    if _one_person(given):
        return _expired(f"plan {shown}: {given[0].user_name} answered twice; somebody else must approve too")
    names = " and ".join(answer.user_name for answer in given)
    return Decision(state="approved", sentence=f"plan {shown} was approved by {names}")


def _judge_one(question: Question, answer: Answer | None, *, is_first: bool) -> Decision | None:
    """Find what ends the plan in one answer; None when it is a good one."""
    plan = f"plan {question.shown}"
    if answer is None or answer.user_id is None:
        return _expired(f"{plan}: {NOBODY if is_first else NO_SECOND}")
    if answer.digest == question.digest and answer.option != APPROVE:
        return Decision(state="rejected", sentence=f"{plan} was rejected by {answer.user_name}")
    fault = _fault(question, answer)
    return _expired(f"{plan}{fault}") if fault else None


def _fault(question: Question, answer: Answer) -> str:
    who, minutes = answer.user_name, question.minutes
    if answer.digest != question.digest:
        return f": the answer is about plan {answer.digest[:12]}"
    if is_author(who, question.authors):
        return f": {who} answered, who had a hand in this plan; somebody else must approve it"
    if question.approvers.get(who) != answer.user_id:
        known = shorten(sorted(question.approvers)) or "none"
        return f": {who} answered, who is not one of its approvers ({known})"
    if question.superseded:
        return " is stale: a newer plan stands, or another was approved"
    if answer.answered_at - question.asked_at > timedelta(minutes=minutes):
        return f": the answer came after {minutes} minutes"
    return ""


def _one_person(given: Sequence[Answer]) -> bool:
    by_id = {answer.user_id for answer in given}
    by_name = {answer.user_name.casefold() for answer in given}
    return min(len(by_id), len(by_name)) < len(given)


def _expired(sentence: str) -> Decision:
    return Decision(state="expired", sentence=sentence)


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

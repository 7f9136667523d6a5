"""Ask, hear and seal: a plan counts as approved only when its own digest was answered for."""

from collections.abc import Mapping
from typing import Any

from include.winddown.adapters.stores.approvals import ApprovalStore
from include.winddown.adapters.stores.plans import Plan, PlanStore
from include.winddown.domain.approval import Answer, Question, judge_answer
from include.winddown.domain.errors import NothingToDo, PlanNotApproved
from include.winddown.domain.question import body_of, subject_of
from include.winddown.runtime import doors
from include.winddown.runtime.stations import APPROVED_PLAN, announce
from include.winddown.steps.gather import approved_plans, exit_of, recompute_digest


def ask(plan_id: str) -> dict[str, object]:
    """Word the question for the approver."""
    plan = PlanStore(doors.database()).get(plan_id)
    merchant_exit = exit_of(plan.exit_id)
    language = merchant_exit.policy.language
    return {
        "subject": subject_of(plan.digest, merchant_exit.merchant, language),
        "body": body_of(plan.summary, merchant_exit.currency, plan.summary["sample"], language),
        "minutes": merchant_exit.policy.approval_minutes,
    }


def hear(plan_id: str, answer: Mapping[str, Any]) -> None:
    """Take down who answered what, beside the digest and the subject they saw."""
    plan = PlanStore(doors.database()).get(plan_id)
    merchant_exit = exit_of(plan.exit_id)
    subject = subject_of(plan.digest, merchant_exit.merchant, merchant_exit.policy.language)
    ApprovalStore(doors.database()).record_answer(
        plan_id=plan_id, digest=plan.digest, subject=subject, **answer
    )


def seal(plan_id: str | None) -> str:
    """Check the answer against the stored plan; only then tell the world it is approved."""
    if not plan_id:
        msg = "no plan was put up for approval; the failed task before this one says why"
        raise PlanNotApproved(msg)
    plan = PlanStore(doors.database()).get(plan_id)
    if plan.state == "within":  # an earlier approval covers it, see steps.corridor
        announce(APPROVED_PLAN, plan.exit_id, plan_id=plan_id, digest=plan.digest)
        return plan_id
    approvals = ApprovalStore(doors.database())
    heard = approvals.answer(plan_id)
    answer = (
        Answer(
            option=heard.option,
            digest=heard.digest,
            user_id=heard.user_id,
            user_name=heard.user_name or "somebody",
            answered_at=heard.answered_at,
        )
        if heard
        else None
    )
    decision = judge_answer(_question(plan), answer)
    who = (heard.answer_id, heard.user_id, heard.user_name) if heard else (None, None, None)
    if plan.state != "superseded":  # a newer plan has ended this one already
        approvals.decide(plan_id, plan.digest, decision.state, *who)
    if decision.state == "rejected":
        raise NothingToDo(decision.sentence)
    if decision.state == "expired":
        raise PlanNotApproved(decision.sentence)
    announce(APPROVED_PLAN, plan.exit_id, plan_id=plan_id, digest=plan.digest)
    return plan_id


def _question(plan: Plan) -> Question:
    others = [plan_id for plan_id in approved_plans(plan.exit_id) if plan_id != plan.plan_id]
    return Question(
        digest=plan.digest,
        stored_digest=recompute_digest(plan),
        asked_at=plan.created_at,
        minutes=exit_of(plan.exit_id).policy.approval_minutes,
        superseded=plan.state == "superseded" or others != plan.summary["approved_before"],
    )

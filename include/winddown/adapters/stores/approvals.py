"""Answers and approvals in PostgreSQL; both are only ever added to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import approval, approval_answer, plan
from include.winddown.domain.errors import DecisionIsFinal, PlanChanged, PlanNotApproved


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """
    What somebody answered, as it was taken down.

    Attributes:
        answer_id: grows with time.
        digest: of the plan the question was about.
        ti_id, dag_run_id: the Airflow task instance and run that asked.
        option: what was chosen.
        user_id, user_name: who answered; None when Airflow does not know.
        subject: the headline of the question.
    """

    answer_id: int
    plan_id: str
    digest: str
    ti_id: str
    dag_run_id: str
    option: str
    user_id: str | None
    user_name: str | None
    answered_at: datetime
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """
    The decision on a plan; there is one at most.

    Attributes:
        decision: approved, rejected or expired.
        answer_id: the answer behind it; an approval always has one.
    """

    plan_id: str
    digest: str
    decision: str
    answer_id: int | None
    user_id: str | None
    user_name: str | None
    decided_at: datetime


ANSWER = [approval_answer.c[name] for name in GivenAnswer.__slots__]
APPROVAL = [approval.c[name] for name in Approval.__slots__]


class ApprovalStore:
    """Who answered what, and what was decided."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record_answer(  # noqa: PLR0913  evidence is complete or worth nothing
        self,
        *,
        plan_id: str,
        digest: str,
        subject: str,
        option: str,
        user_id: str | None,
        user_name: str | None,
        answered_at: datetime,
        ti_id: str,
        run_id: str,
    ) -> int:
        """
        Take an answer down; the same one again is found, not added.

        Returns:
            Its answer_id.
        """
        row = {
            "plan_id": plan_id,
            "digest": digest,
            "subject": subject,
            "option": option,
            "user_id": user_id,
            "user_name": user_name,
            "answered_at": answered_at,
            "ti_id": ti_id,
            "dag_run_id": run_id,
        }
        statement = insert(approval_answer).values(row).on_conflict_do_nothing()
        same = (approval_answer.c.ti_id == ti_id) & (approval_answer.c.answered_at == answered_at)
        with self._engine.begin() as connection:
            connection.execute(statement)
            answer_id: int = connection.execute(select(approval_answer.c.answer_id).where(same)).scalar_one()
        return answer_id

    def answer(self, plan_id: str) -> GivenAnswer | None:
        """Find the latest answer to the question about a plan."""
        query = select(*ANSWER).where(approval_answer.c.plan_id == plan_id)
        latest = query.order_by(approval_answer.c.answered_at.desc(), approval_answer.c.answer_id.desc())
        with self._engine.connect() as connection:
            row = connection.execute(latest.limit(1)).mappings().one_or_none()
        return GivenAnswer(**row) if row else None

    def decide(
        self,
        plan_id: str,
        digest: str,
        decision: str,
        answer_id: int | None,
        user_id: str | None,
        user_name: str | None,
    ) -> None:
        """
        Write the decision and the plan's state in one transaction; the same decision again is a no-op.

        Args:
            plan_id: the plan.
            digest: its digest, as it was put up for approval.
            decision: approved, rejected or expired.
            answer_id: the answer behind it; needed for approved.
            user_id: who answered; needed for approved.
            user_name: the same, for people.

        Raises:
            PlanChanged: the stored plan has another digest.
            DecisionIsFinal: it was decided the other way before.
            PlanNotApproved: there is no such plan, or a newer one took its place.
        """
        row = {
            "plan_id": plan_id,
            "digest": digest,
            "decision": decision,
            "answer_id": answer_id,
            "user_id": user_id,
            "user_name": user_name,
        }
        with self._engine.begin() as connection:
            there = _lock_plan(connection, plan_id)
            if there["digest"] != digest:
                msg = f"plan {plan_id} has digest {there['digest'][:12]}, the decision is about {digest[:12]}"
                raise PlanChanged(msg)
            if _is_decided(connection, plan_id, decision):
                return
            if there["state"] != "proposed":
                msg = f"plan {plan_id} is {there['state']}; only a proposed plan can be {decision}"
                raise PlanNotApproved(msg)
            connection.execute(insert(approval).values(row))
            connection.execute(update(plan).where(plan.c.plan_id == plan_id).values(state=decision))

    def of(self, plan_id: str) -> Approval | None:
        """Find the decision on a plan."""
        with self._engine.connect() as connection:
            query = select(*APPROVAL).where(approval.c.plan_id == plan_id)
            row = connection.execute(query).mappings().one_or_none()
        return Approval(**row) if row else None


def _lock_plan(connection: Connection, plan_id: str) -> RowMapping:
    query = select(plan.c.digest, plan.c.state).where(plan.c.plan_id == plan_id).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        msg = f"there is no plan {plan_id!r}; run the DAG plan_wind_down"
        raise PlanNotApproved(msg)
    return row


def _is_decided(connection: Connection, plan_id: str, decision: str) -> bool:
    there: Any = connection.scalar(select(approval.c.decision).where(approval.c.plan_id == plan_id))
    if there is not None and there != decision:
        msg = f"plan {plan_id} was {there} before and cannot be {decision} now; start a new run of plan_wind_down"
        raise DecisionIsFinal(msg)
    return there is not None

"""What was decided on a plan, in PostgreSQL; a decision is never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.answers import GivenAnswer
from include.winddown.adapters.stores.tables import approval, plan
from include.winddown.domain.errors import DecisionIsFinal, PlanChanged, PlanNotApproved


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """
    The decision on a plan; there is one at most.

    Attributes:
        decision: approved, rejected or expired.
        answer_id: the answer behind it; an approval always has one.
        second_answer_id: the second person's, where two were needed.
    """

    plan_id: str
    digest: str
    decision: str
    answer_id: int | None
    user_id: str | None
    user_name: str | None
    second_answer_id: int | None
    second_user_id: str | None
    second_user_name: str | None
    decided_at: datetime


SIGNATURE = ("answer_id", "user_id", "user_name")
APPROVAL = [approval.c[name] for name in Approval.__slots__]


class ApprovalStore:
    """What was decided on plans, and who stands behind it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def decide(
        self,
        plan_id: str,
        digest: str,
        decision: str,
        first: GivenAnswer | None = None,
        second: GivenAnswer | None = None,
    ) -> None:
        """
        Write the decision and the plan's state in one transaction; the same decision again is a no-op.

        Args:
            plan_id: the plan.
            digest: its digest, as it was put up for approval.
            decision: approved, rejected or expired.
            first: the answer behind it; needed for approved.
            second: another person's, where two are needed.

        Raises:
            PlanChanged: the stored plan has another digest.
            DecisionIsFinal: it was decided the other way before.
            PlanNotApproved: there is no such plan, or a newer one took its place.
        """
        row = {
            "plan_id": plan_id,
            "digest": digest,
            "decision": decision,
            **{name: getattr(first, name, None) for name in SIGNATURE},
            **{f"second_{name}": getattr(second, name, None) for name in SIGNATURE},
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

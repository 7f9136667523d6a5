"""A plan approved by somebody, as the approval task does it."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from include.winddown.adapters.stores.answers import AnswerStore, AskedQuestion
from include.winddown.adapters.stores.approvals import ApprovalStore


def approve(engine: Engine, plan_id: str, digest: str) -> None:
    """Ask, hear and seal."""
    answers, ti_id = AnswerStore(engine), f"ti-of-{plan_id}"
    answers.ask(
        AskedQuestion(
            plan_id=plan_id,
            digest=digest,
            task_id="approve",
            ti_id=ti_id,
            dag_run_id=f"run-of-{plan_id}",
            asking_no=0,
            subject="bench",
            asked_of=["bench"],
        )
    )
    answers.hear(ti_id, "Approve", "7", "bench", datetime.now(UTC))
    ApprovalStore(engine).decide(plan_id, digest, "approved", answers.answer(plan_id, "approve"))

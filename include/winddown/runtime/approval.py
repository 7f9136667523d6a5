"""The question that people answer before anything leaves."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context

from include.winddown.runtime.stations import find_step, reporting

APPROVE = "Approve"
REJECT = "Reject"


class PlanApproval(HITLOperator):
    """
    Park the run until a person approves or rejects a plan; skip where nobody has to be asked.

    Text, deadline, digest and people come from winddown's database when the question is asked. The
    answer is written there by this task itself when Airflow hands it over, so that neither a
    task marked success by hand nor an XCom written by somebody else counts as one. There is no
    default answer: silence ends the plan.

    Args:
        plan_id: the plan put up for approval.
    """

    template_fields: Sequence[str] = ("plan_id",)

    def __init__(self, *, plan_id: str, **kwargs: Any) -> None:
        kwargs["execution_timeout"] = None  # waiting for a person is not running
        super().__init__(subject="", body="", options=[APPROVE, REJECT], **kwargs)
        self.plan_id = plan_id

    def execute(self, context: Context) -> Any:
        """Ask; the task waits without holding a worker."""
        task = {
            "task_id": self.task_id,
            "ti_id": str(context["ti"].id),
            "dag_run_id": str(context["run_id"]),
            # Clearing raises it, a retry does not.
            "asking_no": context["ti"].max_tries,
        }
        with reporting(context):
            question = find_step(self.dag_id, "ask")(self.plan_id, task)
        if "answered" in question:
            self.log.info("An earlier try was answered: %s", question["answered"])
            return {"plan_id": self.plan_id, "option": question["answered"]}
        self.subject, self.body = question["subject"], question["body"]
        self.assigned_users = question["assigned_users"]
        self.response_timeout = timedelta(seconds=question["seconds"])
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Take the answer down."""
        answer = super().execute_complete(context, event)
        user = answer["responded_by_user"] or {}
        with reporting(context):
            find_step(self.dag_id, "hear")(
                {
                    "ti_id": str(context["ti"].id),
                    "option": ", ".join(answer["chosen_options"]),
                    "user_id": user.get("id"),
                    "user_name": user.get("name"),
                    "answered_at": answer["responded_at"],
                }
            )
        return {"plan_id": self.plan_id, "option": answer["chosen_options"][0]}

"""A question to a person whose answer is taken down by the task that asked."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context

from include.winddown.runtime.stations import find_step, has_step, reporting

WAIT = timedelta(days=7)


class AskPerson(HITLOperator):
    """
    Park the run until a person has chosen one of some options.

    The words come from the step `ask` (or `ask_<task id>`) of the DAG's module when the question is asked; the answer goes to its
    step `hear` within this very task, so that neither a task marked success by hand nor an XCom
    written by somebody else counts as one. An answer that `hear` refuses is asked for again. There is no
    default answer.

    Args:
        given: what `ask` and `hear` are about; from the task before.
        options: to choose one of.
        wait: how long an answer may take.
        params: what is to be filled in, by name; those of the DAG are left out by Airflow.
    """

    template_fields: Sequence[str] = ("given",)

    def __init__(
        self,
        *,
        given: Any,
        options: list[str],
        params: dict[str, Any] | None = None,
        wait: timedelta = WAIT,
        **kwargs: Any,
    ) -> None:
        kwargs["execution_timeout"] = None  # waiting for a person is not running
        super().__init__(subject="", body="", options=options, params=params, response_timeout=wait, **kwargs)
        self.given = given

    def execute(self, context: Context) -> Any:
        """Ask; the task waits without holding a worker. What an earlier try has heard is not asked again."""
        with reporting(context):
            question = self._step("ask")(self.given)
        if "answered" in question:
            return question["answered"]
        self.subject, self.body = question["subject"], question["body"]
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Take the answer down."""
        answer = super().execute_complete(context, event)
        user = answer["responded_by_user"] or {}
        with reporting(context):
            return self._step("hear")(
                self.given, answer["chosen_options"][0], answer["params_input"] or {}, user.get("name") or ""
            )

    def _step(self, verb: str) -> Callable[..., Any]:
        """Find the step; a DAG with several questions has one pair for each, named after its task."""
        own = f"{verb}_{self.task_id}"
        return find_step(self.dag_id, own if has_step(self.dag_id, own) else verb)

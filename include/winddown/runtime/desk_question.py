"""The question what a warehouse answered that has no API: a form that a person fills in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.providers.standard.exceptions import HITLTimeoutError
from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context, Param
from airflow.sdk.timezone import utcnow

from include.winddown.domain.errors import BadAnswer
from include.winddown.runtime.stations import PART_NAME, find_step, name_of, reporting

ANSWERED, IN_THE_INBOX = "Answered", "In the inbox"
LOOK_EVERY = timedelta(hours=6)
"""So often a waiting question looks whether the answer has come as a file; the form stays open meanwhile."""
TRIES = 100


def _field(title: str, description: str, *, is_long: bool = False) -> Param:
    more: dict[str, Any] = {"format": "multiline"} if is_long else {}
    return Param("", source="task", type="string", title=title, description=description, **more)


def _form() -> dict[str, Param]:
    return {
        "request_no": _field("Request number", "The warehouse's own number; empty when it refuses."),
        "accepted": _field(
            "Accepted pieces", "Empty = all as asked. Else for every line: sku;condition;pieces", is_long=True
        ),
        "refusal": _field(
            "Reason of a refusal", "Only when the warehouse refuses the request.", is_long=True
        ),
        "act_no": _field("Number of the act", "Of the document behind the answer, if there is one."),
        "act_on": _field("Date of the act", "YYYY-MM-DD, or empty."),
        "act_file": _field("File of the act", "Its name, without the folder."),
    }


class DeskQuestion(HITLOperator):
    """
    Park a task until a person says what a warehouse answered, or a file has said it.

    What is typed is checked by our own code and taken down in winddown's database, whatever it
    is: Airflow's API checks nothing of it. A bad answer ends the try with what was
    wrong in its log, and the next one asks again, in the same words: Airflow does not change them. There is no
    default answer; when the time is over the request stays with a person.

    Args:
        part: the shipment.
    """

    template_fields: Sequence[str] = ("part",)

    def __init__(self, *, part: Any, **kwargs: Any) -> None:
        kwargs["execution_timeout"] = None  # waiting for a person is not running
        kwargs |= {"retries": TRIES, "retry_delay": timedelta(seconds=2), "retry_exponential_backoff": False}
        # the DAG's own fields come in with `params` and are none of this form
        kwargs |= {"params": _form(), "options": [ANSWERED, IN_THE_INBOX]}
        super().__init__(subject="", body="", **kwargs)
        self.part = part

    def execute(self, context: Context) -> Any:
        """Ask; the task waits without holding a worker."""
        self._name(context)
        with reporting(context):
            question = self._step("ask")(self.part, str(context["run_id"]))
        self.subject, self.body = question["subject"], question["body"]
        for name in self.params:
            self.params[name] = str(question["typed"].get(name, ""))
        return self._park(context, timedelta(seconds=question["seconds"]))

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Take the answer down; without one, see whether a file has answered, and wait on."""
        self._name(context)
        if event.get("error_type") == "timeout":
            return self._wait_on(context)
        if "error" in event:
            self.process_trigger_event_error(event)
        user = event["responded_by_user"] or {}
        answer = {
            "option": ", ".join(event["chosen_options"]),
            "form": event["params_input"] or dict.fromkeys(self.params, ""),
            "user_id": user.get("id"),
            "user_name": user.get("name"),
            "answered_at": event["responded_at"],
            "ti_id": str(context["ti"].id),
            "run_id": context["run_id"],
        }
        with reporting(context):
            problem = self._step("hear")(self.part, answer)
            if problem:
                raise BadAnswer(problem)
        return {"shipment_no": self.part["shipment_no"], "option": answer["option"]}

    def _wait_on(self, context: Context) -> Any:
        with reporting(context):
            is_over = self._step("look")(self.part)
        if is_over:
            self.log.info("the request no longer waits for a person; the question is over")
            return {"shipment_no": self.part["shipment_no"], "option": ""}
        wait = timedelta(seconds=self._step("ask")(self.part, str(context["run_id"]))["seconds"])
        return self._park(context, wait)

    def _park(self, context: Context, wait: timedelta) -> Any:
        """Wait for a person, and look in between; a run's questions end together."""
        began = context["dag_run"].start_date or utcnow()
        left = began + wait - utcnow()
        if left <= timedelta(0):
            msg = f"nobody answered within {wait.days} days; run create_returns again to be asked anew"
            raise HITLTimeoutError(msg)
        self.response_timeout = min(left, LOOK_EVERY)
        return super().execute(context)

    def _name(self, context: Context) -> None:
        context[PART_NAME] = name_of(self.part)  # type: ignore[literal-required]

    def _step(self, name: str) -> Any:
        return find_step(self.dag_id, name)

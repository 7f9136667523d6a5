"""Following a DAG run to its end."""

import io
from typing import Any

import httpx
import pytest
from rich.console import Console

from include.local.api import AirflowApi, error_text
from include.local.errors import RunFailed
from include.local.progress import Progress
from include.local.runs import Run, belongs_to, working


class FakeApi:
    """A run that goes through the given states, with one failed task."""

    def __init__(self, states: list[str], problem: str | None = None) -> None:
        self.states = states
        self.problem = problem
        self.question = "a1"

    def run(self, _dag_id: str, _run_id: str) -> dict[str, Any]:
        return {"state": self.states.pop(0) if len(self.states) > 1 else self.states[0]}

    def task_instances(self, _dag_id: str, _run_id: str) -> list[dict[str, Any]]:
        waiting = {"id": self.question, "task_id": "approve", "state": "awaiting_input", "end_date": None}
        retried = {"id": "s1", "task_id": "split", "state": "up_for_retry", "end_date": None}
        failed = {"id": "g1", "task_id": "gate", "state": "failed", "end_date": "2026-01-01"}
        return [waiting, retried, failed]

    def xcom(self, _task: object, _key: str) -> str | None:
        return self.problem

    def last_error(self, _task: object) -> str:
        return "ValueError: from the log"

    def link(self, *parts: str) -> str:
        return "/".join(parts)


def follow(api: FakeApi) -> Run:
    return Run(api, "plan", "r1", check=lambda: None)  # type: ignore[arg-type]


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def progress(screen: io.StringIO) -> Progress:
    return Progress(Console(file=screen))


def test_question_is_asked_once(progress: Progress) -> None:
    """However long a person takes, a question is told once."""
    asked: list[Run] = []
    api = FakeApi(["running", "running", "running", "success"])
    assert follow(api).follow(progress, asked.append) == "success"
    assert len(asked) == 1


def test_retried_question_is_asked_again(progress: Progress) -> None:
    """A task that is tried again asks a new question, which needs a new answer."""
    api = FakeApi(["running", "running", "success"])
    asked: list[str] = []

    def answer(_run: Run) -> None:
        asked.append(api.question)
        api.question = "a2"

    follow(api).follow(progress, answer)
    assert asked == ["a1", "a2"]


def test_retry_says_why(progress: Progress, screen: io.StringIO) -> None:
    """A task that is tried again says why, once."""
    follow(FakeApi(["running", "running", "success"])).follow(progress)
    assert screen.getvalue().count("split is tried again: ValueError: from the log") == 1


def test_failure_speaks_in_the_tasks_own_words() -> None:
    """A failed run names the task, its problem and the link."""
    with pytest.raises(RunFailed, match="plan, task gate: GateBlocked: 2 orders\n  plan/r1/gate"):
        follow(FakeApi(["failed"], "GateBlocked: 2 orders")).must_succeed("failed")


def test_failure_without_a_problem_quotes_the_log() -> None:
    """A task that named no problem is quoted from its log."""
    with pytest.raises(RunFailed, match="from the log"):
        follow(FakeApi(["failed"])).must_succeed("failed")


def test_refused_form_says_which_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that the form does not take is named in one line, without Airflow's schema below it."""
    detail = (
        "Invalid input for param currency: 'UAH' is not one of ['RUB']\n\nFailed validating 'enum' in schema"
    )
    reply = httpx.Response(400, json={"detail": detail})
    monkeypatch.setattr(AirflowApi, "request", lambda *_, **__: reply)
    with pytest.raises(RunFailed) as refused:
        AirflowApi("http://127.0.0.1", "operator", "x").trigger("open_exit", {"currency": "UAH"})
    assert str(refused.value).splitlines() == [
        "open_exit does not take the form: Invalid input for param currency: 'UAH' is not one of ['RUB']"
    ]


def test_error_line_tells_the_exception() -> None:
    """The exception behind an error line says more than the line."""
    detail = [{"exc_type": "KeyError", "exc_value": "'x'"}]
    assert error_text({"event": "Task failed with exception", "error_detail": detail}) == "KeyError: 'x'"
    assert error_text({"event": "plain"}) == "plain"


def test_working_names_each_task_once() -> None:
    """Mapped tasks are named once."""
    tasks = [{"task_id": "split", "state": "running"}, {"task_id": "split", "state": "queued"}]
    assert working(tasks) == ["split"]


@pytest.mark.parametrize(
    ("run", "ours"),
    [
        ({"partition_key": "demo", "conf": {}}, True),
        ({"partition_key": None, "conf": {"exit_id": "demo"}}, True),
        ({"partition_key": "other", "conf": None}, False),
    ],
)
def test_run_belongs_to_its_exit(run: dict[str, Any], ours: bool) -> None:  # noqa: FBT001
    """A run belongs to the exit of its partition key or of its form."""
    assert belongs_to(run, "demo") is ours

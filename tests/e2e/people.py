"""What operator, approver and engineer do in the end-to-end tests, through Airflow's public API."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text

from include.local.api import FINISHED
from include.local.progress import Progress
from include.local.runs import Run, belongs_to
from include.local.stack import Stack
from include.local.subject import POLICY, demo_subject
from include.winddown.adapters.stores.database import engine_of

PATIENCE_S = 600.0
"""How long a plan may take until it asks, on a machine that is busy with other things."""
PARKED_S = 2.5
"""Airflow 3.3.2 loses an answer that comes before the scheduler has seen the task park."""


class Office:
    """The people of one exit on the running system."""

    def __init__(
        self, stack: Stack, exit_id: str, policy: Mapping[str, object] | None = None, **form: object
    ) -> None:
        self.stack = stack
        self.exit_id = exit_id
        self._form = form
        self._policy = policy or {}
        self._seen: set[str] = set()

    def open(self) -> Run:
        """Open the exit."""
        from datetime import UTC, datetime

        form = dict(demo_subject(datetime.now(UTC).date()).form)
        policy = dict(POLICY) | dict(self._policy)
        return self.ended("open_exit", form | {"exit_id": self.exit_id, "policy": policy} | self._form)

    def ended(self, dag_id: str, conf: dict[str, Any], user: str = "operator") -> Run:
        """Trigger a DAG and wait for its end."""
        api = self.stack.api(user)
        run = Run(api, dag_id, api.trigger(dag_id, conf), self.stack.crew.check)
        end(run)
        return run

    def snapshot(self, *, by: str = "operator", **conf: object) -> Run:
        """Take a snapshot."""
        self._seen |= {run["dag_run_id"] for run in self._runs("plan_wind_down")}
        return self.ended("take_snapshot", {"exit_id": self.exit_id, **conf}, by)

    def plan(self) -> Run:
        """Wait for the plan that the last snapshot started."""
        api = self.stack.api("operator")
        self.stack.wait_for("the plan", lambda: bool(self._fresh()))
        return Run(api, "plan_wind_down", self._fresh()[0], self.stack.crew.check)

    def question(self, run: Run, task_id: str = "approve") -> dict[str, Any]:
        """Wait until a task of the run asks for approval, and until Airflow can take an answer."""
        api = self.stack.api("approver")
        self.stack.wait_for("the question", lambda: is_asking(run, task_id), PATIENCE_S)
        time.sleep(PARKED_S)
        question = api.open_question(run.dag_id, run.run_id)
        assert question is not None
        return question

    def insist(
        self, run: Run, is_done: Callable[[], bool], option: str, task_id: str = "decide", **fields: str
    ) -> None:
        """Have the approver answer whenever a task of the run asks, until what follows from the answer is there."""

        def answered() -> bool:
            if not is_done() and run.api.open_question(run.dag_id, run.run_id):
                question = self.question(run, task_id)
                self.stack.api("approver").answer(question, option, **fields)
            return is_done()

        self.stack.wait_for(f"{option!r} to be taken down", answered, PATIENCE_S)

    def say(self, run: Run, option: str, *, by: str = "approver", task_id: str = "approve") -> None:
        """Have an approver answer, again where Airflow lost it, until the answer is taken down."""
        self.stack.api(by).answer(self.question(run, task_id), option).raise_for_status()

        def is_heard() -> bool:
            asked = run.api.open_question(run.dag_id, run.run_id)
            if asked and asked["task_instance"]["task_id"] == task_id and not self._answers(run, task_id):
                self.stack.api(by).answer(self.question(run, task_id), option)
            return bool(self._answers(run, task_id))

        self.stack.wait_for("the answer to be taken down", is_heard, PATIENCE_S)

    def answer(self, run: Run, option: str, *, by: str = "approver") -> Run:
        """Have an approver answer, and wait for the end of the run."""
        self.say(run, option, by=by)
        end(run)
        return run

    def clear(self, run: Run, task_id: str) -> None:
        """Have the engineer clear a task of a run and all that comes after it."""
        body = {
            "dry_run": False,
            "only_failed": False,
            "reset_dag_runs": True,
            "include_downstream": True,
            "dag_run_id": run.run_id,
            "task_ids": [task_id],
        }
        engineer = self.stack.api("engineer")
        engineer.request("POST", f"/dags/{run.dag_id}/clearTaskInstances", json=body).raise_for_status()

    def run_ids(self, dag_id: str) -> list[str]:
        """The runs of a DAG for this exit, newest first."""
        return [run["dag_run_id"] for run in self._runs(dag_id)]

    def has_runs(self, dag_id: str) -> bool:
        """Tell whether a DAG ever ran for this exit."""
        return bool(self._runs(dag_id))

    def rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Ask winddown's database about this exit (:exit_id is bound)."""
        with database(self.stack) as engine, engine.begin() as connection:
            result = connection.execute(text(sql), {"exit_id": self.exit_id, **values})
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    def plan_states(self) -> list[str]:
        """The states of the exit's plans, oldest first."""
        sql = "select state from plan where exit_id = :exit_id order by created_at"
        return [row["state"] for row in self.rows(sql)]

    def _answers(self, run: Run, task_id: str) -> list[dict[str, Any]]:
        sql = (
            "select 1 from approval_answer join approval_question using (ti_id)"
            " where approval_question.dag_run_id = :run_id and task_id = :task_id"
        )
        return self.rows(sql, run_id=run.run_id, task_id=task_id)

    def _runs(self, dag_id: str) -> list[dict[str, Any]]:
        return [run for run in self.stack.api("operator").runs(dag_id) if belongs_to(run, self.exit_id)]

    def _fresh(self) -> list[str]:
        return [r["dag_run_id"] for r in self._runs("plan_wind_down") if r["dag_run_id"] not in self._seen]


@contextmanager
def database(stack: Stack) -> Iterator[Engine]:
    """Winddown's own database."""
    engine = engine_of(stack.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def is_asking(run: Run, task_id: str) -> bool:
    """Whether a task waits for a person; fails when the run has ended without asking."""
    assert run.state() not in FINISHED, run.problem()
    question = run.api.open_question(run.dag_id, run.run_id)
    return question is not None and question["task_instance"]["task_id"] == task_id


def note(run: Run) -> str:
    """What stands on the run itself."""
    return str(run.api.run(run.dag_id, run.run_id)["note"] or "")


def end(run: Run) -> str:
    """Wait for the end of a run; gives its state."""
    return run.follow(Progress())

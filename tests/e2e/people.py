"""What operator, approver and engineer do in the end-to-end tests, through Airflow's public API."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text

from include.local.progress import Progress
from include.local.runs import Run, belongs_to
from include.local.stack import Stack
from include.local.subject import POLICY, demo_subject
from include.winddown.adapters.stores.database import engine_of

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

    def snapshot(self, **conf: object) -> Run:
        """Take a snapshot."""
        self._seen |= {run["dag_run_id"] for run in self._runs("plan_wind_down")}
        return self.ended("take_snapshot", {"exit_id": self.exit_id, **conf})

    def plan(self) -> Run:
        """Wait for the plan that the last snapshot started."""
        api = self.stack.api("operator")
        self.stack.wait_for("the plan", lambda: bool(self._fresh()))
        return Run(api, "plan_wind_down", self._fresh()[0], self.stack.crew.check)

    def question(self, run: Run) -> dict[str, Any]:
        """Wait until the run asks for approval, and until Airflow can take an answer."""
        api = self.stack.api("approver")
        self.stack.wait_for("the question", lambda: api.open_question(run.dag_id, run.run_id) is not None)
        time.sleep(PARKED_S)
        question = api.open_question(run.dag_id, run.run_id)
        assert question is not None
        return question

    def next_question(self, run: Run, before: Mapping[str, Any]) -> dict[str, Any]:
        """Wait until the run asks anew, after an answer it could not act upon."""
        api = self.stack.api("approver")

        def is_new() -> bool:
            question = api.open_question(run.dag_id, run.run_id)
            return question is not None and question["created_at"] != before["created_at"]

        self.stack.wait_for("the question to come again", is_new)
        return self.question(run)

    def answer(self, run: Run, option: str) -> Run:
        """Have the approver answer, and wait for the end of the run."""
        self.stack.api("approver").answer(self.question(run), option).raise_for_status()
        end(run)
        return run

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


def note(run: Run) -> str:
    """What stands on the run itself."""
    return str(run.api.run(run.dag_id, run.run_id)["note"] or "")


def end(run: Run) -> str:
    """Wait for the end of a run; gives its state."""
    return run.follow(Progress())

"""Follow DAG runs until they end, and say in their own words why they failed."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from include.local.api import FINISHED, AirflowApi
from include.local.errors import RunFailed
from include.local.progress import Progress

PROBLEM = "problem"
"""XCom key under which a failed task says in one sentence what went wrong."""

POLL_S = 0.4


class Run:
    """
    One DAG run.

    Args:
        api: as whom it is watched.
        dag_id, run_id: which.
        check: raises when a process of the system is gone.
    """

    def __init__(self, api: AirflowApi, dag_id: str, run_id: str, check: Callable[[], None]) -> None:
        self.api = api
        self.dag_id = dag_id
        self.run_id = run_id
        self._check = check

    @property
    def link(self) -> str:
        """The run in the UI."""
        return self.api.link(self.dag_id, self.run_id)

    def follow(self, progress: Progress, on_question: Callable[["Run"], None] | None = None) -> str:
        """
        Wait for the end; gives the final state.

        Args:
            progress: hears which tasks are at work, and why one is tried again.
            on_question: is called for every question to a person; a retried task asks again.
        """
        told: set[str] = set()
        while (state := self.state()) not in FINISHED:
            tasks = self.tasks()
            progress.now(f"{self.dag_id}: {', '.join(working(tasks)) or state}")
            for task in tasks:
                note = f"{task['id']} {task['state']}"
                if note not in told and task["state"] in ("awaiting_input", "up_for_retry"):
                    told.add(note)
                    self._tell(task, progress, on_question)
            self._check()
            time.sleep(POLL_S)
        return state

    def _tell(
        self, task: Mapping[str, Any], progress: Progress, on_question: Callable[["Run"], None] | None
    ) -> None:
        if task["state"] == "up_for_retry":
            progress.say(f"  {task['task_id']} is tried again: {self.api.last_error(task)}", style="yellow")
        elif on_question:
            on_question(self)

    def state(self) -> str:
        """The state now."""
        return str(self.api.run(self.dag_id, self.run_id)["state"])

    def tasks(self) -> list[dict[str, Any]]:
        """The task instances now."""
        return self.api.task_instances(self.dag_id, self.run_id)

    def succeeded(self, task_id: str) -> bool:
        """Tell whether a task did its work; a skipped one did not."""
        return any(task["task_id"] == task_id and task["state"] == "success" for task in self.tasks())

    def problem(self) -> tuple[str, str]:
        """Name the first failed task and what it says; empty texts when none failed."""
        failed = [task for task in self.tasks() if task["state"] == "failed"]
        if not failed:
            return "", ""
        first = min(failed, key=lambda task: task["end_date"] or "")
        words = self.api.xcom(first, PROBLEM) or self.api.last_error(first)
        return str(first["task_id"]), str(words)

    def must_succeed(self, state: str) -> None:
        """
        Stop when the run failed.

        Raises:
            RunFailed: with the failed task's own words and the link to it.
        """
        if state != "success":
            task_id, words = self.problem()
            link = self.api.link(self.dag_id, self.run_id, task_id)
            msg = f"{self.dag_id}, task {task_id or '?'}: {words or 'no task failed'}\n  {link}"
            raise RunFailed(msg)


def working(tasks: list[dict[str, Any]]) -> list[str]:
    """Name the tasks at work, each once."""
    states = ("running", "queued", "scheduled", "up_for_retry", "awaiting_input")
    return sorted({task["task_id"] for task in tasks if task["state"] in states})


def belongs_to(run: Mapping[str, Any], exit_id: str) -> bool:
    """Tell whether a run works on this exit: by its partition key, or by the form it was started with."""
    return exit_id in (run.get("partition_key"), (run.get("conf") or {}).get("exit_id"))

"""`python -m tests.faults.real_airflow`: create_returns in real Airflow; tasks and schedulers killed, runs doubled, cleared."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import psutil

from include.local import stack as local
from include.local.api import FINISHED
from include.local.environment import airflow_environment
from include.local.guard import processes_of
from include.local.stack import COMPONENTS, Stack, Wish
from include.winddown.adapters.stores.database import engine_of
from tests.faults.real_round import found_exit, judge

DAG = "create_returns"
QUICK = {
    # a killed task and a killed scheduler are noticed within a minute instead of five
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
}
PATIENCE_S = 900.0
KINDS = {"kill task": 10, "kill scheduler": 10, "double trigger": 5, "clear": 3, "mark success": 2}
TROUBLES = ("hang", "drop_reply_after_acting", "error_502_after", "error_503_before", "garbled_200")


class Patient(Stack):
    """A system that may take its time to start: other work goes on beside."""

    def wait_for(self, what: str, is_there: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Wait longer than a person would."""
        super().wait_for(what, is_there, patience_s)


class Runs:
    """Exits in one running system, each of which something happens to."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self.folder = folder
        self.engine = engine_of(stack.database_url)
        self.api = stack.api("engineer")
        self.done: Counter[str] = Counter()
        self.number = 0

    def all(self, kinds: dict[str, int]) -> None:
        """Let each kind of thing happen so many times, each at an exit of its own."""
        for kind, times in kinds.items():
            for _ in range(times):
                self.number += 1
                found_exit(self.engine, self.number, self.folder, desk_conn="exports_desk")
                self._happen(kind, f"round-{self.number}")
                print(f"{self.number}: {kind} ({self.done[kind]} so far)", flush=True)

    def finish(self) -> list[str]:
        """Calm the desk and run create_returns until every exit's run succeeds; gives what is wrong then."""
        mirror = self.stack.mirror
        assert mirror is not None
        mirror.faults(calm=True)
        left = [f"round-{number}" for number in range(1, self.number + 1)]
        give_up_at = time.monotonic() + PATIENCE_S
        while left and time.monotonic() < give_up_at:
            runs = {exit_id: self._trigger(exit_id) for exit_id in left}
            left = [exit_id for exit_id, run_id in runs.items() if self._end(run_id) != "success"]
        there = self._standing()
        wrongs = [
            wrong for number in range(1, self.number + 1) for wrong in judge(self.engine, number, there)
        ]
        self.engine.dispose()
        return wrongs

    def _happen(self, kind: str, exit_id: str) -> None:
        assert self.stack.mirror is not None
        trouble = TROUBLES[self.number % len(TROUBLES)]
        self.stack.mirror.faults(create={"hang": 1, **({} if trouble == "hang" else {trouble: 1})})
        run_id = self._trigger(exit_id)
        if kind == "double trigger":
            self._trigger(exit_id)
        elif kind == "kill task":
            self._kill_task(self._working(run_id))
        elif kind == "kill scheduler":
            self._working(run_id)
            self._kill_scheduler()
        else:
            task = self._working(run_id)
            self._change(run_id, task, kind)
        self.done[kind] += 1

    def _working(self, run_id: str) -> dict[str, Any]:
        """Wait until a task that makes requests is at work."""
        found: list[dict[str, Any]] = []

        def is_there() -> bool:
            found[:] = [
                task
                for task in self.api.task_instances(DAG, run_id)
                if task["task_id"] == "request" and task["state"] == "running"
            ]
            return bool(found) or self.api.run(DAG, run_id)["state"] in FINISHED

        self._wait("a task at work", is_there)
        return found[0] if found else {}

    def _kill_task(self, task: dict[str, Any]) -> None:
        """Kill the process that runs a task, not its supervisor."""
        name = str(task.get("id", "-"))
        for process in processes_of(self.stack.crew.token):
            try:
                title = " ".join(process.cmdline())
                if name in title and "LocalExecutor" not in title:
                    process.kill()
                    self.done["tasks killed"] += 1
            except psutil.NoSuchProcess:
                continue

    def _kill_scheduler(self) -> None:
        """Kill the scheduler as power loss would, and start the next one at once."""
        crew = self.stack.crew
        old = crew._members["scheduler"]
        old.kill()
        old.wait()
        command = (sys.executable, "-m", *COMPONENTS["scheduler"])
        crew.start("scheduler", command, {**airflow_environment(self.stack.settings), **QUICK})
        self._wait("the scheduler to be back", self.api.is_healthy)
        self.done["schedulers killed"] += 1

    def _change(self, run_id: str, task: dict[str, Any], kind: str) -> None:
        if not task:
            return
        if kind == "clear":
            body = {
                "dry_run": False,
                "dag_run_id": run_id,
                "task_ids": [["request", task["map_index"]]],
                "only_failed": False,
                "only_running": False,
            }
            self._sure("POST", f"/dags/{DAG}/clearTaskInstances", body)
        else:
            path = f"/dags/{DAG}/dagRuns/{run_id}/taskInstances/request/{task['map_index']}"
            self._sure("PATCH", path, {"new_state": "success"})

    def _sure(self, method: str, path: str, body: dict[str, Any]) -> None:
        self.api.request(method, path, json=body).raise_for_status()

    def _trigger(self, exit_id: str) -> str:
        return self.api.trigger(DAG, {"exit_id": exit_id})

    def _end(self, run_id: str) -> str:
        state = [""]

        def is_over() -> bool:
            state[0] = str(self.api.run(DAG, run_id)["state"])
            return state[0] in FINISHED

        self._wait(f"the end of {run_id}", is_over)
        return state[0]

    def _wait(self, what: str, is_so: Callable[[], bool]) -> None:
        self.stack.wait_for(what, is_so, PATIENCE_S)

    def _standing(self) -> list[dict[str, Any]]:
        sandbox = self.stack.settings.mirror
        assert sandbox is not None
        rows: list[dict[str, Any]] = []
        cursor = ""
        headers = {"Authorization": f"Bearer {sandbox.partner_token}"}
        with httpx.Client(base_url=sandbox.address, headers=headers, timeout=30, trust_env=False) as http:
            while True:
                asked = {"limit": 200, "cursor": cursor}
                page = http.get("/partner/v1/return-requests", params=asked).json()
                rows += page["items"]
                cursor = page["next_cursor"]
                if not cursor:
                    return rows


def main(words: Sequence[str] | None = None) -> int:
    """Run all of it; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[*KINDS], help="one kind only")
    parser.add_argument("--times", type=int, help="so often instead")
    given = parser.parse_args(words)
    kinds = {
        kind: given.times if given.times is not None else times
        for kind, times in KINDS.items()
        if given.only in (None, kind)
    }
    began = time.monotonic()
    local.airflow_environment = lambda settings: {**airflow_environment(settings), **QUICK}
    with tempfile.TemporaryDirectory(prefix="winddown-airflow-") as name:
        folder = Path(name)
        (folder / "exports").mkdir()
        with Patient(Wish(var=folder / "var", port=0, input_folder=folder / "exports")) as stack:
            stack.wait_for_dags([DAG])
            runs = Runs(stack, folder / "store")
            runs.all(kinds)
            wrongs = runs.finish()
    found = Counter(wrong.split(": ")[1] for wrong in wrongs)
    print(f"{runs.number} exits, {4 * runs.number} effects: {dict(runs.done)}")
    print(
        " / ".join(f"{found[kind]} {kind}" for kind in ("duplicate", "lost", "stuck", "books", "escalated"))
    )
    print(*wrongs[:20], sep="\n")
    print(f"{time.monotonic() - began:.0f} s by the clock")
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())

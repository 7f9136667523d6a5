"""Airflow's public REST API, as one user."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from include.local.errors import RunFailed

FINISHED = ("success", "failed")


class AirflowApi:
    """
    A user at work; every right is the one of the user's role.

    Args:
        base_url: of the api-server.
        user, password: exchanged for a token on the first call, and again when it has expired.
    """

    def __init__(self, base_url: str, user: str, password: str) -> None:
        self.base_url = base_url
        self.user = user
        self._password = password
        self._http = httpx.Client(base_url=base_url, timeout=60, trust_env=False)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def request(self, method: str, path: str, *, root: str = "/api/v2", **options: Any) -> httpx.Response:
        """Send one request below /api/v2, or below /ui, which only the UI may rely on; the caller judges the status."""
        if "Authorization" not in self._http.headers:
            self._log_in()
        response = self._http.request(method, f"{root}{path}", **options)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._log_in()
            response = self._http.request(method, f"{root}{path}", **options)
        return response

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """Read an object; raises httpx.HTTPStatusError."""
        return self._body(self.request("GET", path, params=params))

    def is_healthy(self) -> bool:
        """Tell whether all four components have reported in; needs no login."""
        try:
            health = self._http.get("/api/v2/monitor/health").json()
        except (httpx.TransportError, ValueError):
            return False
        parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
        return all((health.get(part) or {}).get("status") == "healthy" for part in parts)

    def dag_ids(self) -> set[str]:
        """List the DAGs that can be triggered."""
        return {dag["dag_id"] for dag in self.get("/dags", limit=100)["dags"]}

    def import_errors(self) -> list[str]:
        """List DAG files that do not load, each with the last line of its trace."""
        errors = self.get("/importErrors", limit=100)["import_errors"]
        return [f"{e['filename']}: {e['stack_trace'].strip().splitlines()[-1]}" for e in errors]

    def trigger(self, dag_id: str, conf: Mapping[str, Any]) -> str:
        """
        Start a run; gives its id.

        Raises:
            RunFailed: the form holds a value that the DAG does not take; says which.
        """
        body = {"logical_date": None, "conf": dict(conf)}
        response = self.request("POST", f"/dags/{dag_id}/dagRuns", json=body)
        if response.status_code == httpx.codes.BAD_REQUEST:
            reason = str(response.json().get("detail")).partition("\n")[0]
            msg = f"{dag_id} does not take the form: {reason}"
            raise RunFailed(msg)
        return str(self._body(response)["dag_run_id"])

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """Read a run."""
        return self.get(f"/dags/{dag_id}/dagRuns/{quote(run_id)}")

    def runs(self, dag_id: str, limit: int = 20) -> list[dict[str, Any]]:
        """Read the newest runs of a DAG, newest first."""
        runs: list[dict[str, Any]] = self.get(f"/dags/{dag_id}/dagRuns", order_by="-id", limit=limit)[
            "dag_runs"
        ]
        return runs

    def task_instances(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Read the tasks of a run."""
        path = f"/dags/{dag_id}/dagRuns/{quote(run_id)}/taskInstances"
        tasks: list[dict[str, Any]] = self.get(path, limit=100)["task_instances"]
        return tasks

    def xcom(self, task: Mapping[str, Any], key: str) -> Any:
        """Read what a task has pushed under a key; None when there is nothing."""
        path = f"{_task_path(task)}/xcomEntries/{key}"
        response = self.request("GET", path, params={"map_index": task["map_index"]})
        return response.json()["value"] if response.is_success else None

    def last_error(self, task: Mapping[str, Any]) -> str:
        """Read the last error line of a task's log."""
        path = f"{_task_path(task)}/logs/{max(task['try_number'], 1)}"
        log = self.get(path, map_index=task["map_index"], full_content=True)["content"]
        lines = [entry for entry in log if isinstance(entry, dict) and entry.get("level") == "error"]
        return error_text(lines[-1]) if lines else "no error line in the task log"

    def open_questions(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Read the required actions that a run waits for."""
        path = f"/dags/{dag_id}/dagRuns/{quote(run_id)}/hitlDetails"
        details = self.get(path, response_received=False, state="awaiting_input", limit=100)["hitl_details"]
        questions: list[dict[str, Any]] = details
        return questions

    def open_question(self, dag_id: str, run_id: str) -> dict[str, Any] | None:
        """Read the first required action that a run waits for."""
        return next(iter(self.open_questions(dag_id, run_id)), None)

    def answer(self, question: Mapping[str, Any], option: str, **fields: str) -> httpx.Response:
        """Answer a required action, with what is filled in beside the choice; the caller judges the status."""
        task = question["task_instance"]
        path = f"{_task_path(task)}/{task['map_index']}/hitlDetails"
        return self.request("PATCH", path, json={"chosen_options": [option], "params_input": fields})

    def link(self, dag_id: str, run_id: str, task_id: str = "", tab: str = "") -> str:
        """Write the address of a run or a task in the UI."""
        parts = ["dags", dag_id, "runs", run_id, *(["tasks", task_id] if task_id else []), tab]
        return "/".join([self.base_url, *(quote(part) for part in parts if part)])

    def _log_in(self) -> None:
        body = {"username": self.user, "password": self._password}
        for wait_s in (1.0, 5.0, 40.0):
            response = self._http.post("/auth/token", json=body)
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(wait_s)  # FAB lets five logins through in 40 seconds
        self._http.headers["Authorization"] = f"Bearer {self._body(response)['access_token']}"

    @staticmethod
    def _body(response: httpx.Response) -> dict[str, Any]:
        response.raise_for_status()
        body: dict[str, Any] = response.json()
        return body


def error_text(entry: Mapping[str, Any]) -> str:
    """Word an error line of a task log: the exception behind it says more than the line."""
    causes = entry.get("error_detail") or [{}]
    if "exc_type" in causes[0]:
        return f"{causes[0]['exc_type']}: {causes[0]['exc_value']}"
    return str(entry["event"])


def _task_path(task: Mapping[str, Any]) -> str:
    return f"/dags/{task['dag_id']}/dagRuns/{quote(task['dag_run_id'])}/taskInstances/{task['task_id']}"

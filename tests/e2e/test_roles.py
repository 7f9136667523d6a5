"""Who may do what, asked of the real API: 403 is no, anything else got past the check."""

import httpx
import pytest

from include.local.settings import USERS
from include.local.stack import Stack

NO = 403
RUN = "/dags/plan_wind_down/dagRuns/nothing-like-it"
TASK = f"{RUN}/taskInstances/approve"

ALLOWED = {
    ("GET", "/dags/plan_wind_down/dagRuns"): set(USERS),
    ("GET", f"{TASK}/-1/hitlDetails"): set(USERS),
    ("POST", "/dags/open_exit/dagRuns"): {"operator", "engineer"},
    ("POST", "/dags/plan_wind_down/dagRuns"): {"operator", "engineer"},
    ("PATCH", f"{TASK}/-1/hitlDetails"): {"approver", "approver2"},
    ("PATCH", TASK): {"engineer"},
    ("PATCH", RUN): {"engineer"},
    ("DELETE", RUN): {"engineer"},
    ("POST", "/dags/plan_wind_down/clearTaskInstances"): {"engineer"},
    ("POST", f"{TASK}/xcomEntries"): {"engineer"},
    ("POST", "/assets/events"): {"engineer"},
    ("GET", "/connections"): {"engineer"},
    ("GET", "/variables"): {"engineer"},
    ("DELETE", "/dags/plan_wind_down"): set(),
}

BODIES = {
    "/dags/open_exit/dagRuns": {"logical_date": None, "conf": {"exit_id": "Not An Id"}},
    "/dags/plan_wind_down/dagRuns": {"logical_date": None, "conf": {"exit_id": 17}},
    "/dags/plan_wind_down/clearTaskInstances": {"dry_run": True, "task_ids": ["nothing-like-it"]},
    "/assets/events": {"asset_id": 999_999, "extra": {}},
    f"{TASK}/-1/hitlDetails": {"chosen_options": ["Approve"], "params_input": {}},
    f"{TASK}/xcomEntries": {"key": "k", "value": "v", "map_index": -1},
    TASK: {"new_state": "success"},
    RUN: {"state": "success"},
}


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(("method", "path"), [key for key in ALLOWED if ALLOWED[key]])
def test_right(stack: Stack, user: str, method: str, path: str) -> None:
    """Each role may do exactly what is listed; none of these requests changes anything."""
    body = BODIES.get(path) if method in {"POST", "PATCH"} else None
    status = stack.api(user).request(method, path, json=body).status_code
    assert (status != NO) is (user in ALLOWED[method, path]), status
    assert status < 500


@pytest.mark.parametrize("user", ["viewer", "operator", "approver"])
def test_nobody_deletes_a_dag(stack: Stack, user: str) -> None:
    """Only an engineer could; the history of an exit is not the operator's to remove."""
    assert stack.api(user).request("DELETE", "/dags/plan_wind_down").status_code == NO


def test_stranger_is_turned_away(stack: Stack) -> None:
    """Without a login nothing can be read."""
    assert httpx.get(f"{stack.settings.base_url}/api/v2/dags", trust_env=False).status_code == 401


def test_wrong_password_is_turned_away(stack: Stack) -> None:
    """A wrong password gives no token."""
    body = {"username": "operator", "password": "guess"}
    reply = httpx.post(f"{stack.settings.base_url}/auth/token", json=body, trust_env=False)
    assert reply.status_code == 401

"""What counts as an approval in real Airflow, whatever people and Airflow do around the question."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from include.local.api import FINISHED
from include.local.environment import airflow_environment, clean_environment, database_url
from include.local.runs import Run
from include.winddown.adapters.stores.database import engine_of
from tests.e2e.file_exports import DAYS, put_up
from tests.e2e.people import PATIENCE_S, Office, end, note

NO = 403
ASLEEP_S = 20.0
"""Longer, and an answered task was never woken."""


@pytest.mark.fault("F4", "S4")
@pytest.mark.fault("F7", "S4")
def test_nobody_answers_in_time(stack):
    """Silence ends the plan: nothing is created and the run says why."""
    office, run = put_up(stack, "silent", policy={"approval_minutes": 1})
    assert end(run) == "failed"
    assert office.plan_states() == ["expired"]
    assert "nobody answered" in run.api.run(run.dag_id, run.run_id)["note"]
    assert not office.has_runs("create_returns")


@pytest.mark.fault("F6", "S4")
def test_a_task_marked_success_by_hand_is_no_approval(stack):
    """Even an engineer cannot approve around the question."""
    office, run = put_up(stack, "by-hand")
    office.question(run)
    mark_success(stack, run, "approve")
    assert end(run) == "failed"
    assert run.problem()[0] == "seal"
    assert "marking the task success by hand is no approval" in run.problem()[1]
    assert office.plan_states() == ["expired"]
    assert not office.has_runs("create_returns")


def test_two_people_approve_above_the_limit(stack):
    """The first approver cannot be the second, too; both stand behind the approval."""
    office, run = put_up(stack, "two", policy={"approval_second_above_minor": 1})
    first = office.question(run)
    assert "two people must approve" in first["body"]
    office.say(run, "Approve")
    second = office.question(run, "approve_second")
    assert second["subject"].startswith(first["subject"].split("]")[0])
    assert [user["name"] for user in second["assigned_users"]] == ["approver2"]
    assert stack.api("approver").answer(second, "Approve").status_code == NO
    assert not office.has_runs("create_returns")
    office.say(run, "Approve", by="approver2", task_id="approve_second")
    assert end(run) == "success"
    assert signatures(office) == [("approved", "approver", "approver2")]
    stack.wait_for("the return requests", lambda: office.has_runs("create_returns"))


@pytest.mark.fault("F6", "S4")
def test_only_the_approvers_of_the_exit_answer_and_clearing_asks_them_again(stack):
    """A user with the same role is refused; asked again, the plan can be approved, and once it is, it stays so."""
    office, run = put_up(stack, "named", approvers=["approver"])
    question = office.question(run)
    assert stack.api("approver2").answer(question, "Approve").status_code == NO
    office.clear(run, "approve")
    again = office.question(run)
    assert again["subject"] == question["subject"]
    assert stack.api("approver2").answer(again, "Approve").status_code == NO
    office.answer(run, "Approve")
    assert run.succeeded("seal")
    assert signatures(office) == [("approved", "approver", None)]
    asked = office.rows(
        "select distinct asked_of, asking_no from approval_question join plan using (plan_id)"
        " where exit_id = :exit_id order by asking_no"
    )
    assert [row["asked_of"] for row in asked] == [["approver"]] * 2
    stack.wait_for("the return requests", lambda: office.has_runs("reconcile_returns"))
    requests = stack.mirror.state()["return_requests"]

    office.clear(run, "approve")
    end(run)
    assert "is approved already and is not asked about again" in run.problem()[1]
    assert signatures(office) == [("approved", "approver", None)]
    assert stack.mirror.state()["return_requests"] == requests


def test_nobody_approves_a_plan_of_their_own(stack):
    """Airflow does not let the author answer; if it did, seal would not count it."""
    with also_operator(stack, "approver2"):
        office, run = put_up(stack, "own", by="approver2")
        question = office.question(run)
        assert [user["name"] for user in question["assigned_users"]] == ["approver"]
        assert stack.api("approver2").answer(question, "Approve").status_code == NO
        let_anybody_answer(stack, run)
        office.say(run, "Approve", by="approver2")
        assert end(run) == "failed"
    assert "approver2 answered, who had a hand in this plan" in note(run)
    assert signatures(office) == [("expired", "approver2", None)]
    assert not office.has_runs("create_returns")


def test_an_answer_that_comes_too_early_counts_or_is_asked_for_again(stack):
    """Airflow 3.3.2 takes a task for failed that is answered while it parks, or forgets to wake it."""
    office, run = put_up(stack, "early")
    assert answer_at_once(stack, run) == 200
    asleep_from = time.monotonic() + ASLEEP_S
    while run.state() not in FINISHED:
        if run.api.open_question(run.dag_id, run.run_id):
            office.say(run, "Approve")
        elif is_waiting(run) and time.monotonic() > asleep_from:  # the runbook's way out
            office.clear(run, "approve")
            asleep_from = time.monotonic() + PATIENCE_S
        time.sleep(1)
    assert run.succeeded("seal"), run.problem()
    assert signatures(office) == [("approved", "approver", None)]


@pytest.mark.fault("F5", "S4")
def test_a_newer_plan_takes_the_place_of_an_unanswered_one(stack):
    """Approving the older question creates nothing, nor does its text serve for another plan of the same run."""
    office, older = put_up(stack, "superseded")
    question = office.question(older)
    office.snapshot(as_of=DAYS[1])
    newer = office.plan()
    office.question(newer)
    assert office.plan_states() == ["superseded", "proposed"]
    stack.api("approver").answer(question, "Approve").raise_for_status()
    assert end(older) == "failed"
    assert "stale" in older.problem()[1]
    office.answer(newer, "Reject")

    office.clear(older, "gate")
    assert end(older) == "failed"
    assert "Airflow still shows that text" in note(older)
    assert office.plan_states() == ["superseded", "rejected", "expired"]
    assert not office.has_runs("create_returns")


def signatures(office: Office) -> list[tuple[object, ...]]:
    """The decisions on the exit's plans, oldest first: what, and by whom."""
    rows = office.rows(
        "select decision, user_name, second_user_name from approval join plan using (plan_id)"
        " where exit_id = :exit_id order by decided_at"
    )
    return [tuple(row.values()) for row in rows]


def is_waiting(run: Run) -> bool:
    """Whether the task that asks waits for an answer, as Airflow sees it."""
    return any(task["state"] == "awaiting_input" for task in run.tasks())


def mark_success(stack, run: Run, task_id: str) -> None:
    """Have the engineer set a task's state by hand."""
    path = f"/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/{task_id}"
    stack.api("engineer").request("PATCH", path, json={"new_state": "success"}).raise_for_status()


def answer_at_once(stack, run: Run) -> int:
    """Answer as soon as the question is there, before the task has parked; the status of the answer."""
    approver = stack.api("approver")
    path = f"/dags/{run.dag_id}/dagRuns/{run.run_id}/hitlDetails"
    give_up_at = time.monotonic() + PATIENCE_S
    while not (asked := approver.get(path)["hitl_details"]):
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
    return int(approver.answer(asked[0], "Approve").status_code)


def let_anybody_answer(stack, run: Run) -> None:
    """Take the list of people off Airflow's question, as a bug or somebody in its database could."""
    engine = engine_of(database_url(stack.settings.postgres_host, "airflow"))
    taken_off = text(
        "update hitl_detail set assignees = '[]' from task_instance"
        " where task_instance.id = hitl_detail.ti_id and task_instance.run_id = :run_id"
    )
    with engine.begin() as connection:
        connection.execute(taken_off, {"run_id": run.run_id})
    engine.dispose()


@contextmanager
def also_operator(stack, user: str) -> Iterator[None]:
    """Give a user the role operator beside their own; Airflow's API remembers people's rights for 30 s."""
    airflow(stack, "add-role", user)
    api, runs = stack.api(user), "/dags/take_snapshot/dagRuns"
    stack.wait_for("the role", lambda: api.request("POST", runs, json={}).status_code != NO)
    try:
        yield
    finally:
        airflow(stack, "remove-role", user)


def airflow(stack, command: str, user: str) -> None:
    """Change the role operator of a user by Airflow's command."""
    subprocess.run(
        [sys.executable, "-m", "airflow", "users", command, "--username", user, "--role", "operator"],
        env={**clean_environment(os.environ), **airflow_environment(stack.settings)},
        check=True,
        capture_output=True,
        timeout=180,
    )

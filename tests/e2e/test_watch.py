"""The own warehouse after an exit, and coming back, in real Airflow; nothing is created in the demo's world."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from include.local.runs import Run
from include.local.stack import Stack
from include.local.subject import POLICY, demo_subject
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.domain.exit_course import CLOSED
from include.winddown.domain.exits import Exit, Policy
from tests.contract.courses import walk
from tests.e2e.people import Office, database, end, note

EXIT_ID = "watched"
ALERTS = "select alert_key, opening_no, level from own_alert where exit_id = :exit_id order by 1"


@pytest.fixture
def office(stack: Stack) -> Iterator[Office]:
    """A closed exit of the demo's merchant, who sells out of its own warehouse; closed again in the end."""
    stack.world.faults(own_sales_days=60)
    form = dict(demo_subject(datetime.now(UTC).date()).form)
    days = {name: date.fromisoformat(str(form[name])) for name in ("opened_on", "deadline_on")}
    merchant_exit = Exit(**form | days | {"exit_id": EXIT_ID, "policy": Policy(**POLICY)})
    with database(stack) as engine:
        ExitStore(engine).add(replace(merchant_exit, opened_on=date(2026, 1, 1)))
        walk(engine, EXIT_ID, CLOSED)
    yield Office(stack, EXIT_ID)
    with database(stack) as engine:
        walk(engine, EXIT_ID, CLOSED)  # a reopened one is in every run that takes all exits


def states(run: Run) -> dict[str, str]:
    return {task["task_id"]: task["state"] for task in run.tasks()}


def test_a_watch_tells_once_and_a_person_brings_the_goods_back(stack: Stack, office: Office):
    """Report, note and one notice; the second watch is silent; then a weighing, a decision, a reopened exit."""
    run = office.ended("watch_own_stock", {"exit_id": EXIT_ID})
    assert set(states(run).values()) == {"success"}, run.problem()
    assert "watched: SKUs " in note(run)
    told = office.rows(ALERTS)
    assert {row["alert_key"].partition(":")[0] for row in told} >= {"runs_out", "chats"}
    (report,) = (stack.settings.var / "store" / EXIT_ID / "watch").glob("*/own-stock.xlsx")
    assert report.with_suffix(".html").read_text("utf-8").startswith("<!doctype html>")

    again = office.ended("watch_own_stock", {"exit_id": EXIT_ID})
    assert states(again)["watch.alert"] == "skipped"
    assert office.rows(ALERTS) == told

    api = stack.api("operator")
    run_id = api.trigger("rejoin", {"exit_id": EXIT_ID, "contract": "yes"})
    coming = Run(api, "rejoin", run_id, stack.crew.check)
    decided = "select decision, next_exit_id from rejoin where exit_id = :exit_id and decision is not null"
    answer = {"deadline_on": "2099-03-01", "new_exit_id": ""}
    office.insist(coming, lambda: bool(office.rows(decided)), "Reopen the exit", **answer)
    assert end(coming) == "success", coming.problem()
    assert office.rows(decided) == [{"decision": "reopen", "next_exit_id": EXIT_ID}]
    with database(stack) as engine:
        move = CourseStore(engine).history(EXIT_ID)[-1]
    assert (move.to_state, move.by_user) == ("reopened", "approver")
    assert "points for coming back; ready" in note(coming)
    assert not office.has_runs("create_returns")

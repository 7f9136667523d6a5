"""Leaving, in real Airflow, on files of its own: an application refused and accepted, and an exit handed over to its end."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.local.runs import Run
from include.local.stack import Stack
from include.winddown.adapters.stores.courses import CourseStore
from tests.e2e.file_exports import catalogue, orders
from tests.e2e.people import Office, database, end

STOCK = "warehouse_id,offer_id,sku,stock_status,quantity,reserved,snapshot_at\nWH-A,a-1,101,1,{lamps},0,{day}T22:00:00Z\n"
APPLICATION = {
    "merchant": "Leaving merchant",
    "scheme": "fbp",
    "country": "RU",
    "reason": "cost",
    "reason_words": "Storage eats the margin.",
    "contact_name": "Ada",
    "contact_email": "ada@firm.example",
    "contact_phone": "+7 495 123-45-67",
    "return_address": "Moscow, Lesnaya 1",
    "deadline_on": "2099-01-31",
    "destination": "OWN-WH-1",
    "currency": "GBP",
    "desk_conn": "exports_desk",
    "dock_conn": "exports_dock",
}
ZONE = {"fee_minor": 299, "cost_minor": 250, "promised_days": 3, "transit_days": 2}
DELIVERY = {
    "by": "self",
    "warehouse": "Own shelf",
    "method": "Own courier",
    "origin": "Leeds",
    "zones": {"leeds": ZONE},
}


@pytest.fixture
def folder(stack: Stack, tmp_path: Path) -> Iterator[Path]:
    """A merchant's own exports, behind a connection of their own."""
    (tmp_path / "catalogue.csv").write_text(catalogue())
    extra = json.dumps({"kind": "exports", "folder": f"file://{tmp_path}"})
    body = {"connection_id": conn_of(tmp_path), "conn_type": "generic", "extra": extra}
    engineer = stack.api("engineer")
    engineer.request("POST", "/connections", json=body).raise_for_status()
    yield tmp_path
    engineer.request("DELETE", f"/connections/{conn_of(tmp_path)}").raise_for_status()


def conn_of(folder: Path) -> str:
    """A connection of its own for each test."""
    return f"{folder.name}_marketplace"


def write_day(folder: Path, days_ago: int, lamps: int) -> None:
    """Write the exports of a day before today."""
    day = (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
    (folder / day).mkdir()
    (folder / day / "orders.csv").write_text(orders("delivered"))
    (folder / day / "stock.csv").write_text(STOCK.format(day=day, lamps=lamps))


def course(office: Office) -> list[tuple[str, str]]:
    """The states the exit went through, each with who moved it."""
    with database(office.stack) as engine:
        return [(move.to_state, move.by_user) for move in CourseStore(engine).history(office.exit_id)]


def has_become(office: Office, state: str, times: int = 1) -> Callable[[], bool]:
    return lambda: sum(found == state for found, _ in course(office)) >= times


def newest(office: Office, dag_id: str, count: int) -> Run:
    """The newest of so many runs of a DAG."""
    office.stack.wait_for(dag_id, lambda: len(office.run_ids(dag_id)) >= count)
    return Run(office.stack.api("operator"), dag_id, office.run_ids(dag_id)[0], office.stack.crew.check)


def test_an_application_is_filed_refused_filed_again_and_accepted(stack: Stack, folder: Path) -> None:
    """A person files each version and takes each answer down; after the second one the exit is photographed."""
    office = Office(stack, "leaving")
    write_day(folder, 3, 41)
    form = APPLICATION | {"exit_id": "leaving", "marketplace_conn": conn_of(folder)}
    stack.api("operator").trigger("apply_to_leave", form)
    first = newest(office, "apply_to_leave", 1)
    office.insist(first, has_become(office, "filed"), "Filed", "file", number="77-1", filed_on="")
    words = {"why_refused": "41 lamps remain in WH-A", "decided_on": ""}
    clear = "Refused: clear the stock first"
    office.insist(first, has_become(office, "refused"), clear, "wait_for_review", **words)
    write_day(folder, 2, 20)
    again = lambda: len(office.run_ids("apply_to_leave")) > 1  # noqa: E731  it is asked more than once
    office.insist(first, again, "Apply again", "what_next")
    assert end(first) == "success"

    second = newest(office, "apply_to_leave", 2)
    office.insist(second, has_become(office, "filed", 2), "Filed", "file", number="77-2", filed_on="")
    told = {"why_refused": "", "decided_on": ""}
    office.insist(second, has_become(office, "accepted"), "Accepted", "wait_for_review", **told)
    assert end(second) == "success"
    assert second.succeeded("first_snapshot")
    assert newest(office, "take_snapshot", 1)
    assert course(office)[:7] == [
        ("drafted", "operator"),
        *(("filed", "approver"), ("in_review", "winddown"), ("refused", "approver")),
        *(("filed", "approver"), ("in_review", "winddown"), ("accepted", "approver")),
    ]
    versions = office.rows(
        "select filed_number, decision from application where exit_id = :exit_id order by version_no"
    )
    assert [tuple(row.values()) for row in versions] == [("77-1", "refused"), ("77-2", "accepted")]


def test_an_empty_exit_is_handed_over_and_closed(stack: Stack, folder: Path) -> None:
    """A snapshot alone says what blocks; started by hand it goes on to the closing, asking twice."""
    form = {name: APPLICATION[name] for name in ("desk_conn", "dock_conn", "currency")}
    form["marketplace_conn"] = conn_of(folder)
    office = Office(stack, "handed-over", {"delivery": DELIVERY}, merchant="Handing merchant", **form)
    write_day(folder, 1, 0)
    assert office.open().state() == "success"
    taken = office.snapshot()
    assert taken.succeeded("snapshot.publish"), taken.problem()
    assert not newest(office, "hand_over", 1).succeeded("prepare")

    conf = {"exit_id": office.exit_id, "no_supplies": True}
    stack.api("operator").trigger("hand_over", conf)
    run = newest(office, "hand_over", 2)
    done = "select kind from hand_over_step where exit_id = :exit_id and kind = :kind"
    office.insist(run, lambda: bool(office.rows(done, kind="set_up")), "Set up", "set_up")
    words = {"number": "K-17", "ended_on": ""}
    office.insist(run, lambda: bool(office.rows(done, kind="ended")), "Ended", "end_contract", **words)
    assert end(run) == "success", run.problem()
    assert course(office)[-1] == ("closed", "approver")
    kept = office.rows("select kind, facts from hand_over_step where exit_id = :exit_id order by step_no")
    places = {row["kind"]: row["facts"] for row in kept}
    assert "Handing merchant" in Path(places["report"]["place"].removeprefix("file://")).read_text()
    assert places["archive"]["tables"]["exit_move"] == 3

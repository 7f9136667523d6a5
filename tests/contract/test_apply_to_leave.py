"""The steps of an application, on a real database and a real store: from the draft to the answer, and again."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import Connection
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.stores.applications import ApplicationStore
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.application import ACCEPTED, AGAIN, CLEAR_STOCK, FILED, LEAVE_IT, NOT_FILED
from include.winddown.domain.errors import BadAnswer, BadExit, BadParam, IllegalMove, NothingToDo
from include.winddown.domain.frames import CATALOGUE, SUPPLIES
from include.winddown.domain.review import today_in
from include.winddown.runtime import doors
from include.winddown.steps import apply_to_leave as steps
from include.winddown.steps import watch_reviews
from tests.contract import leaving
from tests.contract.snapshot_kit import order, product, shelf, snapshot_of

FORM = leaving.FORM | {"exit_id": "demo-1", "country": "RU", "policy": {"gate_confirm_after_minutes": 0}}
WHY = {"why_refused": "10 pieces remain in WH-1"}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path) -> ApplicationStore:
    """The doors of one installation; what is announced is collected by the tests that look at it."""

    def connection(conn_id: str, **extra: Any) -> Connection:
        return Connection(
            conn_id=conn_id, conn_type="http", host="peer.example", password="secret", extra=json.dumps(extra)
        )

    there = {
        "shop": connection("shop", kind="exports", folder="file:///srv/exports"),
        "desk": connection("desk", kind="partner_api"),
        "dock": connection("dock", kind="dock_api"),
        "winddown_approvers": connection("winddown_approvers", ada="7", ben="8"),
    }
    monkeypatch.setattr(doors, "connection_of", there.__getitem__)
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))
    monkeypatch.setattr(steps, "started_by", lambda: "zoe")
    return ApplicationStore(engine)


def drafted(engine: Engine, tmp_path: Path, **changes: Any) -> dict[str, Any]:
    """Draft a version from a snapshot with ten pieces and one order; as the tasks do, one after the other."""
    form = json.dumps(FORM | changes)
    assert steps.check_access(form) == steps.draft(form) == "demo-1"
    snapshot = snapshot_of(
        SnapshotStore(engine, UPath(tmp_path / "store")),
        "demo-1",
        [order("P-1", "awaiting_deliver")],
        [shelf("A1"), shelf("B2", 3, condition="lost")],
        more=((CATALOGUE, [product("A1")]), (SUPPLIES, [])),
    )
    facts = steps.dossier({"exit_id": "demo-1", "snapshot_id": snapshot.snapshot_id})
    return steps.text(json.loads(json.dumps(facts)), form)


def test_an_application_goes_its_way(
    store: ApplicationStore, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drafted, filed, refused, drafted anew, filed, accepted: each version, answer and move is kept."""
    told: list[Any] = []
    monkeypatch.setattr(steps, "announce", lambda asset, exit_id: told.append((asset.name, exit_id)))
    version = drafted(engine, tmp_path)
    assert version == {"exit_id": "demo-1", "version_no": 1}
    question = steps.ask_file(version)
    assert "File version 1" in question["subject"]
    assert all(
        word in question["body"]
        for word in ("**1** unfinished orders", "**10** pieces", "Здравствуйте", "您好")
    )
    filed = steps.hear_file(version, FILED, {"number": "77-1"}, "ada")
    assert "77-1" in steps.ask_wait_for_review(filed)["subject"]
    refused = steps.hear_wait_for_review(filed, CLEAR_STOCK, WHY, "ada")
    with pytest.raises(NothingToDo, match="was not accepted"):
        steps.accept(refused)
    assert "wants the stock out" in steps.ask_what_next(refused)["body"]
    assert steps.hear_what_next(refused, AGAIN, {}, "ada") == refused

    second = drafted(engine, tmp_path, deadline_on="2099-02-28")
    assert second["version_no"] == 2
    with pytest.raises(NothingToDo, match="the newest is 2"):
        steps.ask_what_next(refused)
    filed = steps.hear_file(second, FILED, {"number": "77-2"}, "ben")
    steps.ask_wait_for_review(filed)
    accepted = steps.hear_wait_for_review(filed, ACCEPTED, {}, "ben")
    assert steps.accept(accepted) == "demo-1"
    with pytest.raises(NothingToDo, match="it is accepted"):
        steps.ask_what_next(accepted)
    assert told == [("exit_accepted", "demo-1")]
    assert [(one.filed_number, one.decision) for one in store.versions("demo-1")] == [
        ("77-1", "refused"),
        ("77-2", "accepted"),
    ]
    assert [move.to_state for move in CourseStore(engine).history("demo-1")] == [
        *("drafted", "filed", "in_review", "refused"),
        *("filed", "in_review", "accepted"),
    ]
    assert ExitStore(engine).authors("demo-1") == ["zoe"]


@pytest.mark.usefixtures("store")
def test_what_is_under_review_is_not_drafted_again(engine: Engine, tmp_path: Path) -> None:
    """A second run stops before it takes a snapshot; an answer that was not given ends the run without a failure."""
    version = drafted(engine, tmp_path)
    with pytest.raises(NothingToDo, match="ada did not file it"):
        steps.hear_file(version, NOT_FILED, {}, "ada")
    with pytest.raises(BadAnswer, match="give the number"):
        steps.hear_file(version, FILED, {}, "ada")
    filed = steps.hear_file(version, FILED, {"number": "77-1"}, "ada")
    with pytest.raises(IllegalMove, match="demo-1 is filed already"):
        steps.draft(json.dumps(FORM))
    assert steps.ask_file(version) == {"answered": filed}
    steps.ask_wait_for_review(filed)
    with pytest.raises(IllegalMove, match="first it has to be refused"):
        steps.draft(json.dumps(FORM))
    with pytest.raises(BadAnswer, match="copy what the platform gives"):
        steps.hear_wait_for_review(filed, CLEAR_STOCK, {}, "ada")
    refused = steps.hear_wait_for_review(filed, CLEAR_STOCK, WHY, "ada")
    assert steps.ask_wait_for_review(filed) == {"answered": refused}
    with pytest.raises(NothingToDo, match="ada leaves it at version 1"):
        steps.hear_what_next(refused, LEAVE_IT, {}, "ada")


@pytest.mark.usefixtures("store")
def test_a_form_that_cannot_be_stores_nothing(engine: Engine) -> None:
    """Contact, approvers and connections are checked before the exit is drafted."""
    for change, error in (
        ({"contact_phone": "123"}, BadParam),
        ({"country": "DE"}, BadParam),
        ({"approvers": ["eve"]}, BadExit),
    ):
        with pytest.raises(error):
            steps.check_access(json.dumps(FORM | change))
    assert ExitStore(engine).open_ids() == []


def test_a_late_answer_is_told_once(
    store: ApplicationStore, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before the last day is over, and never twice."""
    version = drafted(engine, tmp_path)
    steps.hear_file(version, FILED, {"number": "77-1"}, "ada")
    assert watch_reviews.late() == []
    later = today_in("RU", datetime.now(UTC)) + timedelta(days=30)
    monkeypatch.setattr(watch_reviews, "today_in", lambda *_: later)
    due_on = store.get("demo-1", 1).due_on
    assert isinstance(due_on, date)
    monkeypatch.setattr(watch_reviews, "ApplicationStore", lambda engine: LateStore(engine, later))
    assert [len(watch_reviews.late()) for _ in range(2)] == [1, 0]


class LateStore(ApplicationStore):
    """A store that is asked on a later day than today."""

    def __init__(self, engine: Engine, day: date) -> None:
        super().__init__(engine)
        self._day = day

    def late(self, today: date) -> list[Any]:
        return super().late(max(today, self._day))

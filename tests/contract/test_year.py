"""A seeded year of many exits through the steps of the DAGs, on a real database, with a clock that is passed in."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from upath import UPath

from include.winddown.adapters.stores.applications import ApplicationStore
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.exit_course import replay
from include.winddown.runtime import clock, doors
from include.winddown.steps import apply_to_leave, hand_over, setting_up, watch_reviews
from tests.contract.test_hand_over import DELIVERY
from tests.contract.test_hand_over_states import NoDesk
from tests.year_kit import DAYS, STATES, Life

EXITS = int(os.environ.get("YEAR_EXITS", "4"))
"""`make year` takes 200."""
SEED = 7_000
POLICY = {"gate_confirm_after_minutes": 0, "unexplained_max_qty": 1_000, "delivery": DELIVERY}


@pytest.fixture
def store(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SnapshotStore:
    """The doors of an installation; what the platform and people do comes from the lives."""
    root = UPath(tmp_path / "store")
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: root)
    monkeypatch.setattr(apply_to_leave, "started_by", lambda: "zoe")
    for module in (hand_over, setting_up):
        monkeypatch.setattr(module, "started_by", lambda: None)
    for module in (apply_to_leave, hand_over):
        monkeypatch.setattr(module, "announce", lambda *_: None)
    monkeypatch.setattr(setting_up, "shelf_desk", NoDesk)
    return SnapshotStore(engine, root)


def test_a_year_loses_no_exit(engine: Engine, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each exit ends closed or waits for something with a name; every move was legal, every alert came once."""
    began = datetime.now(UTC)
    today = {"at": began}
    monkeypatch.setattr(clock, "now", lambda: today["at"])
    lives = [
        Life(engine, store, f"year-{number}", SEED + number, lambda: today["at"], began.date(), POLICY)
        for number in range(EXITS)
    ]
    told: Counter[str] = Counter()
    missed: set[tuple[str, int]] = set()
    for day in range(DAYS):
        today["at"] = began + timedelta(days=day)
        for life in lives:
            life.live(day)
        told.update(sentence.split(" should have")[0] for sentence in watch_reviews.late())
        told.update(sentence.split(" should have")[0] for sentence in watch_reviews.late())
        missed |= late_now(engine, today["at"])
    known = set(ExitStore(engine).open_ids())
    ended: Counter[str] = Counter()
    for life in lives:
        state = check(engine, life, known)
        ended[f"{state}, waits for {life.waits}"] += 1
    assert set(told.values()) <= {1}
    assert len(told) == len(missed)
    assert missed or EXITS < 100
    figures(lives, ended, told)


def late_now(engine: Engine, now: datetime) -> set[tuple[str, int]]:
    """The versions that are under review beyond their last day, by the oracle's own count."""
    rows = "select exit_id, version_no, due_on, request ->> 'country' as country from application"
    with engine.connect() as connection:
        found = connection.execute(text(f"{rows} where filed_on is not null and decision is null")).all()
    return {
        (row.exit_id, row.version_no)
        for row in found
        if apply_to_leave.today_in(row.country, now) > row.due_on
    }


def check(engine: Engine, life: Life, known: set[str]) -> str | None:
    """Hold an exit's state against what it waits for; gives the state."""
    courses = CourseStore(engine)
    is_there = life.exit_id in known or bool(courses.history(life.exit_id))
    if not is_there:
        assert life.waits == "a draft"
        return None
    state = courses.state(life.exit_id)
    assert replay(life.exit_id, courses.history(life.exit_id)) == state
    assert state in STATES[life.waits], (life.exit_id, state, life.waits)
    versions = ApplicationStore(engine).versions(life.exit_id)
    assert len(versions) == life.counts["versions"]
    return state


def figures(lives: list[Life], ended: Counter[str], told: Counter[str]) -> None:
    """Say what happened, for bench/RESULTS.md; shown with -s."""
    sums: Counter[Any] = Counter()
    for life in lives:
        sums.update(life.counts)
    reopened = sum(life.reopenings for life in lives)
    print(f"{len(lives)} exits: {dict(sums)}, {reopened} opened again, {len(told)} alerts")  # noqa: T201
    print("\n".join(f"{count} {words}" for words, count in sorted(ended.items())))  # noqa: T201

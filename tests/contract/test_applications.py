"""Versions of applications in a real PostgreSQL."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from include.winddown.adapters.stores.applications import ApplicationStore
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.application import ACCEPTED, CLEAR_STOCK, Decision, Filing, Request
from include.winddown.domain.errors import DecisionIsFinal, IllegalMove
from include.winddown.domain.exit_course import DRAFTED, FILED, IN_REVIEW, REFUSED
from include.winddown.domain.exits import Exit
from tests.contract.courses import walk

REQUEST = Request(
    scheme="fbp",
    country="RU",
    reason="cost",
    reason_words="storage eats the margin",
    contact_name="Ada",
    contact_email="ada@firm.example",
    contact_phone="+74951234567",
    return_address="Moscow, Lesnaya 1",
)
TEXTS = {"ru": "Заявление", "zh": "申请", "en": "Application"}
FILING = Filing(number="77-1", filed_on=date(2026, 11, 23), by_user="ada")
DUE = date(2026, 11, 26)
NO = Decision(choice=CLEAR_STOCK, reason="goods remain", decided_on=date(2026, 11, 25), by_user="ada")


@pytest.fixture
def store(engine: Engine, merchant_exit: Exit, snapshots: SnapshotStore) -> ApplicationStore:
    """An exit that is drafted, with the first version of its application."""
    ExitStore(engine).add(merchant_exit, "zoe", DRAFTED)
    store = ApplicationStore(engine)
    assert store.draft("demo-1", snapshots.begin("demo-1", None), REQUEST, {"units": 3}, TEXTS) == 1
    return store


def test_a_version_comes_back_as_it_went_in(store: ApplicationStore) -> None:
    """Request, dossier and three texts; the same snapshot again is the same version."""
    first = store.get("demo-1", 1)
    assert (first.request, first.dossier, first.texts) == (REQUEST, {"units": 3}, TEXTS)
    assert (first.filed_on, first.decision) == (None, None)
    assert store.draft("demo-1", first.snapshot_id, REQUEST, {"units": 9}, TEXTS) == 1
    assert store.get("demo-1", 1).dossier == {"units": 3}
    with pytest.raises(IllegalMove, match="has no version 2"):
        store.get("demo-1", 2)


def test_every_version_is_kept(store: ApplicationStore, engine: Engine, snapshots: SnapshotStore) -> None:
    """Refused, drafted anew, filed again: both stand with their numbers and answers."""
    store.file("demo-1", 1, FILING, DUE)
    walk(engine, "demo-1", IN_REVIEW)
    store.decide("demo-1", 1, NO)
    assert store.draft("demo-1", snapshots.begin("demo-1", None), REQUEST, {"units": 0}, TEXTS) == 2
    store.file("demo-1", 2, replace(FILING, number="77-2"), DUE)
    walk(engine, "demo-1", IN_REVIEW)
    store.decide("demo-1", 2, replace(NO, choice=ACCEPTED, reason=""))
    assert [(one.filed_number, one.decision) for one in store.versions("demo-1")] == [
        ("77-1", "refused"),
        ("77-2", "accepted"),
    ]
    assert store.get("demo-1", 1).decision_reason == "Refused: clear the stock first: goods remain"
    assert [move.to_state for move in CourseStore(engine).history("demo-1")] == [
        *(DRAFTED, FILED, IN_REVIEW, REFUSED),
        *(FILED, IN_REVIEW, "accepted"),
    ]


def test_filing_and_deciding_happen_once(store: ApplicationStore, engine: Engine) -> None:
    """A second answer is refused, and leaves neither a move nor a number behind."""
    with pytest.raises(IllegalMove, match="first it has to be filed"):
        store.decide("demo-1", 1, NO)
    store.file("demo-1", 1, FILING, DUE)
    with pytest.raises(IllegalMove, match="is filed already"):
        store.file("demo-1", 1, replace(FILING, number="77-2"), DUE)
    walk(engine, "demo-1", IN_REVIEW)
    store.decide("demo-1", 1, NO)
    with pytest.raises(DecisionIsFinal, match="version 1 of the application of demo-1"):
        store.file("demo-1", 1, replace(FILING, number="77-3"), DUE)
    assert CourseStore(engine).state("demo-1") == REFUSED
    assert store.get("demo-1", 1).filed_number == "77-1"


def test_people_are_told_once_of_a_late_review(store: ApplicationStore, engine: Engine) -> None:
    """From the day after the last one on, while it is undecided, and never twice."""
    assert store.late(date(2030, 1, 1)) == []
    store.file("demo-1", 1, FILING, DUE)
    assert store.late(DUE) == []
    assert [one.filed_number for one in store.late(date(2026, 11, 27))] == ["77-1"]
    assert [store.told_late("demo-1", 1) for _ in range(2)] == [True, False]
    assert store.late(date(2026, 11, 27)) == []
    walk(engine, "demo-1", IN_REVIEW)
    store.decide("demo-1", 1, NO)


@pytest.mark.parametrize(
    "change",
    [
        "text_ru = 'another'",
        "dossier = '{}'",
        "filed_number = '9'",
        "filed_on = null, filed_number = null, filed_by = null, filed_at = null, due_on = null",
        "decision = 'accepted'",
        "decision = 'refused', decision_reason = ' ', decided_on = '2026-11-25', decided_by = 'a', decided_at = now()",
        "decision = 'accepted', decision_reason = '', decided_on = '2026-11-22', decided_by = 'a', decided_at = now()",
    ],
)
def test_a_filed_version_is_never_written_again(store: ApplicationStore, engine: Engine, change: str) -> None:
    """Its text, its number, half an answer, a refusal without a reason, an answer before the filing."""
    store.file("demo-1", 1, FILING, DUE)
    before = store.get("demo-1", 1)
    for statement in (f"update application set {change}", "delete from application"):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))
    assert store.get("demo-1", 1) == before

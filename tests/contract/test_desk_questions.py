"""The steps that ask people what a warehouse answered: real database, real files, no mail server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Engine, text
from upath import UPath

from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import NothingToDo, PersonNeeded, RequestRefused
from include.winddown.runtime import doors
from include.winddown.steps import desk_answers
from include.winddown.steps.desk_answers import ask, confirm, hear, look, waiting
from tests.contract.desk_kit import FORM, SHIPMENT, WANTED, Place
from tests.contract.intents import KEY, OTHER, intent
from tests.contract.sandbox_server import Sandbox, running

RUN = "manual__1"


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--mirror", "--size", "5", "--history", "10") as started:
        yield started


@pytest.fixture
def announced(approved_plan_id: str) -> list[tuple[str, str]]:
    """What the steps tell other DAGs of the approved plan."""
    assert approved_plan_id == "plan-1"
    return []


@pytest.fixture
def place(
    monkeypatch: pytest.MonkeyPatch,
    engine: Engine,
    snapshots: SnapshotStore,
    tmp_path: Path,
    world: Sandbox,
    announced: list[tuple[str, str]],
) -> Place:
    """One request that was handed over; what the steps announce is collected."""
    ledger = EffectLedger(engine)
    place = Place(engine=engine, snapshots=snapshots, folder=tmp_path, sandbox=world, ledger=ledger)
    account = place.desk().manner.account
    ledger.intend(intent(account=account))

    def announce(asset: Any, *exit_ids: str, **_: str) -> None:
        announced.extend((asset.name, exit_id) for exit_id in exit_ids)

    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))
    monkeypatch.setattr(doors, "desk", lambda _exit: place.desk())
    monkeypatch.setattr(desk_answers, "announce", announce)
    place.go(place.desk())
    return place


def typed(ti_id: str = "ti-1", option: str = "Answered", **fields: str) -> dict[str, Any]:
    return {
        "option": option,
        "form": FORM | fields,
        "user_id": "7",
        "user_name": "ada",
        "answered_at": datetime(2026, 11, 27, 12, tzinfo=UTC),
        "ti_id": ti_id,
        "run_id": RUN,
    }


def the_part() -> dict[str, str]:
    [part] = waiting("demo-1", RUN)
    return part


def kept(engine: Engine) -> list[tuple[str, bool]]:
    """What was typed: by whom, and whether it was unusable."""
    with engine.connect() as connection:
        rows = connection.execute(text("select user_name, problem <> '' from desk_answer order by answer_no"))
        return [(row[0], row[1]) for row in rows]


@pytest.mark.usefixtures("place")
def test_the_question_is_about_one_shipment():
    """Its subject begins with the reference; the papers and the last try are told."""
    part = the_part()
    assert (part["effect_key"], part["shipment_no"], part["warehouse_id"]) == (KEY, SHIPMENT, "WH-2")
    question = ask(part, RUN)
    assert question["subject"].startswith(f"[{KEY[:12]}] ")
    assert question["seconds"] == 14 * 86_400
    assert "a person hands them over" in question["body"]
    assert "SKU\\-1" in question["body"]


def test_a_bad_answer_is_kept_and_asked_again_with_what_was_wrong(place: Place, engine: Engine):
    """The words stand at the top, and the fields hold what was typed."""
    part = the_part()
    problem = hear(part, typed(request_no="R-1", accepted="SKU-1;sellable;99"))
    assert "give 0 to 10 pieces" in problem
    question = ask(part, RUN)
    assert question["body"].startswith("**The last answer could not be taken down:** accepted, line 1")
    assert question["typed"]["accepted"] == "SKU-1;sellable;99"
    assert place.state() == "unknown"
    assert kept(engine) == [("ada", True)]
    assert ask(part, "another run")["typed"] == {}


def test_a_good_answer_is_confirmed_and_told(place: Place, engine: Engine, announced: list[tuple[str, str]]):
    """The request stands with the accepted pieces; the reconciliation hears of it."""
    part = the_part()
    accepted = "SKU-1;sellable;7\nSKU-3;sellable;0"
    assert hear(part, typed(request_no="R-1", accepted=accepted, act_no="A\x00-1", act_on="2026-11-20")) == ""
    assert confirm(part) == {"requests": 1, "with_person": 0}
    assert place.lines() == [("SKU-1", 10, 7), ("SKU-3", 6, 0)]
    assert announced == [("return_requests", "demo-1")]
    assert hear(part, typed(request_no="R-1", accepted=accepted)) == ""
    assert kept(engine) == [("ada", False)]


def test_a_refusal_that_somebody_typed_is_final(place: Place):
    """The run says so; nothing stands."""
    part = the_part()
    assert hear(part, typed(refusal="they are closed")) == ""
    with pytest.raises(RequestRefused, match="they are closed"):
        confirm(part)
    assert place.lines() == []


def test_marking_the_question_success_by_hand_is_no_answer(place: Place):
    """Nobody has typed anything: nothing is confirmed."""
    with pytest.raises(PersonNeeded, match="no answer"):
        confirm(the_part())
    assert place.state() == "unknown"


def test_in_the_inbox_needs_a_file_there(place: Place, engine: Engine):
    """Without one the question comes again and names the folder, or what is wrong with the file."""
    part = the_part()
    assert "no file there has the reference" in hear(part, typed(option="In the inbox"))
    place.answer_file(f"{KEY[:12]}.csv", "{ref},R-1,SKU-1,sellable,1,")
    assert "has no row, column sku, for SKU-3" in hear(part, typed("ti-2", "In the inbox"))
    place.answer_file(f"{KEY[:12]}.csv", "{ref},R-1,SKU-1,sellable,1,", "{ref},,SKU-3,sellable,2,")
    assert hear(part, typed("ti-3", "In the inbox")) == ""
    assert confirm(part)["requests"] == 1
    assert kept(engine) == [("ada", True), ("ada", True)]


def test_a_file_that_came_first_ends_the_waiting_and_a_late_answer_does_no_harm(place: Place, engine: Engine):
    """Whoever looks confirms it; what is typed afterwards is kept and changes nothing."""
    part = the_part()
    assert look(part) is False
    place.answer_file("1.csv", "{ref},R-1,SKU-1,sellable,10,", "{ref},,SKU-3,sellable,6,")
    assert look(part) is True
    assert hear(part, typed(request_no="R-2")) == ""
    assert confirm(part)["requests"] == 1
    assert place.ledger.get(KEY).remote_id == "R-1"
    assert kept(engine) == [("ada", False)]
    with pytest.raises(NothingToDo):
        waiting("demo-1", RUN)


def test_a_person_and_a_file_that_differ_take_a_person(place: Place):
    """Neither is chosen."""
    part = the_part()
    place.answer_file("1.csv", "{ref},R-1,SKU-1,sellable,10,", "{ref},,SKU-3,sellable,6,")
    from include.winddown.adapters.stores.desk_answers import DeskAnswerStore, Typing
    from include.winddown.domain.desk_answers import read_form

    form = FORM | {"request_no": "R-2"}
    typing = Typing(
        ti_id="ti-1",
        dag_run_id=RUN,
        user_id=None,
        user_name="ada",
        answered_at=datetime(2026, 11, 27, tzinfo=UTC),
        typed=form,
    )
    DeskAnswerStore(place.engine).add(KEY, typing, read_form(form, WANTED))
    with pytest.raises(PersonNeeded, match="R-2, R-1"):
        confirm(part)
    assert place.state() == "escalated"


def test_a_number_of_another_shipment_is_asked_again(place: Place):
    """One number, one shipment."""
    account = place.desk().manner.account
    other = intent(OTHER, "other", account=account, request={"shipment_no": "WH-2-standard-002"})
    place.ledger.intend(other)
    fence = place.ledger.claim(OTHER, 60)
    assert fence
    from include.winddown.domain.effects import Outcome

    place.ledger.record(OTHER, fence, Outcome.OK, "x", remote_id="R-9")
    assert "belongs to another shipment already" in hear(the_part(), typed(request_no="R-9"))


@pytest.mark.usefixtures("place")
def test_a_second_run_does_not_ask_the_same_question(engine: Engine):
    """As long as the first one notes that it asks; the run itself may ask again."""
    part = the_part()
    ask(part, RUN)
    assert waiting("demo-1", RUN) == [part]
    with pytest.raises(NothingToDo, match="1 shipments are asked about in another run"):
        waiting("demo-1", "manual__2")
    later = datetime.now(UTC) + timedelta(seconds=desk_answers.ASKED_FOR_S)
    with engine.connect() as connection:
        until = connection.scalar(text("select max(open_until) from desk_question"))
    assert abs((until - later).total_seconds()) < 60


@pytest.mark.parametrize("table", ["desk_answer", "desk_question"])
def test_what_was_typed_is_never_changed(place: Place, engine: Engine, table: str):
    """The database refuses."""
    hear(the_part(), typed(request_no="R-1"))
    ask(the_part() if place.state() == "unknown" else {}, RUN)
    for statement in (f"update {table} set dag_run_id = 'x'", f"delete from {table}"):
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))

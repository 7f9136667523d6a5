"""The steps that work from the ledger: resolve, settle, freeze and thaw; real database, real desk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.epochs import EpochStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.witness import Witness
from include.winddown.domain.errors import BadAnswer, BadParam, LedgerFrozen, NothingToDo
from include.winddown.domain.settle import GIVE_UP, SEND_AGAIN, STANDS
from include.winddown.domain.thaw import OPEN, STAY
from include.winddown.runtime import doors
from include.winddown.steps import requests, resolve_effects, settle_effect, thaw_ledger
from include.winddown.steps.guard import check_ledger
from tests.contract.intents import KEY, OTHER, intent
from tests.contract.sandbox_server import Sandbox, running

WHY = "the desk was asked by phone"


@pytest.fixture
def world() -> Iterator[Sandbox]:
    """A world of its own: a request is known by its content here, and every test asks for the same."""
    with running("--seed", "5", "--mirror") as started:
        yield started


@pytest.fixture
def announced(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path, world: Sandbox, ledger: EffectLedger
) -> list[tuple[str, str]]:
    """The steps on a real database and desk; what they announce to other DAGs is collected."""
    told: list[tuple[str, str]] = []

    def announce(asset: Any, *exit_ids: str, **_: str) -> None:
        told.extend((asset.name, exit_id) for exit_id in exit_ids)

    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))
    monkeypatch.setattr(doors, "desk", lambda _exit: desk_of(world))
    for step in (resolve_effects, settle_effect):
        monkeypatch.setattr(step, "announce", announce)
    world.calm()
    assert ledger.get(KEY).state == "ready"
    return told


def desk_of(world: Sandbox, *, knows_reference: bool = False) -> PartnerApi:
    """The desk as the steps open it."""
    return world.desk(horizon_s=0, knows_reference=knows_reference)


def send(engine: Engine, world: Sandbox) -> str:
    """Let the first shipment be brought about as far as it goes."""
    effect = EffectLedger(engine).get(KEY)
    return requests.bringing_of(effect, desk_of(world)).go()[0]


@pytest.mark.usefixtures("announced")
class TestResolving:
    """Every few minutes, whatever run an effect came from."""

    def test_a_silent_worker_is_looked_up(self, engine: Engine):
        """Its claim runs out, the exit is named, and the look sends nothing."""
        EffectLedger(engine).claim(KEY, 0)
        assert resolve_effects.expire() == [{"exit_id": "demo-1"}]
        assert EffectLedger(engine).get(KEY).state == "unknown"

    def test_absence_makes_it_ready_and_a_new_run_takes_it_up(
        self, engine: Engine, announced: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
    ):
        """Two complete reads; then create_returns is told, once nobody has touched it for a while."""
        EffectLedger(engine).claim(KEY, 0)
        resolve_effects.expire()
        assert resolve_effects.look({"exit_id": "demo-1"}) == {"exit_id": "demo-1", "done": 0}
        assert EffectLedger(engine).get(KEY).state == "ready"
        with pytest.raises(NothingToDo):
            resolve_effects.try_again()
        monkeypatch.setattr("include.winddown.domain.resolve.TRY_AGAIN_SECONDS", 0)
        assert resolve_effects.try_again() == ["demo-1"]
        assert announced == [("approved_plan", "demo-1")]

    def test_people_hear_once(self, engine: Engine):
        """The second run says nothing new."""
        ledger = EffectLedger(engine)
        ledger.escalate(KEY, ledger.claim(KEY, 60), "the desk holds RR-8, RR-9", ["RR-8", "RR-9"])
        assert [len(resolve_effects.alert()) for _ in range(2)] == [1, 0]

    def test_nothing_found_tells_nobody(self):
        """The task is skipped, so that no event leaves."""
        with pytest.raises(NothingToDo):
            resolve_effects.report([{"exit_id": "demo-1", "done": 0}])


def test_a_reply_that_was_lost_is_found_and_reconciled(
    engine: Engine, world: Sandbox, announced: list[tuple[str, str]]
):
    """The request stands in the ledger without anything being sent again, and the reconciliation hears."""
    before = world.truth()["return_requests"]
    ledger = EffectLedger(engine)
    fence = ledger.claim(KEY, 0)
    ledger.keep_stood(KEY, fence, [one.request_no for one in desk_of(world).standing()])
    effect = ledger.get(KEY)
    desk_of(world).create(requests.bringing_of(effect, desk_of(world))._wanted)
    resolve_effects.expire()
    looked = [resolve_effects.look(part) for part in resolve_effects.expire() or [{"exit_id": "demo-1"}]]
    assert resolve_effects.report(looked) == ["demo-1"]
    assert announced == [("return_requests", "demo-1")]
    assert EffectLedger(engine).get(KEY).state == "confirmed"
    assert world.truth()["return_requests"] == before + 1


@pytest.fixture
def escalated(engine: Engine, world: Sandbox, announced: list[tuple[str, str]]) -> str:
    """An effect whose goods somebody has asked for already; gives that number."""
    assert announced == []
    effect = EffectLedger(engine).get(KEY)
    wanted = requests.bringing_of(effect, desk_of(world))._wanted
    made = desk_of(world).create(wanted).accepted
    assert made is not None
    assert send(engine, world) == "escalated"
    return made.request_no


def test_an_effect_is_found_by_the_first_digits_of_its_key(escalated: str, ledger: EffectLedger):
    """None, or more than one, is refused with where to look."""
    assert escalated
    ledger.intend(intent(OTHER, conflict="x"))
    assert settle_effect.find(KEY[:8]) == KEY
    with pytest.raises(BadParam, match="0 open effects begin with 'ffffffff'"):
        settle_effect.find("ffffffff")


def test_what_the_approver_sees_names_what_stands(escalated: str):
    """The subject begins with the effect, the body holds history and numbers."""
    question = settle_effect.ask(KEY)
    assert question["subject"].startswith(f"[effect {KEY[:12]}]")
    assert escalated in question["body"].replace("\\", "")


def test_it_stands(escalated: str, engine: Engine, announced: list[tuple[str, str]]):
    """Confirmed under the number the person gave, after it was seen there."""
    answer = {"number": escalated, "why": WHY}
    settled = settle_effect.hear(KEY, STANDS, answer, "approver")
    assert EffectLedger(engine).get(KEY).remote_id == escalated
    assert settle_effect.tell_returns(settled) == "demo-1"
    assert announced == [("return_requests", "demo-1")]
    with pytest.raises(NothingToDo):
        settle_effect.send_again(settled)


def test_a_number_that_does_not_stand_is_asked_again(escalated: str, engine: Engine):
    """Nothing is confirmed on a person's word alone."""
    assert escalated
    with pytest.raises(BadAnswer, match="no request RR-999999"):
        settle_effect.hear(KEY, STANDS, {"number": "RR-999999", "why": WHY}, "approver")
    assert EffectLedger(engine).get(KEY).state == "escalated"


def test_send_it_again(escalated: str, engine: Engine, world: Sandbox, announced: list[tuple[str, str]]):
    """What stood counts as somebody else's, and ours is sent beside it."""
    before = world.truth()["return_requests"]
    settled = settle_effect.hear(KEY, SEND_AGAIN, {"why": WHY}, "approver")
    assert settle_effect.send_again(settled) == "demo-1"
    assert announced == [("approved_plan", "demo-1")]
    assert send(engine, world) == "done"
    assert EffectLedger(engine).get(KEY).remote_id != escalated
    assert world.truth()["return_requests"] == before + 1


def test_give_it_up(escalated: str, engine: Engine, world: Sandbox):
    """It is never sent, and the shipment counts as settled."""
    assert escalated
    settled = settle_effect.hear(KEY, GIVE_UP, {"why": WHY}, "approver")
    for follows in (settle_effect.tell_returns, settle_effect.send_again):
        with pytest.raises(NothingToDo):
            follows(settled)
    assert send(engine, world) == "cancelled"
    assert PlanStore(engine).get("plan-1").state == "approved"


@pytest.mark.usefixtures("announced")
class TestFreezing:
    """A database that is older than the world sends nothing."""

    def test_a_known_ledger_is_counted(self, engine: Engine, tmp_path: Path):
        """The witness keeps the highest number of attempts seen."""
        EffectLedger(engine).claim(KEY, 60)
        assert check_ledger().is_open
        assert Witness(UPath(tmp_path / "store")).seen() == 1

    def test_fewer_attempts_than_were_seen_freeze_it(self, engine: Engine, tmp_path: Path):
        """Disk and database were set back together; only the witness can tell."""
        Witness(UPath(tmp_path / "store")).keep(7)
        with pytest.raises(LedgerFrozen, match="holds 0 attempts, 7 were seen before"):
            check_ledger()
        assert EffectLedger(engine).claim(KEY, 60) is None
        with pytest.raises(LedgerFrozen):
            resolve_effects.try_again()

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"attempts": null}'])
    def test_a_broken_witness_stops_everything(self, tmp_path: Path, text: str):
        """What cannot be read does not count as zero."""
        path = tmp_path / "store" / "ledger" / "witness.json"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        with pytest.raises(LedgerFrozen, match="no witness of the ledger"):
            check_ledger()

    def test_a_person_opens_it_after_a_comparison(self, engine: Engine, world: Sandbox):
        """What stands and is unknown is shown; leaving it frozen changes nothing."""
        number = desk_of(world).create(world.request("somebody else's")).accepted
        EpochStore(engine).freeze("a backup was restored", "engineer")
        found = thaw_ledger.against()
        assert [one["exit_id"] for one in found] == ExitStore(engine).open_ids()
        assert number is not None
        assert number.request_no in found[0]["strange"]
        assert "May effects be sent" in thaw_ledger.ask(found)["subject"]
        assert thaw_ledger.hear(found, STAY, {}, "approver") == "frozen"
        assert not EpochStore(engine).current().is_open
        assert thaw_ledger.hear(found, OPEN, {"why": "all were compared"}, "approver") == "open"
        assert check_ledger().by_user == "approver"
        with pytest.raises(NothingToDo):
            thaw_ledger.against()

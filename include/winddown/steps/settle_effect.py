"""Settle an effect that only a person can settle: show what is known, hear the decision, act on it."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from include.winddown.adapters.stores.effect_people import EffectPeople
from include.winddown.adapters.stores.effects import Effect, EffectLedger
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.domain.errors import BadAnswer, BadParam, NothingToDo
from include.winddown.domain.settle import (
    GIVE_UP,
    SEND_AGAIN,
    Settlement,
    read_settlement,
    settled_as,
    word_question,
)
from include.winddown.domain.stands import Stand
from include.winddown.runtime import doors
from include.winddown.runtime.stations import APPROVED_PLAN, RETURN_REQUESTS, announce
from include.winddown.steps.gather import exit_of
from include.winddown.steps.kinds import Deeds


def find(effect: str) -> str:
    """Find the effect by the first digits of its key, and look it up once more if it is unknown."""
    rows = [
        row
        for row in ask_rows(doors.database(), "resolve_open", exit_id="")
        if row["effect_key"].startswith(effect)
    ]
    if len(rows) != 1:
        msg = f"{len(rows)} open effects begin with {effect!r}; `bin/winddown effects` lists them"
        raise BadParam(msg)
    if rows[0]["state"] not in ("escalated", "ready"):
        msg = f"effect {effect} is {rows[0]['state']}; it is looked up by resolve_effects, wait for that"
        raise BadParam(msg)
    return str(rows[0]["effect_key"])


def ask(effect_key: str) -> dict[str, Any]:
    """Word the question, with what stands outside now; or say what was answered already."""
    effect = EffectLedger(doors.database()).get(effect_key)
    history = EffectPeople(doors.database()).history(effect_key)
    settled = settled_as(effect.state, [str(row["kind"]) for row in history])
    if settled:
        return {"answered": {"exit_id": effect.exit_id, "choice": settled}}
    facts = {"exit_id": effect.exit_id, "kind": effect.kind, "state": effect.state, "request": effect.request}
    with ExitStack() as exits:
        seen = Deeds(exit_of(effect.exit_id), exits).of(effect).shown()
    return {
        "subject": f"[effect {effect_key[:12]}] What became of {effect.request.get('shipment_no', effect.kind)}?",
        "body": word_question(facts, history, seen),
    }


def hear(effect_key: str, choice: str, fields: Mapping[str, Any], by_user: str) -> dict[str, str]:
    """Take the decision down and act on it."""
    settlement = read_settlement(choice, fields, by_user)
    effect = EffectLedger(doors.database()).get(effect_key)
    people = EffectPeople(doors.database())
    if choice == GIVE_UP:
        people.cancel(effect_key, by_user, settlement.why)
    elif choice == SEND_AGAIN:
        people.resend(effect_key, by_user, settlement.why)
    else:
        _confirm(effect, settlement, people)
    return {"exit_id": effect.exit_id, "choice": choice}


def tell_returns(settled: dict[str, str] | None) -> str:
    """Tell the reconciliation that a request stands."""
    return _announce(settled, RETURN_REQUESTS, is_sent_again=False)


def send_again(settled: dict[str, str] | None) -> str:
    """Have create_returns take up what is to be sent again."""
    return _announce(settled, APPROVED_PLAN, is_sent_again=True)


def _confirm(effect: Effect, settlement: Settlement, people: EffectPeople) -> None:
    """Confirm by the number a person gave; it must stand outside and be the request we made."""
    people.decided(
        effect.effect_key, settlement.by_user, f"it stands as {settlement.number}: {settlement.why}"
    )
    with ExitStack() as exits:
        stand, detail = Deeds(exit_of(effect.exit_id), exits).of(effect).take(settlement.number)
    if stand is not Stand.DONE:
        raise BadAnswer(detail)


def _announce(settled: dict[str, str] | None, asset: Any, *, is_sent_again: bool) -> str:
    choice = (settled or {}).get("choice")
    if not settled or choice == GIVE_UP or (choice == SEND_AGAIN) != is_sent_again:
        msg = "nothing follows from the answer here"
        raise NothingToDo(msg)
    announce(asset, settled["exit_id"])
    return settled["exit_id"]

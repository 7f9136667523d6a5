"""Come back to a scheme that was left: weigh it, have a supply checked, ask a person, and what follows."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from include.winddown.adapters.own_report import write_report
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.rejoins import Rejoin, RejoinStore
from include.winddown.adapters.stores.watch_days import DONE, WatchDay, WatchDays
from include.winddown.domain import exit_course as course
from include.winddown.domain.carriers import own_order_minor
from include.winddown.domain.errors import IllegalMove, NothingToDo
from include.winddown.domain.rejoin import Readiness, Score
from include.winddown.domain.rejoin import score as score_of
from include.winddown.domain.rejoin_choice import (
    NEW_EXIT,
    NOT_NOW,
    REOPEN,
    check_way,
    checklist,
    monthly_gain,
    pieces_for,
    read_decision,
    read_form,
    word_question,
)
from include.winddown.domain.supply_check import rows_of, sum_up
from include.winddown.runtime import doors, own_doors
from include.winddown.runtime.stations import summarise, tell
from include.winddown.steps import own_warehouse as own
from include.winddown.steps.gather import exit_of

Key = dict[str, str]
"""exit_id and look, the name of the folder with what was looked up: what travels between these tasks."""

Weighed = dict[str, Any]
"""exit_id and rejoin_no."""

HEADINGS = {
    "score": "How ready",
    "todo": "To be done",
    "supply": "The supply that was checked",
}


def collect(exit_id: str, contract: str, supply_days: str) -> Key:
    """Look up how the exit stands, what the own warehouse sells, and how long the key lives."""
    state = CourseStore(doors.database()).state(exit_id)
    if state != course.CLOSED:
        msg = f"exit {exit_id} {course.what_first(state, course.REOPENED)}"
        raise IllegalMove(msg)
    has_contract, days = read_form(contract, supply_days)
    merchant_exit, watches = exit_of(exit_id), WatchDays(doors.store_root(), exit_id)
    watched, rules = watches.latest(), merchant_exit.policy.watch
    past = [one for one in watches.done() if one.name < watched.name]
    pieces = pieces_for(days, own.ask_pace(watched, past, rules))
    asked = {
        "watch": watched.name,
        "state": state,
        "has_contract": has_contract,
        "key_days": own_doors.key_days(merchant_exit),
        "open_claims_qty": _open_claims(exit_id),
        "sized_qty": len(own.sized(watched) & set(pieces)),
        "gain_minor": _gain(watched.facts("found"), rules.window_days),
        "pieces": pieces,
    }
    day = WatchDays(doors.store_root(), exit_id, "rejoin").begin(datetime.now(UTC))
    day.note("asked", asked)
    tell(f"{exit_id}: {len(pieces)} products sell, by the watch of {watched.at:%Y-%m-%d}")
    return {"exit_id": exit_id, "look": day.name}


def validate_supply(key: Key, way: str) -> Key:
    """Ask every partner warehouse whether it would take a supply of what sells; nothing is drafted."""
    check_way(way)
    day = _day(key)
    pieces = day.facts("asked")["pieces"]
    check = own_doors.supply_check(exit_of(key["exit_id"]), way)
    taken = [check.validate(place, pieces) for place in check.warehouses()] if pieces else []
    checked = sum_up(taken)
    day.keep("supply", pa.Table.from_pylist(list(rows_of(taken, pieces))))
    day.note("supply", asdict(checked))
    ready = "an unknown number" if checked.ready_qty is None else checked.ready_qty
    tell(
        f"{ready} of {len(pieces)} products would be taken; {len(checked.unasked)} warehouses could not be asked"
    )
    return key


def score(key: Key) -> Weighed:
    """Score how ready the merchant is, list what is to be done, and keep both."""
    day = _day(key)
    asked, supply = day.facts("asked"), day.facts("supply")
    known = Readiness(
        state=asked["state"],
        open_claims_qty=asked["open_claims_qty"],
        has_contract=asked["has_contract"],
        key_days=asked["key_days"],
        products_qty=len(asked["pieces"]),
        products_ready_qty=supply["ready_qty"],
        sized_qty=asked["sized_qty"],
        gain_minor=asked["gain_minor"],
    )
    found = score_of(known)
    todo = checklist(found, supply["rejected"], supply["unasked"])
    report = _report(key, day, found, todo)
    facts = asdict(known) | {"look": key["look"], "watch": asked["watch"], "todo": todo, "report": report}
    rejoin_no = _store().weigh(key["exit_id"], facts, found)
    sentence = f"{key['exit_id']}: {found.points} of 100 points for coming back; " + (
        "ready" if found.is_ready else f"first: {'; '.join(found.musts)}"
    )
    tell(sentence)
    summarise(sentence)
    return {"exit_id": key["exit_id"], "rejoin_no": rejoin_no}


def ask(weighed: Weighed) -> dict[str, Any]:
    """Show score and checklist to a person; or say what was decided."""
    found = _find(weighed)
    if found.decision:
        return {"answered": {**weighed, "decision": found.decision}}
    known = Readiness(**{name: found.facts[name] for name in Readiness.__slots__})
    subject, body = word_question(found.exit_id, score_of(known), found.facts["todo"], found.facts["report"])
    return {"subject": subject, "body": body}


def hear(weighed: Weighed, choice: str, fields: Mapping[str, Any], by_user: str) -> Weighed:
    """Take the decision down; a reopened exit moves on, a new one is drafted and linked."""
    found, today = _find(weighed), datetime.now(UTC).date()
    if found.decision:  # Airflow may bring an answer twice
        return {**weighed, "decision": found.decision}
    decision = read_decision(choice, fields, by_user, found.musts, today)
    exits, old = ExitStore(doors.database()), exit_of(found.exit_id)
    if decision.choice == REOPEN and decision.deadline_on:
        exits.add(replace(old, deadline_on=decision.deadline_on), by_user)
    if decision.choice == NEW_EXIT and decision.deadline_on:
        new = replace(old, exit_id=decision.new_exit_id, opened_on=today, deadline_on=decision.deadline_on)
        exits.add(new, by_user, course.DRAFTED)
    follows = _store().decide(found.exit_id, found.rejoin_no, decision)
    if decision.choice == NOT_NOW:
        msg = f"{by_user} leaves {found.exit_id} as it is, at {found.points} points"
        raise NothingToDo(msg)
    tell(f"{by_user}: {choice}; {follows} follows {found.exit_id}")
    return {**weighed, "decision": decision.choice, "next_exit_id": follows}


def _report(key: Key, day: WatchDay, found: Score, todo: list[str]) -> str:
    merchant_exit = exit_of(key["exit_id"])
    tables = {
        "score": pa.Table.from_pylist([asdict(part) for part in found.parts]),
        "todo": pa.Table.from_pylist([{"no": no, "what": what} for no, what in enumerate(todo, start=1)]),
        "supply": day.table("supply") or pa.table({}),
    }
    summary = f"{found.points} of 100 points, {'ready' if found.is_ready else 'not ready yet'}"
    title = f"Coming back: {merchant_exit.merchant}, {day.at:%Y-%m-%d}"
    workbook, page = write_report(title, summary, tables, HEADINGS)
    day.put("rejoin.html", page.encode())
    day.note(DONE, {"summary": summary})
    return day.put("rejoin.xlsx", workbook)


def _open_claims(exit_id: str) -> int:
    return int(ask_rows(doors.database(), "rejoin_claims", exit_id=exit_id)[0]["qty"])


def _gain(found: Mapping[str, Any], days: int) -> int | None:
    carriers = found["carriers"]
    own_minor = own_order_minor(
        (one["provider"], one["parcels_qty"], one["amount_minor"]) for one in carriers
    )
    return monthly_gain(own_minor, found["before"]["order_minor"], found["postings_qty"], days)


def _day(key: Key) -> WatchDay:
    return WatchDays(doors.store_root(), key["exit_id"], "rejoin").named(key["look"])


def _store() -> RejoinStore:
    return RejoinStore(doors.database())


def _find(weighed: Weighed) -> Rejoin:
    return _store().get(weighed["exit_id"], weighed["rejoin_no"])

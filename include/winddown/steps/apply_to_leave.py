"""Apply to leave: draft, photograph, file by a person, wait for the platform, and again after a refusal."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from include.winddown.adapters.letters.application import write_application
from include.winddown.adapters.stores.applications import Application, ApplicationStore
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.domain import exit_course as course
from include.winddown.domain.application import (
    AGAIN,
    FILED,
    Request,
    choice_of,
    read_decision,
    read_filing,
    read_request,
)
from include.winddown.domain.application_words import word_filing, word_next, word_review
from include.winddown.domain.dossier import StockSum, compile_dossier, read_dossier
from include.winddown.domain.errors import BadParam, IllegalMove, NothingToDo
from include.winddown.domain.exits import Exit
from include.winddown.domain.review import review_of, today_in
from include.winddown.runtime import clock, doors
from include.winddown.runtime.stations import EXIT_ACCEPTED, announce, started_by, tell
from include.winddown.steps.gate import judge_gate
from include.winddown.steps.gather import check_own_cabinet, day_of, exit_of, landed_at, snapshots
from include.winddown.steps.open_exit import FIELDS, check_approvers, read_form, store_exit
from include.winddown.steps.take_snapshot import (
    begin,
    compare,
    pull_catalogue,
    pull_fees,
    pull_orders,
    pull_stock,
    pull_supplies,
    pull_totals,
    validate,
)

__all__ = [
    "begin",
    "compare",
    "pull_catalogue",
    "pull_fees",
    "pull_orders",
    "pull_stock",
    "pull_supplies",
    "pull_totals",
    "validate",
]

Version = dict[str, Any]
"""exit_id and version_no, then what was decided: what travels between these tasks."""


def read_application(form: Mapping[str, object], today: date) -> tuple[Exit, Request]:
    """
    Turn the trigger form into an exit and what the merchant asks for.

    Raises:
        BadParam: a field is unknown, missing or cannot be; names it.
        BadExit, BadPolicy: as in open_exit.
    """
    unknown = sorted(set(form) - set(FIELDS) - set(Request.__slots__))
    if unknown:
        msg = f"unknown field {unknown[0]!r}; known are {', '.join(sorted((*FIELDS, *Request.__slots__)))}"
        raise BadParam(msg)
    request = read_request(form)
    today_in(request.country, clock.now())
    return read_form({name: value for name, value in form.items() if name in FIELDS}, today), request


def check_access(form: str) -> str:
    """Check the form, the connections, the key's roles and its end, before anything is stored."""
    merchant_exit, _ = _read(form)
    check_approvers(merchant_exit, started_by())
    doors.desk(merchant_exit)
    doors.dock(merchant_exit)
    marketplace = doors.marketplace(merchant_exit, None)
    check_own_cabinet(merchant_exit)
    found = "" if doors.reads_files(merchant_exit) else marketplace.check_access()
    tell(found or "the marketplace is read from files; there is no key to check")
    return merchant_exit.exit_id


def draft(form: str) -> str:
    """
    Open the exit as a draft, or find it drafted or refused.

    Raises:
        IllegalMove: its application is filed or decided, or it is past that.
    """
    merchant_exit, _ = _read(form)
    exit_id = merchant_exit.exit_id
    there, state = ExitStore(doors.database()).find(exit_id), CourseStore(doors.database()).find(exit_id)
    if there:
        if state not in (course.DRAFTED, course.REFUSED):
            msg = f"exit {exit_id} {course.what_first(str(state), course.FILED)}"
            raise IllegalMove(msg)
        merchant_exit = replace(merchant_exit, opened_on=there.opened_on)
    store_exit(merchant_exit, there, started_by(), course.DRAFTED)
    return exit_id


def keep(key: dict[str, Any]) -> dict[str, Any]:
    """Put the snapshot in force without telling the plan: nothing is planned before the answer."""
    snapshot_id = str(key["snapshot_id"])
    snapshots().seal(snapshot_id, landed_at(snapshot_id))
    return {"exit_id": key["exit_id"], "snapshot_id": snapshot_id}


def dossier(key: dict[str, Any]) -> dict[str, Any]:
    """Put together what lies where, what it is worth, and what would make the platform refuse."""
    merchant_exit, snapshot = exit_of(key["exit_id"]), snapshots().get(key["snapshot_id"])
    paths = {name: snapshots().paths(snapshot.snapshot_id, name) for name in ("stock", "catalogue")}
    stock = [StockSum(**row) for row in run_bulk("dossier_stock", paths).to_pylist()]
    facts = compile_dossier(merchant_exit.currency, stock, judge_gate(merchant_exit, snapshot))
    tell(
        f"{facts.units_qty} pieces; in the way: {', '.join(one.code for one in facts.obstacles) or 'nothing'}"
    )
    return {**key, "dossier": asdict(facts)}


def text(drafted: dict[str, Any], form: str) -> Version:
    """Write the application in three languages and keep it as the exit's next version."""
    exit_id, snapshot_id = drafted["exit_id"], drafted["snapshot_id"]
    _, request = _read(form)
    facts = read_dossier(drafted["dossier"])
    texts = write_application(exit_of(exit_id), request, facts, day_of(snapshots().get(snapshot_id)))
    version_no = _store().draft(exit_id, snapshot_id, request, drafted["dossier"], texts)
    return {"exit_id": exit_id, "version_no": version_no}


def ask_file(version: Version) -> dict[str, Any]:
    """Show the texts to a person who files one; or say that it is filed."""
    found = _find(version)
    if found.filed_on:
        return {"answered": version}
    return {
        "subject": f"[{found.exit_id}] File version {found.version_no} of the application to leave",
        "body": word_filing(read_dossier(found.dossier), found.texts),
    }


def hear_file(version: Version, choice: str, fields: Mapping[str, Any], by_user: str) -> Version:
    """Take number and day down; the exit is filed from now on."""
    if choice != FILED:
        msg = f"{by_user or 'nobody'} did not file it; start apply_to_leave again when it is to be filed"
        raise NothingToDo(msg)
    found = _find(version)
    filing = read_filing(fields, by_user, found.drafted_at.date(), _today(found))
    due_on = review_of(filing.filed_on, found.request.country).latest_on
    _store().file(found.exit_id, found.version_no, filing, due_on)
    return version


def ask_wait_for_review(version: Version) -> dict[str, Any]:
    """Begin the wait for the platform's answer; or say what it was."""
    found = _find(version)
    if found.decision or found.filed_on is None:
        return {"answered": {**version, "decision": found.decision}}
    courses = CourseStore(doors.database())
    if courses.state(found.exit_id) == course.FILED:
        courses.move(
            found.exit_id, course.IN_REVIEW, course.PRODUCT, f"{found.filed_number} waits for its answer"
        )
    return {
        "subject": f"[{found.exit_id}] What did the platform answer to {found.filed_number}?",
        "body": word_review(str(found.filed_number), review_of(found.filed_on, found.request.country)),
    }


def hear_wait_for_review(version: Version, choice: str, fields: Mapping[str, Any], by_user: str) -> Version:
    """Take the platform's answer down."""
    found = _find(version)
    filed_on = found.filed_on or found.drafted_at.date()
    decision = read_decision(choice, fields, by_user, filed_on, _today(found))
    _store().decide(found.exit_id, found.version_no, decision)
    return {**version, "decision": course.ACCEPTED if decision.is_accepted else course.REFUSED}


def accept(decided: Version) -> str:
    """Tell what comes next that the merchant may leave."""
    if decided["decision"] != course.ACCEPTED:
        msg = f"the application of {decided['exit_id']} was not accepted"
        raise NothingToDo(msg)
    announce(EXIT_ACCEPTED, decided["exit_id"])
    tell("accepted: a snapshot is taken now, and the plan follows from it")
    return str(decided["exit_id"])


def ask_what_next(decided: Version) -> dict[str, Any]:
    """Show what a refusal asks for; skipped when there was none, or when the next version is drafted."""
    found = _find(decided)
    newest = _store().versions(found.exit_id)[-1].version_no
    if found.decision != course.REFUSED or newest > found.version_no:
        msg = f"version {found.version_no} of {found.exit_id} needs nothing: it is {found.decision}, the newest is {newest}"
        raise NothingToDo(msg)
    choice = choice_of(str(found.decision_reason))
    return {
        "subject": f"[{found.exit_id}] The platform refused {found.filed_number}: what first?",
        "body": word_next(choice, str(found.decision_reason), read_dossier(found.dossier)),
    }


def hear_what_next(decided: Version, choice: str, fields: Mapping[str, Any], by_user: str) -> Version:
    """Apply again when a person says that what was asked for is done."""
    if choice != AGAIN:
        msg = f"{by_user or 'nobody'} leaves it at version {decided['version_no']} for now {dict(fields) or ''}".strip()
        raise NothingToDo(msg)
    return decided


def _read(form: str) -> tuple[Exit, Request]:
    return read_application(json.loads(form), clock.now().date())


def _store() -> ApplicationStore:
    return ApplicationStore(doors.database())


def _find(version: Version) -> Application:
    return _store().get(version["exit_id"], version["version_no"])


def _today(found: Application) -> date:
    return today_in(found.request.country, clock.now())

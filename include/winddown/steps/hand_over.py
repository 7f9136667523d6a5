"""Hand an exit over: what blocks it, delivery set up by a person, own stock told, the last snapshot, the closing."""

from collections.abc import Mapping
from typing import Any, NoReturn

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.hand_overs import HandOverStore, Step
from include.winddown.domain import exit_course as course
from include.winddown.domain.contract import ENDED, read_ending, word_ending
from include.winddown.domain.errors import NothingToDo, StillOpen
from include.winddown.domain.hand_over import word_blockers
from include.winddown.domain.return_fees import word_fees
from include.winddown.runtime import clock, doors
from include.winddown.runtime.stations import EXIT_CLOSED, announce, started_by, tell
from include.winddown.steps import mark_down, publishing
from include.winddown.steps.balance import bring_books_up_to_date
from include.winddown.steps.clearing import is_empty
from include.winddown.steps.exit_end import fees_of, last_step, left_of, write_last, write_page
from include.winddown.steps.gather import exit_and_snapshot, exit_of, snapshots
from include.winddown.steps.setting_up import ask_set_up, hear_set_up, prepare, publish_stock
from include.winddown.steps.standing import look, move_on, seen
from include.winddown.steps.take_snapshot import (
    begin,
    pull_catalogue,
    pull_fees,
    pull_orders,
    pull_stock,
    pull_supplies,
    pull_totals,
)
from include.winddown.steps.take_snapshot import compare as compare_landed
from include.winddown.steps.take_snapshot import validate as validate_landed

__all__ = [
    "ask_set_up",
    "begin",
    "hear_set_up",
    "prepare",
    "publish_stock",
    "pull_catalogue",
    "pull_fees",
    "pull_orders",
    "pull_stock",
    "pull_supplies",
    "pull_totals",
]


def standing(exit_id: str, no_supplies: str) -> str:
    """
    Move the exit on as far as it may go.

    Args:
        exit_id: whose.
        no_supplies: 'True' when whoever started the run has looked into the cabinet and found no inbound supply open.

    Raises:
        NothingToDo: something blocks it, or it is being handed over already, and nobody asked.
        StillOpen: the same when a person started the run.
    """
    user = started_by()
    merchant_exit, snapshot = exit_and_snapshot(exit_id)
    if user and no_supplies == "True":
        _store().add(exit_id, Step(kind="supplies", by_user=user, facts={}, snapshot_id=snapshot.snapshot_id))
    before = CourseStore(doors.database()).state(exit_id)
    if before in (course.CLEARING, course.SETTLING, course.HANDING_OVER) and is_empty(snapshot):
        bring_books_up_to_date(merchant_exit, snapshot)  # the gate may still be at it
    found = look(merchant_exit, snapshot)
    state, open_ones = move_on(exit_id, found, user or course.PRODUCT)
    if state not in (course.CLEARING, course.SETTLING, course.HANDING_OVER):
        _stop(user, f"exit {exit_id} is {state}; it is handed over once it was cleared")
    if open_ones:
        _stop(user, word_blockers(exit_id, state, open_ones))
    if before == course.HANDING_OVER and not user:
        _stop(user, f"exit {exit_id} is being handed over already; answer the questions of its run")
    _store().add(exit_id, seen(found, snapshot, user or course.PRODUCT))
    tell(f"exit {exit_id} is {state} and nothing of it is open")
    return exit_id


def restore(exit_id: str) -> str:
    """Give the first prices back, where the policy says so."""
    wanted = exit_of(exit_id).policy.prices.at_end
    restored = 0
    if wanted == "restore" and publishing.has_plan(exit_id):
        parts = mark_down.choose(exit_id)
        restored = sum(mark_down.change(part)["groups"] for part in parts)
        mark_down.verify(exit_id)
    facts = {"at_end": wanted, "groups": restored}
    _store().add(exit_id, Step(kind="prices", by_user=course.PRODUCT, facts=facts))
    return exit_id


def validate(key: dict[str, Any]) -> dict[str, Any]:
    """Judge the last snapshot; where the same files were imported before, the one in force is the last."""
    try:
        return validate_landed(key)
    except NothingToDo as same:
        newest = snapshots().latest_valid(key["exit_id"])
        tell(f"{same}; snapshot {newest.snapshot_id} stays the last one")
        return {**key, "snapshot_id": newest.snapshot_id, "is_known": True}


def compare(key: dict[str, Any]) -> dict[str, Any]:
    """Say what the last snapshot tells otherwise than the one before."""
    return key if key.get("is_known") else compare_landed(key)


def archive(key: dict[str, Any]) -> str:
    """
    Put the last snapshot in force, look at it once more, and write everything that is known of the exit beside it.

    Raises:
        StillOpen: the last snapshot shows something that is open.
        SnapshotDamaged: its files are not those that were written.
    """
    return write_last(key)


def ask_end_contract(exit_id: str) -> dict[str, Any]:
    """Show what to do for the end of the contract; or say that it has ended."""
    if last_step(exit_id, "ended"):
        return {"answered": exit_id}
    merchant_exit, kept, told = (
        exit_of(exit_id),
        last_step(exit_id, "archive"),
        last_step(exit_id, "own_stock"),
    )
    place = str(kept.facts["folder"]) if kept else ""
    left = left_of(told.facts["became"]) if told else []
    return {
        "subject": f"[{exit_id}] End the contract of the scheme",
        "body": word_ending(place, word_fees(fees_of(merchant_exit), merchant_exit.currency), left),
    }


def hear_end_contract(exit_id: str, choice: str, fields: Mapping[str, Any], by_user: str) -> str:
    """Take down that the contract has ended."""
    if choice != ENDED:
        msg = f"{by_user or 'nobody'} has not ended the contract; start hand_over by hand when it has ended"
        raise NothingToDo(msg)
    ending = read_ending(fields, by_user, clock.now().date())
    facts = {"number": ending.number, "ended_on": ending.ended_on.isoformat()}
    _store().add(exit_id, Step(kind="ended", by_user=by_user, facts=facts))
    return exit_id


def report(exit_id: str) -> str:
    """Write the report of the exit into the store."""
    tell(f"the report is {write_page(exit_id)}")
    return exit_id


def close(exit_id: str) -> str:
    """
    Close the exit, if nothing of it is open; the database looks as well.

    Raises:
        StillOpen: something is open after all.
    """
    if CourseStore(doors.database()).state(exit_id) != course.CLOSED:
        merchant_exit, snapshot = exit_and_snapshot(exit_id)
        found = look(merchant_exit, snapshot)
        state, open_ones = move_on(exit_id, found, course.PRODUCT)
        if open_ones:
            raise StillOpen(word_blockers(exit_id, state, open_ones))
        ended = last_step(exit_id, "ended")
        who = ended.by_user if ended else course.PRODUCT
        _store().close(exit_id, seen(found, snapshot, who), "the contract has ended and nothing is open")
    announce(EXIT_CLOSED, exit_id)
    return exit_id


def _store() -> HandOverStore:
    return HandOverStore(doors.database())


def _stop(user: str | None, sentence: str) -> NoReturn:
    """End the run: as a failure for whoever asked, quietly for a snapshot or a reconciliation."""
    if user:
        raise StillOpen(sentence)
    raise NothingToDo(sentence)

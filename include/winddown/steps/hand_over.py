"""Hand an exit over: move it on, or say exactly what still blocks it."""

from typing import NoReturn

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.hand_overs import HandOverStore, Step
from include.winddown.domain import exit_course as course
from include.winddown.domain.errors import NothingToDo, StillOpen
from include.winddown.domain.hand_over import word_blockers
from include.winddown.runtime import doors
from include.winddown.runtime.stations import started_by, tell
from include.winddown.steps.gather import exit_and_snapshot
from include.winddown.steps.standing import look, move_on, seen


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
    store = HandOverStore(doors.database())
    if user and no_supplies == "True":
        store.add(exit_id, Step(kind="supplies", by_user=user, facts={}, snapshot_id=snapshot.snapshot_id))
    before = CourseStore(doors.database()).state(exit_id)
    found = look(merchant_exit, snapshot)
    state, open_ones = move_on(exit_id, found, user or course.PRODUCT)
    if state not in (course.CLEARING, course.SETTLING, course.HANDING_OVER):
        _stop(user, f"exit {exit_id} is {state}; it is handed over once it was cleared")
    if open_ones:
        _stop(user, word_blockers(exit_id, state, open_ones))
    if before == course.HANDING_OVER and not user:
        _stop(user, f"exit {exit_id} is being handed over already; answer the questions of its run")
    store.add(exit_id, seen(found, snapshot, user or course.PRODUCT))
    tell(f"exit {exit_id} is {state} and nothing of it is open")
    return exit_id


def _stop(user: str | None, sentence: str) -> NoReturn:
    """End the run: as a failure for whoever asked, quietly for a snapshot or a reconciliation."""
    if user:
        raise StillOpen(sentence)
    raise NothingToDo(sentence)

"""Where an exit stands on its way to the closing: gathered from its snapshot, its books and its ledger."""

from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.hand_overs import HandOverStore, Step
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.domain import exit_course as course
from include.winddown.domain.exits import Exit
from include.winddown.domain.hand_over import (
    CLEARING_KINDS,
    KINDS,
    Blocker,
    Standing,
    blockers,
    open_counts,
    stand,
)
from include.winddown.runtime import doors
from include.winddown.steps.gate import judge_gate, unread_rows
from include.winddown.steps.gather import snapshots

FOLLOWING = {course.CLEARING: course.SETTLING, course.SETTLING: course.HANDING_OVER}
WHY = {
    course.SETTLING: "the returns are requested and nothing is left to plan",
    course.HANDING_OVER: "stock, orders, supplies, returns, discrepancies and claims are settled",
}


def look(merchant_exit: Exit, snapshot: Snapshot) -> Standing:
    """Gather where an exit stands, as this snapshot and the own database know it."""
    exit_id, store = merchant_exit.exit_id, HandOverStore(doors.database())
    unread = unread_rows(snapshot.snapshot_id)
    return stand(
        judge_gate(merchant_exit, snapshot),
        _stock(exit_id, snapshot),
        store.open(exit_id),
        unread["order_rows"] + unread["stock_rows"],
        no_supplies=store.confirmed(exit_id, snapshot.snapshot_id) is not None,
    )


def seen(standing: Standing, snapshot: Snapshot, by_user: str) -> Step:
    """Word what was seen as a step that is kept."""
    facts = {"open": open_counts(standing)}
    return Step(kind="standing", by_user=by_user, facts=facts, snapshot_id=snapshot.snapshot_id)


def move_on(exit_id: str, standing: Standing, by_user: str) -> tuple[str, tuple[Blocker, ...]]:
    """
    Move an exit as far as it may go, up to handing over; each move says who made it.

    Returns:
        The state it is in now, and what keeps it there.
    """
    courses = CourseStore(doors.database())
    state = courses.state(exit_id)
    while state in FOLLOWING:
        found = blockers(standing, CLEARING_KINDS if state == course.CLEARING else KINDS)
        if found:
            return state, found
        following = FOLLOWING[state]
        courses.move(exit_id, following, by_user, WHY[following])
        state = following
    return state, blockers(standing)


def _stock(exit_id: str, snapshot: Snapshot) -> dict[str, int]:
    """Count the pieces that are there and on no return, by SKU."""
    there = run_bulk("balance_stock", {"stock": snapshots().paths(snapshot.snapshot_id, "stock")})
    books = MovementStore(doors.database()).balance(exit_id).to_pylist()
    leaving = {row["sku"]: row["qty"] for row in books if row["node"] == "IN_REMOVAL"}
    return {row["sku"]: max(row["there_qty"] - leaving.get(row["sku"], 0), 0) for row in there.to_pylist()}

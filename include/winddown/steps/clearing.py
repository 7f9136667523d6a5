"""Begin to clear an exit's stock, once the platform has agreed."""

from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.domain.errors import NothingToDo
from include.winddown.domain.exit_course import ACCEPTED, CLEARING, MAY_SEND, PRODUCT, REOPENED
from include.winddown.runtime import doors
from include.winddown.steps.gather import snapshots


def begin_clearing(exit_id: str) -> None:
    """
    Let an exit be planned; one that was accepted or opened again is cleared from now on.

    Raises:
        NothingToDo: its application is not decided, or it is closed.
    """
    courses = CourseStore(doors.database())
    state = courses.state(exit_id)
    if state not in MAY_SEND:
        msg = f"exit {exit_id} is {state}; a plan is made once the platform has answered, and none after the closing"
        raise NothingToDo(msg)
    if state in (ACCEPTED, REOPENED):
        courses.move(exit_id, CLEARING, PRODUCT, "its first snapshot since is at the gate")


def is_empty(snapshot: Snapshot) -> bool:
    """Tell whether nothing lies in the warehouses any more, apart from what is called lost."""
    stock = run_bulk("balance_stock", {"stock": snapshots().paths(snapshot.snapshot_id, "stock")})
    return not sum(stock["there_qty"].to_pylist())


def stop_without_stock(snapshot: Snapshot) -> None:
    """
    End a run that has nothing to plan.

    Raises:
        NothingToDo: nothing lies in the warehouses.
    """
    if is_empty(snapshot):
        msg = f"nothing lies in the warehouses in snapshot {snapshot.snapshot_id}; there is nothing to plan"
        raise NothingToDo(msg)


def stop_if_nothing_is_planned(exit_id: str) -> None:
    """
    End a run that put no plan up because none is wanted.

    Raises:
        NothingToDo: as begin_clearing and stop_without_stock.
    """
    begin_clearing(exit_id)
    stop_without_stock(snapshots().latest_valid(exit_id))

"""Begin to clear an exit's stock, once the platform has agreed."""

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.domain.errors import NothingToDo
from include.winddown.domain.exit_course import ACCEPTED, CLEARING, MAY_SEND, PRODUCT, REOPENED
from include.winddown.runtime import doors


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

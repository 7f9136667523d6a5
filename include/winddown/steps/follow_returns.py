"""Name the exits whose returns are still on the way."""

from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.domain.errors import NothingToDo
from include.winddown.runtime import doors
from include.winddown.runtime.stations import RETURN_REQUESTS, announce


def due() -> list[str]:
    """Have every exit with an open count or claim reconciled again."""
    exit_ids = [str(row["exit_id"]) for row in ask_rows(doors.database(), "follow_open")]
    if not exit_ids:
        msg = "no return request waits for a count, and no claim for its end"
        raise NothingToDo(msg)
    announce(RETURN_REQUESTS, *exit_ids)
    return exit_ids

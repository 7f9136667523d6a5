"""The course of an exit: its states, which may follow which, and what must come first."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from include.winddown.domain.errors import IllegalMove

DRAFTED = "drafted"
FILED = "filed"
IN_REVIEW = "in_review"
REFUSED = "refused"
ACCEPTED = "accepted"
CLEARING = "clearing"
SETTLING = "settling"
HANDING_OVER = "handing_over"
CLOSED = "closed"
REOPENED = "reopened"

MOVES: dict[str, tuple[str, ...]] = {
    DRAFTED: (FILED,),
    FILED: (IN_REVIEW,),
    IN_REVIEW: (REFUSED, ACCEPTED),
    REFUSED: (FILED,),
    ACCEPTED: (CLEARING,),
    CLEARING: (SETTLING,),
    SETTLING: (HANDING_OVER,),
    HANDING_OVER: (CLOSED,),
    CLOSED: (REOPENED,),
    REOPENED: (CLEARING,),
}
"""State → the states it may become; migrations/sql/0010_leave.sql says the same to the database."""

STATES = tuple(MOVES)
FIRST = (DRAFTED, CLEARING)
"""An exit begins as a draft, or in the midst of it when the platform has agreed already."""

LEAVING = (ACCEPTED, CLEARING, SETTLING, HANDING_OVER, REOPENED)
"""The platform has agreed: snapshots are taken each morning, and stock goes."""

MAY_SEND = (*LEAVING, REFUSED)
"""Something may be done to the outside. After a refusal as well: "clear the stock first" is a common one."""

PRODUCT = "winddown"
"""Who made a move that follows from the work and from nobody's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """
    One step of an exit's course.

    Attributes:
        from_state: None for the first one.
        by_user: who made it, or PRODUCT.
        why: in words.
    """

    from_state: str | None
    to_state: str
    by_user: str
    why: str


def judge_move(exit_id: str, state: str, to_state: str, by_user: str, why: str) -> Move:
    """
    Let an exit move on, if that state may follow the one it is in.

    Raises:
        IllegalMove: it may not, or nobody or no reason is named; says what must come first.
    """
    if to_state not in MOVES:
        msg = f"exit {exit_id}: {to_state!r} is no state of an exit; known are {', '.join(STATES)}"
        raise IllegalMove(msg)
    if not by_user.strip() or not why.strip():
        msg = f"exit {exit_id} cannot become {to_state} without a name and a reason; say who moves it and why"
        raise IllegalMove(msg)
    if to_state not in MOVES.get(state, ()):
        msg = f"exit {exit_id} {what_first(state, to_state)}"
        raise IllegalMove(msg)
    return Move(from_state=state, to_state=to_state, by_user=by_user.strip(), why=why.strip())


def what_first(state: str, to_state: str) -> str:
    """Say in words what stands between two states: the shortest way, for a message."""
    if state == to_state:
        return f"is {state} already; nothing has to be done"
    way = path(state, to_state)
    if not way:
        return f"is {state} and never becomes {to_state} again; open a new exit for that"
    return f"is {state} and cannot become {to_state} yet; first it has to be {', then '.join(way[:-1])}"


def path(state: str, to_state: str) -> tuple[str, ...]:
    """Find the shortest way from one state to another, the goal included; empty = there is none."""
    ways: deque[tuple[str, tuple[str, ...]]] = deque([(state, ())])
    seen: set[str] = set()
    while ways:
        here, way = ways.popleft()
        for there in MOVES.get(here, ()):
            if there == to_state:
                return (*way, there)
            if there not in seen:
                seen.add(there)
                ways.append((there, (*way, there)))
    return ()


def replay(exit_id: str, moves: Sequence[Move]) -> str:
    """
    Follow recorded moves from the first one on.

    Returns:
        The state after the last of them.

    Raises:
        IllegalMove: one does not follow from the one before, or the first is no beginning.
    """
    state: str | None = None
    for number, move in enumerate(moves, start=1):
        is_first = state is None and move.from_state is None and move.to_state in FIRST
        if not is_first and (state is None or move.from_state != state):
            msg = f"exit {exit_id}: move {number} goes from {move.from_state}, and the exit was {state}; look at exit_move"
            raise IllegalMove(msg)
        if state is not None:
            judge_move(exit_id, state, move.to_state, move.by_user, move.why)
        state = move.to_state
    if state is None:
        msg = f"exit {exit_id} has no move; every exit begins with one, so look at exit_move"
        raise IllegalMove(msg)
    return state

"""Exits brought into a state, for the contract tests of what follows from it."""

from sqlalchemy import Engine, text

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.hand_overs import HandOverStore, Step
from include.winddown.domain.exit_course import CLOSED, path
from include.winddown.domain.hand_over import SEEN

NEWEST = """
select snapshot_id from snapshot where exit_id = :exit_id and state = 'valid' order by sealed_at desc limit 1
"""


def walk(engine: Engine, exit_id: str, to_state: str) -> None:
    """Move an exit along the shortest way; before the closing everything is done that it asks for."""
    courses = CourseStore(engine)
    for state in path(courses.state(exit_id), to_state):
        if state == CLOSED:
            hand_over(engine, exit_id)
        courses.move(exit_id, state, "ada", "for a test")


def hand_over(engine: Engine, exit_id: str, *left_out: str, **open_counts: int | None) -> None:
    """Write down every step of a hand-over that found nothing open, with changes."""
    with engine.connect() as connection:
        newest = connection.scalar(text(NEWEST), {"exit_id": exit_id})
    for kind in ("set_up", "archive", "ended", "standing"):
        facts = {"open": dict.fromkeys(SEEN, 0) | open_counts} if kind == "standing" else {}
        if kind not in left_out:
            HandOverStore(engine).add(
                exit_id, Step(kind=kind, by_user="ada", facts=facts, snapshot_id=newest)
            )

"""Exits brought into a state, for the contract tests of what follows from it."""

from sqlalchemy import Engine

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.domain.exit_course import path


def walk(engine: Engine, exit_id: str, to_state: str) -> None:
    """Move an exit along the shortest way."""
    courses = CourseStore(engine)
    for state in path(courses.state(exit_id), to_state):
        courses.move(exit_id, state, "ada", "for a test")

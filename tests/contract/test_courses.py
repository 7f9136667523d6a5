"""The course of exits in a real PostgreSQL: the database refuses what the domain refuses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.tables import exit_move
from include.winddown.domain.errors import IllegalMove, NothingToDo, UnknownExit
from include.winddown.domain.exit_course import (
    ACCEPTED,
    CLEARING,
    CLOSED,
    DRAFTED,
    FILED,
    IN_REVIEW,
    MAY_SEND,
    MOVES,
    REFUSED,
    REOPENED,
    STATES,
    Move,
    replay,
)
from include.winddown.domain.exits import Exit
from include.winddown.runtime import doors
from include.winddown.steps.clearing import begin_clearing
from tests.contract.courses import walk
from tests.contract.intents import intent


@pytest.fixture
def courses(engine: Engine, merchant_exit: Exit) -> CourseStore:
    """The courses, with one exit that is drafted by zoe."""
    ExitStore(engine).add(merchant_exit, "zoe", DRAFTED)
    return CourseStore(engine)


def test_a_course_is_kept_from_the_first_move_on(courses: CourseStore) -> None:
    """Who, from where, to where and why, in order; the state is the last of them."""
    courses.move("demo-1", FILED, "ada", "number 77-1")
    courses.move("demo-1", IN_REVIEW, "winddown", "the platform looks at it")
    courses.move("demo-1", REFUSED, "ben", "clear the stock first")
    assert courses.history("demo-1") == [
        Move(from_state=None, to_state=DRAFTED, by_user="zoe", why="opened"),
        Move(from_state=DRAFTED, to_state=FILED, by_user="ada", why="number 77-1"),
        Move(from_state=FILED, to_state=IN_REVIEW, by_user="winddown", why="the platform looks at it"),
        Move(from_state=IN_REVIEW, to_state=REFUSED, by_user="ben", why="clear the stock first"),
    ]
    assert replay("demo-1", courses.history("demo-1")) == courses.state("demo-1") == REFUSED


def test_an_illegal_move_leaves_nothing_behind(courses: CourseStore) -> None:
    """Neither the state nor the history changes."""
    with pytest.raises(IllegalMove, match="first it has to be filed, then in_review"):
        courses.move("demo-1", ACCEPTED, "ada", "they said yes")
    assert (courses.state("demo-1"), len(courses.history("demo-1"))) == (DRAFTED, 1)
    with pytest.raises(UnknownExit, match="no exit 'demo-9'"):
        courses.move("demo-9", FILED, "ada", "why")


RAW_MOVE = """
insert into exit_move (exit_id, move_no, from_state, to_state, by_user, why)
select exit_id, max(move_no) + 1, :before, :after, 'ada', 'by hand' from exit_move where exit_id = 'demo-1' group by 1
"""


def test_the_database_allows_the_same_moves_as_the_domain(courses: CourseStore, engine: Engine) -> None:
    """All pairs, written past our code: what it takes is the table of the domain, no more and no less."""
    with engine.connect() as connection:
        allowed = {
            (before, after)
            for before in STATES
            for after in STATES
            if connection.scalar(text("select exit_may_move(:b, :a)"), {"b": before, "a": after})
        }
    assert allowed == {(before, after) for before, afters in MOVES.items() for after in afters}
    for state in (DRAFTED, IN_REVIEW, CLEARING, CLOSED):
        walk(engine, "demo-1", state)
        for after in set(STATES) - set(MOVES[state]):
            with pytest.raises(IntegrityError, match="cannot become"), engine.begin() as connection:
                connection.execute(text(RAW_MOVE), {"before": state, "after": after})
    assert courses.state("demo-1") == CLOSED


BY_HAND = "insert into exit_move (exit_id, move_no, from_state, to_state, by_user, why) values "


@pytest.mark.parametrize(
    "statement",
    [
        "update exit set state = 'filed'",
        "update exit set state = 'closed'",
        "update exit_move set why = 'another'",
        "delete from exit_move",
        "truncate exit_move",
        BY_HAND + "('demo-1', 3, 'drafted', 'filed', 'ada', 'w')",
        BY_HAND + "('demo-1', 2, 'clearing', 'settling', 'ada', 'w')",
        BY_HAND + "('demo-1', 2, 'drafted', 'filed', ' ', 'w')",
        BY_HAND + "('demo-1', 2, null, 'drafted', 'ada', 'w')",
        """insert into exit select 'demo-2', merchant, marketplace_conn, desk_conn, dock_conn, destination,
            currency, opened_on, deadline_on, policy, 'accepted', created_at from exit""",
    ],
)
def test_nothing_goes_past_the_moves(courses: CourseStore, engine: Engine, statement: str) -> None:
    """A state without its move, a move that is changed, skipped, unsigned or untrue, a late beginning."""
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))
    assert (courses.state("demo-1"), len(courses.history("demo-1"))) == (DRAFTED, 1)


def test_two_who_move_at_once_move_once(courses: CourseStore, engine: Engine) -> None:
    """One of them is told that it is done already."""

    def file(_: int) -> str:
        try:
            return courses.move("demo-1", FILED, "ada", "number 77-1").to_state
        except IllegalMove as late:
            return str(late)

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(file, range(4)))
    assert said == [*["exit demo-1 is filed already; nothing has to be done"] * 3, FILED]
    with engine.connect() as connection:
        assert connection.execute(exit_move.select()).rowcount == 2


def test_only_exits_that_leave_are_worked_on(engine: Engine, merchant_exit: Exit) -> None:
    """An application alone takes no snapshot each morning; a closed exit is not open."""
    exits = ExitStore(engine)
    for number, state in enumerate(STATES):
        exits.add(replace(merchant_exit, exit_id=f"in-{number}"), "zoe", DRAFTED)
        walk(engine, f"in-{number}", state)
    by_id = {f"in-{number}": state for number, state in enumerate(STATES)}
    assert [by_id[exit_id] for exit_id in exits.leaving_ids()] == [
        ACCEPTED,
        CLEARING,
        "settling",
        "handing_over",
        REOPENED,
    ]
    assert CLOSED not in [by_id[exit_id] for exit_id in exits.open_ids()]
    assert len(exits.open_ids()) == len(STATES) - 1


@pytest.mark.parametrize("state", STATES)
def test_a_plan_begins_the_clearing(
    courses: CourseStore, engine: Engine, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """Once accepted or opened again it is cleared; before the answer and after the closing nothing is planned."""
    monkeypatch.setattr(doors, "database", lambda: engine)
    walk(engine, "demo-1", state)
    if state in MAY_SEND:
        begin_clearing("demo-1")
        assert courses.state("demo-1") == (CLEARING if state in (ACCEPTED, REOPENED) else state)
    else:
        with pytest.raises(NothingToDo, match=f"exit demo-1 is {state}"):
            begin_clearing("demo-1")


def test_nothing_is_sent_for_a_closed_exit(
    engine: Engine, approved_plan_id: str, plan_of: Callable[..., dict[str, object]]
) -> None:
    """The ledger takes no new effect, even with an approved plan behind it."""
    assert plan_of()["plan_id"] == approved_plan_id
    walk(engine, "demo-1", CLOSED)
    with pytest.raises(DBAPIError, match="belongs to exit demo-1, which is closed"):
        EffectLedger(engine).intend(intent())

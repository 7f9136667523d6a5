"""The course of exits in PostgreSQL: where each stands, and every move it made."""

from sqlalchemy import Connection, Engine, func, insert, select

from include.winddown.adapters.stores.tables import exit_, exit_move
from include.winddown.domain.errors import UnknownExit
from include.winddown.domain.exit_course import Move, judge_move


class CourseStore:
    """Moves of exits; the database refuses an illegal one as well."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def state(self, exit_id: str) -> str:
        """
        Tell the state an exit is in.

        Raises:
            UnknownExit: there is none of that id.
        """
        with self._engine.connect() as connection:
            return _state(connection, exit_id, is_locked=False)

    def find(self, exit_id: str) -> str | None:
        """Tell the state an exit is in; None when there is none of that id."""
        query = select(exit_.c.state).where(exit_.c.exit_id == exit_id)
        with self._engine.connect() as connection:
            state: str | None = connection.scalar(query)
        return state

    def move(self, exit_id: str, to_state: str, by_user: str, why: str) -> Move:
        """
        Move an exit on and write it down, both or neither.

        Raises:
            IllegalMove: that state cannot follow; says what must come first.
        """
        with self._engine.begin() as connection:
            return move_in(connection, exit_id, to_state, by_user, why)

    def history(self, exit_id: str) -> list[Move]:
        """List every move of an exit, the first one first."""
        query = (
            select(exit_move.c.from_state, exit_move.c.to_state, exit_move.c.by_user, exit_move.c.why)
            .where(exit_move.c.exit_id == exit_id)
            .order_by(exit_move.c.move_no)
        )
        with self._engine.connect() as connection:
            return [Move(**row) for row in connection.execute(query).mappings()]


def move_in(connection: Connection, exit_id: str, to_state: str, by_user: str, why: str) -> Move:
    """Move an exit within a transaction that writes more than that; see CourseStore.move."""
    move = judge_move(exit_id, _state(connection, exit_id, is_locked=True), to_state, by_user, why)
    last = select(func.max(exit_move.c.move_no)).where(exit_move.c.exit_id == exit_id)
    connection.execute(
        insert(exit_move).values(
            exit_id=exit_id,
            move_no=(connection.scalar(last) or 0) + 1,
            from_state=move.from_state,
            to_state=move.to_state,
            by_user=move.by_user,
            why=move.why,
        )
    )
    return move


def _state(connection: Connection, exit_id: str, *, is_locked: bool) -> str:
    query = select(exit_.c.state).where(exit_.c.exit_id == exit_id)
    state: str | None = connection.scalar(query.with_for_update() if is_locked else query)
    if state is None:
        msg = f"no exit {exit_id!r}; begin with the DAG apply_to_leave or open_exit"
        raise UnknownExit(msg)
    return state

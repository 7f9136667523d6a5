"""Coming back to a scheme, in PostgreSQL: what was weighed, what a person decided, which exit followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from include.winddown.adapters.stores.courses import move_in
from include.winddown.adapters.stores.tables import rejoin
from include.winddown.domain import exit_course as course
from include.winddown.domain.errors import DecisionIsFinal, IllegalMove
from include.winddown.domain.rejoin import Score
from include.winddown.domain.rejoin_choice import DECISIONS, REOPEN, Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejoin:
    """
    One weighing.

    Attributes:
        facts: what was known, as JSON.
        decision: reopen, new_exit or not_now; None until it is decided.
        next_exit_id: the exit that followed; None = none did.
    """

    exit_id: str
    rejoin_no: int
    facts: dict[str, Any]
    points: int
    musts: tuple[str, ...]
    decision: str | None
    decided_by: str | None
    next_exit_id: str | None


class RejoinStore:
    """What was weighed and decided; neither ever changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def weigh(self, exit_id: str, facts: Mapping[str, Any], score: Score) -> int:
        """Keep what was weighed; the same look again gives the number there is."""
        same = (rejoin.c.exit_id == exit_id) & (rejoin.c.facts["look"].astext == str(facts["look"]))
        with self._engine.begin() as connection:
            there: int | None = connection.scalar(select(rejoin.c.rejoin_no).where(same))
            if there is not None:
                return there
            last = select(func.max(rejoin.c.rejoin_no)).where(rejoin.c.exit_id == exit_id)
            rejoin_no: int = (connection.scalar(last) or 0) + 1
            connection.execute(
                insert(rejoin).values(
                    exit_id=exit_id,
                    rejoin_no=rejoin_no,
                    facts=dict(facts),
                    points=score.points,
                    musts=list(score.musts),
                )
            )
        return rejoin_no

    def get(self, exit_id: str, rejoin_no: int) -> Rejoin:
        """
        Find one.

        Raises:
            IllegalMove: nothing was weighed under that number.
        """
        columns = [rejoin.c[name] for name in Rejoin.__slots__]
        with self._engine.connect() as connection:
            row = connection.execute(select(*columns).where(_of(exit_id, rejoin_no))).one_or_none()
        if row is None:
            msg = f"exit {exit_id} has no weighing {rejoin_no}; start the DAG rejoin"
            raise IllegalMove(msg)
        return Rejoin(**{**row._asdict(), "musts": tuple(row.musts)})

    def decide(self, exit_id: str, rejoin_no: int, decision: Decision) -> str | None:
        """
        Write a decision down, and move a reopened exit; both or neither.

        Returns:
            The exit that follows: the old one, the new one, or None.

        Raises:
            DecisionIsFinal: it was decided upon already.
            IllegalMove: the exit is no longer closed.
        """
        next_exit_id = exit_id if decision.choice == REOPEN else decision.new_exit_id or None
        with self._engine.begin() as connection:
            if decision.choice == REOPEN:
                why = f"weighing {rejoin_no}: goods go back to the scheme until {decision.deadline_on}"
                move_in(connection, exit_id, course.REOPENED, decision.by_user, why)
            _decide(connection, exit_id, rejoin_no, decision, next_exit_id)
        return next_exit_id


def _of(exit_id: str, rejoin_no: int) -> Any:
    return (rejoin.c.exit_id == exit_id) & (rejoin.c.rejoin_no == rejoin_no)


def _decide(
    connection: Connection, exit_id: str, rejoin_no: int, decision: Decision, next_exit_id: str | None
) -> None:
    values = {
        "decision": DECISIONS[decision.choice],
        "decided_by": decision.by_user,
        "decided_at": func.now(),
        "next_exit_id": next_exit_id,
    }
    is_open = _of(exit_id, rejoin_no) & rejoin.c.decision.is_(None)
    if connection.execute(update(rejoin).where(is_open).values(values)).rowcount != 1:
        msg = f"weighing {rejoin_no} of {exit_id} is decided already; read the table rejoin"
        raise DecisionIsFinal(msg)

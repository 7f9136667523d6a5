"""What people are asked about return requests, and what they typed as an answer; only ever added to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import desk_answer, desk_question, effect
from include.winddown.domain.desk_answers import DeskAnswer
from include.winddown.domain.effects import AcceptedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """
    Who typed something, when and where.

    Attributes:
        ti_id, dag_run_id: the Airflow task instance and run that asked.
        user_id, user_name: who; the id is None when Airflow does not know.
        answered_at: when, by Airflow's clock.
        typed: the form as it came.
    """

    ti_id: str
    dag_run_id: str
    user_id: str | None
    user_name: str
    answered_at: datetime
    typed: Mapping[str, object]


class DeskAnswerStore:
    """Questions to people, and what they typed: the good answers and those that could not be used."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note_asked(self, effect_key: str, dag_run_id: str, seconds: float) -> None:
        """Write down that a run asks about a request, for so long unless it is noted again."""
        until = func.clock_timestamp() + timedelta(seconds=seconds)
        row = {"effect_key": effect_key, "dag_run_id": dag_run_id, "open_until": until}
        with self._engine.begin() as connection:
            connection.execute(insert(desk_question).values(row))

    def asked_elsewhere(self, exit_id: str, dag_run_id: str) -> set[str]:
        """Name the open requests of an exit that another run asks about."""
        query = (
            select(desk_question.c.effect_key)
            .join_from(desk_question, effect)
            .where(
                effect.c.exit_id == exit_id,
                effect.c.state == "unknown",
                desk_question.c.dag_run_id != dag_run_id,
                desk_question.c.open_until > func.clock_timestamp(),
            )
        )
        with self._engine.connect() as connection:
            return set(connection.scalars(query))

    def add(self, effect_key: str, typing: Typing, answer: DeskAnswer | None, problem: str = "") -> None:
        """
        Take down what somebody typed; the same again is found, not added.

        Args:
            effect_key: of the return request.
            typing: who, when, what.
            answer: how it was read; None when it cannot be used.
            problem: then why not, for people.
        """
        row = {"effect_key": effect_key, **asdict(typing), "problem": problem}
        if answer is not None:
            lines = [asdict(line) for line in answer.lines]
            row |= {
                name: getattr(answer, name)
                for name in ("request_no", "refusal", "act_no", "act_on", "act_file")
            }
            row |= {"lines": lines if answer.request_no else None}
        with self._engine.begin() as connection:
            connection.execute(insert(desk_answer).values(row).on_conflict_do_nothing())

    def of(self, effect_key: str) -> list[DeskAnswer]:
        """List the usable answers to one request, oldest first."""
        names = ("request_no", "lines", "refusal", "act_no", "act_on", "act_file")
        query = select(*(desk_answer.c[name] for name in names)).where(
            desk_answer.c.effect_key == effect_key, desk_answer.c.problem == ""
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(desk_answer.c.answer_no)).mappings()
            return [DeskAnswer(**{**row, "lines": _lines(row["lines"])}) for row in rows]

    def last_problem(self, effect_key: str, dag_run_id: str) -> tuple[str, dict[str, Any]] | None:
        """Find what was wrong with what was typed last in a run, and what that was; None when nothing is."""
        query = select(desk_answer.c.problem, desk_answer.c.typed).where(
            desk_answer.c.effect_key == effect_key, desk_answer.c.dag_run_id == dag_run_id
        )
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(desk_answer.c.answer_no.desc()).limit(1)).one_or_none()
        return (row.problem, dict(row.typed)) if row and row.problem else None


def _lines(stored: list[dict[str, Any]] | None) -> tuple[AcceptedLine, ...]:
    return tuple(AcceptedLine(**line) for line in stored or ())

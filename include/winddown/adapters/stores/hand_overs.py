"""What was done to hand exits over, and what is open of them as far as winddown's own database knows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from include.winddown.adapters.stores.courses import move_in
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.tables import exit_, exit_move, hand_over_step
from include.winddown.domain.exit_course import CLOSED, HANDING_OVER
from include.winddown.domain.hand_over import Open


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done or seen; facts fit JSON, by_user is a person or PRODUCT."""

    kind: str
    by_user: str
    facts: Mapping[str, Any]
    snapshot_id: str | None = None
    done_at: datetime | None = None


class HandOverStore:
    """The hand-overs of every exit; rows are only ever added."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, exit_id: str, step: Step) -> None:
        """Write down what was done."""
        with self._engine.begin() as connection:
            _add(connection, exit_id, step)

    def close(self, exit_id: str, standing: Step, why: str) -> None:
        """
        Close an exit together with what was seen of it last; both or neither.

        Raises:
            IllegalMove: it is not being handed over.
            IntegrityError: the database knows of something open, or of something that was not done.
        """
        with self._engine.begin() as connection:
            _add(connection, exit_id, standing)
            move_in(connection, exit_id, CLOSED, standing.by_user, why)

    def latest(self, exit_id: str, kind: str) -> Step | None:
        """Find the newest step of a kind in this hand-over; one before a reopening does not count."""
        began = (
            select(func.max(exit_move.c.moved_at))
            .where(exit_move.c.exit_id == exit_id, exit_move.c.to_state == HANDING_OVER)
            .scalar_subquery()
        )
        query = (
            select(*(hand_over_step.c[name] for name in Step.__slots__))
            .where(hand_over_step.c.exit_id == exit_id, hand_over_step.c.kind == kind)
            .where(hand_over_step.c.done_at >= began)
            .order_by(hand_over_step.c.step_no.desc())
        )
        with self._engine.connect() as connection:
            row = connection.execute(query.limit(1)).mappings().one_or_none()
        return Step(**row) if row else None

    def confirmed(self, exit_id: str, snapshot_id: str) -> Step | None:
        """Find who looked for inbound supplies beside a snapshot and found none."""
        mine = (hand_over_step.c.exit_id == exit_id) & (hand_over_step.c.kind == "supplies")
        query = select(*(hand_over_step.c[name] for name in Step.__slots__)).where(
            mine, hand_over_step.c.snapshot_id == snapshot_id
        )
        newest = query.order_by(hand_over_step.c.step_no.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).mappings().one_or_none()
        return Step(**row) if row else None

    def open(self, exit_id: str) -> dict[str, Open]:
        """Count what is open: booked, on_returns, requests, discrepancies, claims, effects, proposed."""
        rows = ask_rows(self._engine, "hand_over_open", exit_id=exit_id)
        return {row["kind"]: Open(qty=row["qty"], names=tuple(row["names"])) for row in rows}


def _add(connection: Connection, exit_id: str, step: Step) -> None:
    # Two runs of one exit take turns here.
    connection.execute(select(exit_.c.exit_id).where(exit_.c.exit_id == exit_id).with_for_update())
    last = select(func.max(hand_over_step.c.step_no)).where(hand_over_step.c.exit_id == exit_id)
    values = {name: getattr(step, name) for name in ("kind", "by_user", "facts", "snapshot_id")}
    number = (connection.scalar(last) or 0) + 1
    connection.execute(insert(hand_over_step).values(exit_id=exit_id, step_no=number, **values))

"""What people do with effects: settle what only they can find out, and see what is open and why."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, select

from include.winddown.adapters.stores.effect_rows import add_note, moved, of_state
from include.winddown.adapters.stores.tables import effect, effect_attempt, effect_note
from include.winddown.domain.errors import DecisionIsFinal


class EffectPeople:
    """Decisions and notes of people on effects."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def resend(self, effect_key: str, by_user: str, why: str) -> None:
        """
        Let an escalated effect be sent again: a person has found that nothing of ours stands.

        The look-alikes that made it escalate count from now on as what stood before.

        Raises:
            DecisionIsFinal: it is not escalated any more.
        """
        with self._engine.begin() as connection:
            stood = [*self._stood(connection, effect_key), *self._numbers(connection, effect_key)]
            add_note(connection, effect_key, "decided", f"send again: {why}", by_user=by_user, numbers=stood)
            values = {"stood_before": stood, "sends": 0, "absent_reads": 0}
            _must_move(connection, effect_key, ("escalated",), state="ready", **values)

    def cancel(self, effect_key: str, by_user: str, why: str) -> None:
        """
        Give an effect up that is ready or escalated; it is never sent.

        Raises:
            DecisionIsFinal: it is in another state by now.
        """
        with self._engine.begin() as connection:
            add_note(connection, effect_key, "decided", f"given up: {why}", by_user=by_user)
            reply = {"detail": f"given up by {by_user}: {why}"}
            _must_move(connection, effect_key, ("ready", "escalated"), state="cancelled", reply=reply)

    def decided(self, effect_key: str, by_user: str, why: str) -> None:
        """Write a person's decision down; what follows from it is the next step."""
        with self._engine.begin() as connection:
            add_note(connection, effect_key, "decided", why, by_user=by_user)

    def alerted(self, effect_key: str, detail: str) -> None:
        """Write down that people were told, so that nobody is told twice."""
        with self._engine.begin() as connection:
            add_note(connection, effect_key, "alerted", detail)

    def history(self, effect_key: str) -> list[dict[str, Any]]:
        """List the notes and attempts of an effect in order of time: at, kind, by_user, detail."""
        notes = select(
            effect_note.c.noted_at.label("at"),
            effect_note.c.kind,
            effect_note.c.by_user,
            effect_note.c.detail,
        ).where(effect_note.c.effect_key == effect_key)
        tries = select(
            effect_attempt.c.started_at,
            effect_attempt.c.attempt_no,
            effect_attempt.c.outcome,
            effect_attempt.c.detail,
        ).where(effect_attempt.c.effect_key == effect_key)
        with self._engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(notes).mappings()]
            for at, number, outcome, detail in connection.execute(tries):
                words = f"try {number}: {outcome or 'no reply'}" + (f", {detail}" if detail else "")
                rows.append({"at": at, "kind": "try", "by_user": None, "detail": words})
        return sorted(rows, key=lambda row: row["at"])

    @staticmethod
    def _stood(connection: Connection, effect_key: str) -> Sequence[str]:
        query = select(effect.c.stood_before).where(effect.c.effect_key == effect_key)
        return connection.scalar(query) or ()

    @staticmethod
    def _numbers(connection: Connection, effect_key: str) -> Sequence[str]:
        escalated = (effect_note.c.effect_key == effect_key) & (effect_note.c.kind == "escalated")
        query = select(effect_note.c.facts).where(escalated).order_by(effect_note.c.note_no.desc())
        facts = connection.scalar(query.limit(1)) or {}
        numbers: Sequence[str] = facts.get("numbers", ())
        return numbers


def _must_move(connection: Connection, effect_key: str, states: tuple[str, ...], **values: Any) -> None:
    if not moved(connection, of_state(effect_key, *states), **values):
        msg = f"effect {effect_key[:12]} is no longer {' or '.join(states)}; look at it again before you settle it"
        raise DecisionIsFinal(msg)

"""One effect of the ledger, and the single statements that move it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import ColumnElement, Connection, Update, func, insert, update
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.tables import effect, effect_attempt
from include.winddown.domain.effects import Outcome
from include.winddown.domain.errors import ContractBroken

NEXT_STATE = {
    Outcome.OK: "confirmed",
    Outcome.NOT_SENT: "ready",
    Outcome.DENIED: "ready",
    Outcome.REJECTED: "rejected",
    Outcome.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """
    One effect.

    Attributes:
        effect_key: its name by what it does; also our reference at the desk.
        conflict_key: of all effects with one conflict key, one at most is under way.
        state: ready, sending, unknown, confirmed or rejected.
        fence: how often it was claimed; a claim is ours as long as this has not grown.
        remote_id: its number outside, once confirmed.
        reply: the last reply that moved it.
        age_seconds: since it came into its state, by the database's clock.
    """

    effect_key: str
    exit_id: str
    kind: str
    plan_id: str
    conflict_key: str
    state: str
    fence: int
    lease_until: datetime | None
    remote_id: str | None
    request: dict[str, Any]
    reply: dict[str, Any] | None
    created_at: datetime
    changed_at: datetime
    age_seconds: float


AGE = func.extract("epoch", func.clock_timestamp() - effect.c.changed_at).label("age_seconds")
COLUMNS = [*(effect.c[name] for name in Effect.__slots__ if name != "age_seconds"), AGE]


def move(where: ColumnElement[bool], **values: Any) -> Update:
    """Word one step of an effect; `where` names the state it comes from."""
    return (
        update(effect)
        .where(where)
        .values({"lease_until": None, "changed_at": func.clock_timestamp(), **values})
    )


def moved(connection: Connection, where: ColumnElement[bool], **values: Any) -> bool:
    """
    Take one step of one effect; False when it is not in that state.

    Raises:
        ContractBroken: its number outside already belongs to another effect.
    """
    try:
        return bool(connection.execute(move(where, **values)).rowcount)
    except IntegrityError as error:
        if broken_constraint(error) == "effect_remote_once":
            msg = (
                f"number {values['remote_id']} already belongs to another effect; ask the desk what it means"
            )
            raise ContractBroken(msg) from error
        raise


def begin_attempt(connection: Connection, effect_key: str, fence: int) -> None:
    """Open the attempt of a claim; it is numbered by its fence."""
    row = {"effect_key": effect_key, "attempt_no": fence, "fence": fence}
    connection.execute(insert(effect_attempt).values(row))


def end_attempt(connection: Connection, effect_key: str, fence: int, outcome: Outcome, detail: str) -> None:
    """Close an attempt once; what is written there first stays."""
    still_open = (
        (effect_attempt.c.effect_key == effect_key)
        & (effect_attempt.c.fence == fence)
        & effect_attempt.c.ended_at.is_(None)
    )
    values = {"ended_at": func.clock_timestamp(), "outcome": outcome, "detail": detail}
    connection.execute(update(effect_attempt).where(still_open).values(values))


def broken_constraint(error: IntegrityError) -> str | None:
    """Name the unique index an error is about."""
    return error.orig.diag.constraint_name if isinstance(error.orig, UniqueViolation) else None

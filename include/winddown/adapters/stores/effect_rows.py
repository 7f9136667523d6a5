"""One effect of the ledger, and the single statements that move it."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    Select,
    Text,
    Update,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.tables import effect, effect_attempt, effect_note
from include.winddown.domain.effects import Outcome
from include.winddown.domain.errors import NumberTaken, PlanChanged

NEXT_STATE = {
    Outcome.OK: "confirmed",
    Outcome.NOT_SENT: "ready",
    Outcome.DENIED: "ready",
    Outcome.REJECTED: "rejected",
    Outcome.UNKNOWN: "unknown",
}
FIXED = ("exit_id", "kind", "plan_id", "account", "conflict_key", "request")
"""What an effect is about; it never changes."""
NEVER_LEFT = (Outcome.NOT_SENT, Outcome.DENIED)
"""After these outcomes nothing can stand outside, so the try does not count as a send."""
ITS_KEY = bindparam("its_key", type_=Text)
ITS_FENCE = bindparam("its_fence", type_=BigInteger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """
    One effect.

    Attributes:
        effect_key: its name by what it does; also our reference at the desk.
        account: whom it reaches.
        conflict_key: of all effects with one conflict key, one at most is under way.
        state: one of EFFECT_STATES.
        fence: how often it was claimed; a claim is ours as long as this has not grown.
        send_by: until when the last claim may have sent, or when it was recorded; the horizon begins there.
        sends: how often it may have left.
        absent_reads: complete reads after the horizon that did not show it.
        stood_before: numbers of look-alikes that stood before the first send; None = nobody has looked.
        remote_id: its number outside, once confirmed.
        reply: the last reply that moved it.
        age_seconds: since it came into its state, by the database's clock.
    """

    effect_key: str
    exit_id: str
    kind: str
    plan_id: str
    account: str
    conflict_key: str
    state: str
    fence: int
    lease_until: datetime | None
    send_by: datetime | None
    sends: int
    absent_reads: int
    stood_before: list[str] | None
    remote_id: str | None
    request: dict[str, Any]
    reply: dict[str, Any] | None
    created_at: datetime
    changed_at: datetime
    age_seconds: float


def effect_of(row: Row[Any]) -> Effect:
    """Read an effect from a row of COLUMNS."""
    return Effect(**dict(zip(Effect.__slots__, row, strict=True)))


AGE = func.extract("epoch", func.clock_timestamp() - effect.c.changed_at).label("age_seconds")
COLUMNS = [*(effect.c[name] for name in Effect.__slots__ if name != "age_seconds"), AGE]
"""In the order of an effect's fields."""


def in_states(*states: str) -> ColumnElement[bool]:
    """Name effects in these states, word for word: the planner sees that an index of such states will do."""
    return effect.c.state.in_([literal_column(f"'{state}'") for state in states])


def of_state(effect_key: str, *states: str, fence: int | None = None) -> ColumnElement[bool]:
    """Name an effect in one of these states, and under this fence if one is given."""
    named = (effect.c.effect_key == effect_key) & effect.c.state.in_(states)
    return named if fence is None else named & (effect.c.fence == fence)


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
        NumberTaken: its number outside already belongs to another effect.
    """
    with names_a_free(values.get("remote_id")):
        return bool(connection.execute(move(where, **values)).rowcount)


@contextmanager
def names_a_free(number: object) -> Iterator[None]:
    """Name it when a number outside already belongs to another effect: NumberTaken."""
    try:
        yield
    except IntegrityError as error:
        if broken_constraint(error) in ("effect_remote_once", "return_request_exit_id_request_no_uq"):
            msg = f"number {number} already belongs to another effect; ask the desk what it means"
            raise NumberTaken(msg) from error
        raise


def begin_attempt(claimed: Update) -> Select[Any]:
    """Word a claim and the attempt it opens as one statement; the attempt is numbered by the fence."""
    done = claimed.returning(*COLUMNS).cte("claimed")
    opened = insert(effect_attempt).from_select(
        ["effect_key", "attempt_no", "fence"], select(done.c.effect_key, done.c.fence, done.c.fence)
    )
    return select(done).add_cte(opened.cte("opened"))


def end_of_attempt() -> Update:
    """Word the end of an attempt; what is written there first stays."""
    mine = (effect_attempt.c.effect_key == ITS_KEY) & (effect_attempt.c.fence == ITS_FENCE)
    return (
        update(effect_attempt)
        .where(mine, effect_attempt.c.ended_at.is_(None))
        .values(
            ended_at=func.clock_timestamp(),
            outcome=bindparam("its_outcome", type_=Text),
            detail=bindparam("its_detail", type_=Text),
        )
    )


ATTEMPT_ENDS = end_of_attempt()
NOTE = insert(effect_note).values(noted_at=func.clock_timestamp())


def end_attempt(connection: Connection, effect_key: str, fence: int, outcome: Outcome, detail: str) -> None:
    """Close an attempt once; what is written there first stays."""
    ended = {"its_key": effect_key, "its_fence": fence, "its_outcome": outcome, "its_detail": detail}
    connection.execute(ATTEMPT_ENDS, ended)


def add_note(
    connection: Connection,
    effect_key: str,
    kind: str,
    detail: str,
    *,
    by_user: str | None = None,
    numbers: Collection[str] = (),
) -> None:
    """Write beside an effect what happened to it and was no attempt."""
    facts = {"numbers": list(numbers)} if numbers else None
    row = {"effect_key": effect_key, "kind": kind, "detail": detail, "by_user": by_user, "facts": facts}
    connection.execute(NOTE, row)


def broken_constraint(error: IntegrityError) -> str | None:
    """Name the unique index an error is about."""
    return error.orig.diag.constraint_name if isinstance(error.orig, UniqueViolation) else None


def check_same(wanted: Mapping[str, Any], stored: RowMapping) -> None:
    """Refuse an intent whose key stands for something else already; PlanChanged names what differs."""
    different = [name for name in FIXED if stored[name] != wanted[name]]
    if different:
        msg = (
            f"effect {stored['effect_key'][:12]} is in the ledger with another {different[0]}; an intent is never"
            " rewritten: start a new run of plan_wind_down"
        )
        raise PlanChanged(msg)

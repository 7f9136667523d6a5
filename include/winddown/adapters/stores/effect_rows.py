"""One effect of the ledger, and the single statements that move it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Update,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.tables import effect, effect_attempt, effect_note
from include.winddown.domain.effects import Outcome
from include.winddown.domain.errors import ContractBroken, PlanChanged

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


AGE = func.extract("epoch", func.clock_timestamp() - effect.c.changed_at).label("age_seconds")
COLUMNS = [*(effect.c[name] for name in Effect.__slots__ if name != "age_seconds"), AGE]


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
        ContractBroken: its number outside already belongs to another effect.
    """
    try:
        return bool(connection.execute(move(where, **values)).rowcount)
    except IntegrityError as error:
        raise_if_taken(error, values.get("remote_id"))
        raise


def raise_if_taken(error: IntegrityError, remote_id: object) -> None:
    """Name it when a number outside already belongs to another effect: ContractBroken."""
    if broken_constraint(error) in ("effect_remote_once", "return_request_exit_id_request_no_uq"):
        msg = f"number {remote_id} already belongs to another effect; ask the desk what it means"
        raise ContractBroken(msg) from error


def sends_after(outcome: Outcome) -> ColumnElement[int]:
    """Count a try back whose outcome proves that nothing left."""
    return case((effect.c.sends > 0, effect.c.sends - int(outcome in NEVER_LEFT)), else_=0)


def begin_attempt(claimed: Update) -> Select[Any]:
    """Word a claim and the attempt it opens as one statement; the attempt is numbered by the fence."""
    done = claimed.returning(*COLUMNS).cte("claimed")
    opened = insert(effect_attempt).from_select(
        ["effect_key", "attempt_no", "fence"], select(done.c.effect_key, done.c.fence, done.c.fence)
    )
    return select(done).add_cte(opened.cte("opened"))


def end_attempt(connection: Connection, effect_key: str, fence: int, outcome: Outcome, detail: str) -> None:
    """Close an attempt once; what is written there first stays."""
    still_open = (
        (effect_attempt.c.effect_key == effect_key)
        & (effect_attempt.c.fence == fence)
        & effect_attempt.c.ended_at.is_(None)
    )
    values = {"ended_at": func.clock_timestamp(), "outcome": outcome, "detail": detail}
    connection.execute(update(effect_attempt).where(still_open).values(values))


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
    connection.execute(insert(effect_note).values(row | {"noted_at": func.clock_timestamp()}))


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

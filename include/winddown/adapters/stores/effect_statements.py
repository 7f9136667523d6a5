"""
The statements of the ledger that never change, each worded once: wording takes longer than asking.

What belongs into one commit is one statement where it can be: one round trip, and nothing to be killed in.
"""

from sqlalchemy import (
    DateTime,
    Integer,
    Interval,
    Text,
    and_,
    any_,
    bindparam,
    case,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from include.winddown.adapters.stores.database import statement
from include.winddown.adapters.stores.effect_rows import (
    COLUMNS,
    FIXED,
    ITS_FENCE,
    ITS_KEY,
    begin_attempt,
    end_of_attempt,
    in_states,
    move,
)
from include.winddown.adapters.stores.tables import effect, effect_note
from include.winddown.domain.effects import OPEN_STATES
from include.winddown.domain.lookup import ABSENT_READS

_EXIT = bindparam("its_exit", type_=Text)
_STATE = bindparam("its_state", type_=Text)
_NUMBER = bindparam("its_number", type_=Text)
_REPLY = bindparam("its_reply", type_=JSONB(none_as_null=True))
_OURS = and_(effect.c.effect_key == ITS_KEY, in_states("sending"), effect.c.fence == ITS_FENCE)
_NOW = func.clock_timestamp()

INTEND = text(statement("intend_effects"))
NOW = select(_NOW)
GET = select(*COLUMNS).where(effect.c.effect_key == ITS_KEY)
OPEN = select(*COLUMNS).where(in_states(*OPEN_STATES)).order_by(effect.c.created_at, effect.c.effect_key)
OPEN_OF_EXIT = OPEN.where(effect.c.exit_id == _EXIT)
"""its_exit."""
TAKEN = select(effect.c.remote_id).where(
    (effect.c.exit_id == _EXIT)
    | ((effect.c.account == bindparam("its_account", type_=Text)) & (effect.c.account != "")),
    effect.c.kind == bindparam("its_kind", type_=Text),
    effect.c.remote_id.is_not(None),
)
KNOWN = select(effect.c.effect_key, *(effect.c[name] for name in FIXED)).where(
    effect.c.effect_key == any_(bindparam("its_keys", type_=ARRAY(Text)))
)

CLAIM = begin_attempt(
    move(
        and_(effect.c.effect_key == ITS_KEY, in_states("ready"), func.ledger_is_open()),
        state="sending",
        fence=effect.c.fence + 1,
        sends=effect.c.sends + 1,
        absent_reads=0,
        lease_until=_NOW + bindparam("its_lease", type_=Interval),
        send_by=_NOW + bindparam("its_time_to_send", type_=Interval),
    )
)
KEEP_STOOD = move(
    _OURS,
    lease_until=effect.c.lease_until,
    stood_before=bindparam("its_look_alikes", type_=JSONB(none_as_null=True)),
)
EXPIRE = move(and_(in_states("sending"), effect.c.lease_until < _NOW), state="unknown")
SETTLE_UNKNOWN = move(
    and_(effect.c.effect_key == ITS_KEY, in_states("unknown")), state=_STATE, remote_id=_NUMBER, reply=_REPLY
)

_recorded = (
    move(
        _OURS,
        state=_STATE,
        remote_id=_NUMBER,
        reply=_REPLY,
        sends=case((effect.c.sends > 0, effect.c.sends - bindparam("its_unsent", type_=Integer)), else_=0),
        send_by=_NOW,
    )
    .returning(effect.c.effect_key)
    .cte("recorded")
)
RECORD = select(func.count()).select_from(_recorded).add_cte(end_of_attempt().cte("ended"))
"""Counts the effects that moved, 0 or 1; the attempt ends in either case."""

_counted_from = func.coalesce(effect.c.send_by, effect.c.changed_at) + bindparam(
    "its_horizon", type_=Interval
)
_enough = effect.c.absent_reads + 1 >= ABSENT_READS
_absent = (
    move(
        and_(
            effect.c.effect_key == ITS_KEY,
            in_states("unknown"),
            effect.c.fence == ITS_FENCE,
            _counted_from < bindparam("its_read_began_at", type_=DateTime(timezone=True)),
        ),
        absent_reads=effect.c.absent_reads + 1,
        state=case((_enough, "ready"), else_="unknown"),
        changed_at=case((_enough, _NOW), else_=effect.c.changed_at),
    )
    .returning(effect.c.effect_key, effect.c.state)
    .cte("absent")
)
_noted = insert(effect_note).from_select(
    ["effect_key", "kind", "detail", "noted_at"],
    select(_absent.c.effect_key, literal("absent"), bindparam("its_detail", type_=Text), _NOW),
)
COUNT_ABSENT = select(
    func.coalesce(
        select(_absent.c.state).scalar_subquery(),
        select(effect.c.state).where(effect.c.effect_key == ITS_KEY).scalar_subquery(),
    )
).add_cte(_noted.cte("noted"))
"""Tells the state after it, or the one there was when nothing was counted."""

"""Tables of what comes after an exit: what people were told of the own warehouse, and coming back."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from include.winddown.adapters.stores.tables_base import at, maybe_at, metadata, one_of, text_of

own_alert = Table(
    "own_alert",
    metadata,
    Column("exit_id", ForeignKey("exit.exit_id"), primary_key=True),
    Column("alert_key", Text, primary_key=True),
    Column("opening_no", Integer, primary_key=True, autoincrement=False),
    Column("level", Integer, nullable=False),
    text_of("sentence"),
    at("told_at"),
    maybe_at("over_at"),
    CheckConstraint("level > 0 and opening_no > 0", name="level"),
)
Index(
    "own_alert_one_open",
    own_alert.c.exit_id,
    own_alert.c.alert_key,
    unique=True,
    postgresql_where=own_alert.c.over_at.is_(None),
)

rejoin = Table(
    "rejoin",
    metadata,
    Column("exit_id", ForeignKey("exit.exit_id"), primary_key=True),
    Column("rejoin_no", Integer, primary_key=True, autoincrement=False),
    Column("facts", JSONB, nullable=False),
    Column("points", Integer, nullable=False),
    Column("musts", ARRAY(Text), nullable=False),
    at("weighed_at"),
    Column("decision", Text),
    Column("decided_by", Text),
    maybe_at("decided_at"),
    Column("next_exit_id", ForeignKey("exit.exit_id")),
    one_of("decision", ("reopen", "new_exit", "not_now")),
    CheckConstraint("points between 0 and 100 and rejoin_no > 0", name="points"),
    CheckConstraint("num_nulls(decision, decided_by, decided_at) in (0, 3)", name="decided_whole"),
    CheckConstraint("coalesce(decision, 'not_now') = 'not_now' or musts = '{}'", name="ready"),
    CheckConstraint(
        "(coalesce(decision, 'not_now') = 'not_now') = (next_exit_id is null)"
        " and (decision is distinct from 'reopen' or next_exit_id = exit_id)"
        " and (decision is distinct from 'new_exit' or next_exit_id <> exit_id)",
        name="next",
    ),
)
Index(
    "rejoin_next_exit_once",
    rejoin.c.next_exit_id,
    unique=True,
    postgresql_where=rejoin.c.decision == "new_exit",
)

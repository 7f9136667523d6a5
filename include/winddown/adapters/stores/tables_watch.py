"""Tables of what comes after an exit: what people were told of the own warehouse."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from include.winddown.adapters.stores.tables_base import at, maybe_at, metadata, text_of

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

"""Tables of what surrounds the clearing of stock: the application to leave, and what the hand-over did."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from include.winddown.adapters.stores.tables_base import at, maybe_at, metadata, one_of, text_of

application = Table(
    "application",
    metadata,
    Column("exit_id", ForeignKey("exit.exit_id"), primary_key=True),
    Column("version_no", Integer, primary_key=True, autoincrement=False),
    Column("snapshot_id", ForeignKey("snapshot.snapshot_id"), nullable=False),
    Column("request", JSONB, nullable=False),
    Column("dossier", JSONB, nullable=False),
    text_of("text_ru"),
    text_of("text_zh"),
    text_of("text_en"),
    Column("drafted_by", Text),
    at("drafted_at"),
    Column("filed_number", Text),
    Column("filed_on", Date),
    Column("filed_by", Text),
    maybe_at("filed_at"),
    Column("due_on", Date),
    Column("decision", Text),
    Column("decision_reason", Text),
    Column("decided_on", Date),
    Column("decided_by", Text),
    maybe_at("decided_at"),
    maybe_at("late_told_at"),
    UniqueConstraint("exit_id", "snapshot_id"),
    one_of("decision", ("accepted", "refused")),
    CheckConstraint("version_no > 0", name="version_no"),
    CheckConstraint(
        "num_nulls(filed_number, filed_on, filed_by, filed_at, due_on) in (0, 5)", name="filed_whole"
    ),
    CheckConstraint(
        "num_nulls(decision, decision_reason, decided_on, decided_by, decided_at) in (0, 5)",
        name="decided_whole",
    ),
    CheckConstraint(
        "decision is null or (filed_on is not null and decided_on >= filed_on)", name="decided_once_filed"
    ),
    CheckConstraint(
        "decision is distinct from 'refused' or btrim(decision_reason) <> ''", name="refused_has_reason"
    ),
)
Index(
    "application_one_in_review",
    application.c.exit_id,
    unique=True,
    postgresql_where=application.c.filed_on.is_not(None) & application.c.decision.is_(None),
)

HAND_OVER_KINDS = (
    "standing",
    "supplies",
    "prepared",
    "set_up",
    "own_stock",
    "prices",
    "archive",
    "ended",
    "report",
)

hand_over_step = Table(
    "hand_over_step",
    metadata,
    Column("exit_id", ForeignKey("exit.exit_id"), primary_key=True),
    Column("step_no", Integer, primary_key=True, autoincrement=False),
    text_of("kind"),
    Column("snapshot_id", ForeignKey("snapshot.snapshot_id")),
    text_of("by_user"),
    Column("facts", JSONB, nullable=False),
    at("done_at"),
    one_of("kind", HAND_OVER_KINDS),
    CheckConstraint("btrim(by_user) <> ''", name="by_someone"),
)

"""Tables of plans, shipments, and who approved them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from include.winddown.adapters.stores.tables_base import (
    at,
    frame_columns,
    metadata,
    one_of,
    text_of,
)
from include.winddown.domain.frames import DISPOSITIONS, PLAN_LINES, SHIPMENT_LINES
from include.winddown.domain.plan_frames import DECISIONS

plan = Table(
    "plan",
    metadata,
    Column("plan_id", Text, primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    text_of("snapshot_id"),
    text_of("digest"),
    Column("state", Text, nullable=False, server_default="proposed"),
    Column("summary", JSONB, nullable=False),
    at("created_at"),
    Column("within_plan_id", Text),
    ForeignKeyConstraint(["within_plan_id", "exit_id"], ["plan.plan_id", "plan.exit_id"]),
    ForeignKeyConstraint(["snapshot_id", "exit_id"], ["snapshot.snapshot_id", "snapshot.exit_id"]),
    UniqueConstraint("plan_id", "digest"),
    UniqueConstraint("plan_id", "exit_id"),
    one_of("state", ("proposed", "approved", "rejected", "expired", "superseded", "within")),
    CheckConstraint("(state = 'within') = (within_plan_id is not null)", name="within_has_plan"),
    CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"),
)
Index("plan_one_proposed", plan.c.exit_id, unique=True, postgresql_where=text("state = 'proposed'"))
Index("plan_of_exit_ix", plan.c.exit_id, plan.c.created_at)

# A statement trigger stands in for the foreign key to plan: checked row by row, that key costs
# twice as much as the whole COPY (measured: 4 s on top of 1.8 s for a million rows).
plan_line = Table(
    "plan_line",
    metadata,
    Column("plan_id", Text, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    *frame_columns(PLAN_LINES),
    CheckConstraint("planned_qty > 0", name="planned_qty"),
    one_of("disposition", DISPOSITIONS),
)

_REALS = ", ".join(column.name for column in DECISIONS.columns if column.kind == "real")

# Its plan is held by the same kind of trigger as that of plan_line.
plan_decision = Table(
    "plan_decision",
    metadata,
    Column("plan_id", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    *frame_columns(DECISIONS, [name for name in DECISIONS.names if name != "sku"]),
    CheckConstraint("free_qty = keep_qty + return_qty + dispose_qty", name="every_piece_once"),
    # PostgreSQL takes NaN for greater than infinity, so one comparison refuses both.
    CheckConstraint(
        f"greatest({_REALS}) < 'infinity' and least({_REALS}) >= 0",
        name="numbers",
    ),
)

shipment = Table(
    "shipment",
    metadata,
    Column("plan_id", ForeignKey("plan.plan_id"), primary_key=True),
    Column("shipment_no", Text, primary_key=True),
    text_of("warehouse_id"),
    text_of("destination"),
    text_of("handling_class"),
    Column("units_qty", BigInteger, nullable=False),
    Column("weight_g", BigInteger, nullable=False),
    Column("volume_ml", BigInteger, nullable=False),
    CheckConstraint("least(units_qty, weight_g, volume_ml) > 0", name="not_empty"),
)

shipment_line = Table(
    "shipment_line",
    metadata,
    Column("plan_id", Text, primary_key=True),
    Column("shipment_no", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("condition", Text, primary_key=True),
    *frame_columns(SHIPMENT_LINES, ("offer_id", "planned_qty", "weight_g", "volume_ml")),
    ForeignKeyConstraint(["plan_id", "shipment_no"], ["shipment.plan_id", "shipment.shipment_no"]),
    CheckConstraint("planned_qty > 0", name="planned_qty"),
)

approval_question = Table(
    "approval_question",
    metadata,
    Column("question_id", BigInteger, Identity(), primary_key=True),
    Column("plan_id", Text, nullable=False),
    text_of("digest"),
    text_of("task_id"),
    text_of("ti_id"),
    text_of("dag_run_id"),
    Column("asking_no", Integer, nullable=False),
    text_of("subject"),
    Column("asked_of", ARRAY(Text), nullable=False),
    at("asked_at"),
    ForeignKeyConstraint(["plan_id", "digest"], ["plan.plan_id", "plan.digest"]),
    UniqueConstraint("ti_id"),
    UniqueConstraint("ti_id", "plan_id", "digest"),
    one_of("task_id", ("approve", "approve_second")),
    Index("approval_question_of_plan_ix", "plan_id", "task_id", "question_id"),
    Index("approval_question_of_run_ix", "dag_run_id", "task_id"),
)

approval_answer = Table(
    "approval_answer",
    metadata,
    Column("answer_id", BigInteger, Identity(), primary_key=True),
    Column("plan_id", ForeignKey("plan.plan_id"), nullable=False),
    text_of("digest"),
    text_of("ti_id"),
    text_of("dag_run_id"),
    text_of("option"),
    Column("user_id", Text),
    Column("user_name", Text),
    at("answered_at"),
    text_of("subject"),
    UniqueConstraint("ti_id", "answered_at"),
    UniqueConstraint("answer_id", "plan_id", "digest"),
    ForeignKeyConstraint(
        ["ti_id", "plan_id", "digest"],
        ["approval_question.ti_id", "approval_question.plan_id", "approval_question.digest"],
    ),
    Index("approval_answer_of_plan_ix", "plan_id"),
)

approval = Table(
    "approval",
    metadata,
    Column("plan_id", Text, primary_key=True),
    text_of("digest"),
    text_of("decision"),
    Column("answer_id", BigInteger),
    Column("user_id", Text),
    Column("user_name", Text),
    Column("second_answer_id", BigInteger),
    Column("second_user_id", Text),
    Column("second_user_name", Text),
    at("decided_at"),
    ForeignKeyConstraint(["plan_id", "digest"], ["plan.plan_id", "plan.digest"]),
    ForeignKeyConstraint(
        ["answer_id", "plan_id", "digest"],
        ["approval_answer.answer_id", "approval_answer.plan_id", "approval_answer.digest"],
    ),
    ForeignKeyConstraint(
        ["second_answer_id", "plan_id", "digest"],
        ["approval_answer.answer_id", "approval_answer.plan_id", "approval_answer.digest"],
    ),
    one_of("decision", ("approved", "rejected", "expired")),
    CheckConstraint(
        "decision <> 'approved' or (answer_id is not null and user_id is not null)",
        name="approved_by_someone",
    ),
    CheckConstraint(
        "(second_answer_id is null) = (second_user_id is null)",
        name="second_by_someone",
    ),
    CheckConstraint(
        "decision <> 'approved' or second_answer_id is null or (answer_id is not null and second_answer_id <> answer_id"
        " and second_user_id <> user_id and lower(second_user_name) is distinct from lower(user_name))",
        name="second_is_another",
    ),
)

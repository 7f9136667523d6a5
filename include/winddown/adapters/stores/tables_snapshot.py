"""Tables of exits and what was taken in: snapshots, quarantine, expectations, the gate."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

from include.winddown.adapters.stores.tables_base import at, maybe_at, metadata, one_of, text_of
from include.winddown.domain.exit_course import STATES

exit_ = Table(
    "exit",
    metadata,
    Column("exit_id", Text, primary_key=True),
    text_of("merchant"),
    text_of("marketplace_conn"),
    text_of("desk_conn"),
    text_of("dock_conn"),
    text_of("destination"),
    text_of("currency"),
    Column("opened_on", Date, nullable=False),
    Column("deadline_on", Date, nullable=False),
    Column("policy", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="drafted"),
    at("created_at"),
    Column("approvers", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("authors", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    CheckConstraint("deadline_on > opened_on", name="deadline_after_opening"),
    CheckConstraint("exit_id ~ '^[a-z0-9][a-z0-9-]{1,39}$'", name="exit_id"),
    one_of("state", STATES),
)

exit_move = Table(
    "exit_move",
    metadata,
    Column("exit_id", ForeignKey("exit.exit_id"), primary_key=True),
    Column("move_no", Integer, primary_key=True, autoincrement=False),
    Column("from_state", Text),
    text_of("to_state"),
    text_of("by_user"),
    text_of("why"),
    at("moved_at"),
    CheckConstraint("(move_no = 1) = (from_state is null)", name="first_comes_from_nowhere"),
    CheckConstraint("btrim(by_user) <> '' and btrim(why) <> ''", name="by_someone"),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("snapshot_id", Text, primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    Column("state", Text, nullable=False, server_default="pulling"),
    maybe_at("taken_at"),
    Column("as_of", Text),
    at("created_at"),
    maybe_at("sealed_at"),
    Column("refused_because", Text),
    Column("started_by", Text),
    UniqueConstraint("snapshot_id", "exit_id"),
    one_of("state", ("pulling", "valid", "refused")),
    CheckConstraint("(state = 'valid') = (taken_at is not null)", name="valid_has_taken_at"),
    CheckConstraint("(state = 'pulling') = (sealed_at is null)", name="final_has_sealed_at"),
    CheckConstraint("(state = 'refused') = (refused_because is not null)", name="refused_has_reason"),
)
Index("snapshot_of_exit_ix", snapshot.c.exit_id, snapshot.c.sealed_at)

snapshot_file = Table(
    "snapshot_file",
    metadata,
    Column("snapshot_id", ForeignKey("snapshot.snapshot_id"), primary_key=True),
    Column("path", Text, primary_key=True),
    text_of("frame"),
    Column("warehouse_id", Text),
    Column("rows", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    text_of("sha256"),
    CheckConstraint("rows >= 0", name="rows"),
    CheckConstraint("size_bytes > 0", name="size"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
)

snapshot_source = Table(
    "snapshot_source",
    metadata,
    Column("snapshot_id", ForeignKey("snapshot.snapshot_id"), primary_key=True),
    Column("frame", Text, primary_key=True),
    Column("source_no", Integer, primary_key=True, autoincrement=False),
    text_of("name"),
    text_of("sha256"),
    Column("size_bytes", BigInteger, nullable=False),
    Column("rows_in", BigInteger, nullable=False),
    Column("rows_ok", BigInteger, nullable=False),
    Column("rows_bad", BigInteger, nullable=False),
    CheckConstraint("rows_in = rows_ok + rows_bad", name="nothing_dropped"),
    CheckConstraint("least(size_bytes, rows_ok, rows_bad) >= 0", name="not_negative"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", BigInteger, Identity(), primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    Column("snapshot_id", ForeignKey("snapshot.snapshot_id")),
    text_of("frame"),
    text_of("file"),
    Column("row_no", BigInteger, nullable=False),
    text_of("column_name"),
    text_of("code"),
    text_of("value"),
    text_of("reason"),
    at("found_at"),
    Index("quarantine_of_snapshot_ix", "snapshot_id", "frame"),
)

expectation_result = Table(
    "expectation_result",
    metadata,
    Column("result_id", BigInteger, Identity(), primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    text_of("subject"),
    text_of("subject_id"),
    text_of("expectation"),
    Column("critical", Boolean, nullable=False),
    Column("success", Boolean, nullable=False),
    Column("bad_rows", BigInteger, nullable=False),
    Column("detail", JSONB, nullable=False),
    at("checked_at"),
    one_of("subject", ("snapshot", "plan", "reconciliation")),
    CheckConstraint("bad_rows >= 0", name="bad_rows"),
    Index("expectation_result_of_subject_ix", "subject", "subject_id"),
)

gate_verdict = Table(
    "gate_verdict",
    metadata,
    Column("snapshot_id", Text, primary_key=True),
    text_of("exit_id"),
    Column("cleared", Boolean, nullable=False),
    Column("verdict", JSONB, nullable=False),
    at("decided_at"),
    ForeignKeyConstraint(["snapshot_id", "exit_id"], ["snapshot.snapshot_id", "snapshot.exit_id"]),
)

stock_difference = Table(
    "stock_difference",
    metadata,
    Column("snapshot_id", ForeignKey("snapshot.snapshot_id"), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("report_qty", Integer),
    Column("totals_qty", Integer),
    Column("report_reserved_qty", Integer),
    Column("totals_reserved_qty", Integer),
)

restatement = Table(
    "restatement",
    metadata,
    Column("snapshot_id", ForeignKey("snapshot.snapshot_id"), primary_key=True),
    Column("restates_snapshot_id", ForeignKey("snapshot.snapshot_id"), nullable=False),
    text_of("kind"),
    Column("posting_number", Text, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    text_of("sku"),
    Column("column_name", Text, primary_key=True),
    Column("before", Text),
    Column("after", Text),
    one_of("kind", ("added", "vanished", "changed")),
    CheckConstraint("(kind = 'changed') = (column_name <> '')", name="changed_has_column"),
)

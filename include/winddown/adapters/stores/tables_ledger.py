"""Tables of what was done to the outside, what came of it, and where every unit is."""

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
from sqlalchemy.dialects.postgresql import JSONB

from include.winddown.adapters.stores.tables_base import at, maybe_at, metadata, one_of, text_of
from include.winddown.domain.effects import EFFECT_STATES, Outcome

# domain.movements holds the same list, but reading it would load pandas into the API server.
NODES = (
    *("SUPPLY", "STOCK", "IN_REMOVAL", "IN_TRANSIT", "RECEIVED", "DAMAGED", "WRONG"),
    *("SOLD", "DISPOSED", "LOST", "COMPENSATED", "ADJUST"),
)

effect = Table(
    "effect",
    metadata,
    Column("effect_key", Text, primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    text_of("kind"),
    text_of("plan_id"),
    Column("account", Text, nullable=False, server_default=""),
    text_of("conflict_key"),
    Column("state", Text, nullable=False, server_default="ready"),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    maybe_at("lease_until"),
    maybe_at("send_by"),
    Column("sends", Integer, nullable=False, server_default="0"),
    Column("absent_reads", Integer, nullable=False, server_default="0"),
    Column("stood_before", JSONB(none_as_null=True)),
    Column("remote_id", Text),
    Column("request", JSONB, nullable=False),
    Column("reply", JSONB(none_as_null=True)),
    at("created_at"),
    at("changed_at"),
    ForeignKeyConstraint(["plan_id", "exit_id"], ["plan.plan_id", "plan.exit_id"]),
    CheckConstraint("effect_key ~ '^[0-9a-f]{64}$'", name="effect_key"),
    CheckConstraint("conflict_key <> ''", name="conflict_key"),
    one_of("state", EFFECT_STATES),
    CheckConstraint("sends >= 0", name="sends"),
    CheckConstraint("absent_reads >= 0", name="absent_reads"),
    CheckConstraint("(state = 'confirmed') = (remote_id is not null)", name="confirmed_has_remote_id"),
    CheckConstraint("(state = 'sending') = (lease_until is not null)", name="sending_has_lease"),
)
Index(
    "effect_remote_once",
    effect.c.exit_id,
    effect.c.account,
    effect.c.kind,
    effect.c.remote_id,
    unique=True,
    postgresql_where=text("remote_id is not null"),
)
Index(
    "effect_one_in_flight",
    effect.c.conflict_key,
    unique=True,
    postgresql_where=text("state in ('sending', 'unknown', 'escalated')"),
)
Index(
    "effect_open_ix",
    effect.c.state,
    effect.c.changed_at,
    postgresql_where=text("state in ('ready', 'sending', 'unknown', 'escalated')"),
)
Index("effect_of_exit_ix", effect.c.exit_id, effect.c.state)
Index("effect_of_conflict_ix", effect.c.conflict_key, effect.c.created_at)

effect_attempt = Table(
    "effect_attempt",
    metadata,
    Column("effect_key", ForeignKey("effect.effect_key"), primary_key=True),
    Column("attempt_no", BigInteger, primary_key=True, autoincrement=False),
    Column("fence", BigInteger, nullable=False),
    at("started_at"),
    maybe_at("ended_at"),
    Column("outcome", Text),
    Column("detail", Text),
    UniqueConstraint("effect_key", "fence"),
    one_of("outcome", Outcome),
    CheckConstraint("(outcome is null) = (ended_at is null)", name="ended_has_outcome"),
)

effect_note = Table(
    "effect_note",
    metadata,
    Column("note_no", BigInteger, Identity(), primary_key=True),
    Column("effect_key", ForeignKey("effect.effect_key"), nullable=False),
    text_of("kind"),
    Column("by_user", Text),
    text_of("detail"),
    Column("facts", JSONB(none_as_null=True)),
    at("noted_at"),
    one_of("kind", ("absent", "escalated", "decided", "alerted")),
    CheckConstraint("kind <> 'decided' or by_user <> ''", name="decided_by_someone"),
    Index("effect_note_of_effect_ix", "effect_key", "note_no"),
)

ledger_epoch = Table(
    "ledger_epoch",
    metadata,
    Column("epoch_no", BigInteger, primary_key=True, autoincrement=False),
    text_of("mode"),
    text_of("identity"),
    text_of("reason"),
    text_of("by_user"),
    at("began_at"),
    one_of("mode", ("open", "frozen")),
    CheckConstraint("by_user <> '' and reason <> ''", name="by_someone"),
)

return_request = Table(
    "return_request",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    text_of("plan_id"),
    text_of("shipment_no"),
    Column("effect_key", ForeignKey("effect.effect_key"), nullable=False, unique=True),
    text_of("request_no"),
    text_of("warehouse_id"),
    at("created_at"),
    ForeignKeyConstraint(["plan_id", "shipment_no"], ["shipment.plan_id", "shipment.shipment_no"]),
    UniqueConstraint("exit_id", "request_no"),
    UniqueConstraint("plan_id", "shipment_no"),
)

return_line = Table(
    "return_line",
    metadata,
    Column("request_id", ForeignKey("return_request.request_id"), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("condition", Text, primary_key=True),
    Column("requested_qty", Integer, nullable=False),
    Column("accepted_qty", Integer, nullable=False),
    CheckConstraint("requested_qty > 0", name="requested_qty"),
    CheckConstraint("accepted_qty between 0 and requested_qty", name="accepted_qty"),
)

movement = Table(
    "movement",
    metadata,
    Column("movement_id", BigInteger, Identity(), primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    text_of("sku"),
    text_of("from_node"),
    text_of("to_node"),
    Column("qty", BigInteger, nullable=False),
    text_of("source_system"),
    text_of("source_doc"),
    text_of("source_line"),
    text_of("reason"),
    at("moved_at"),
    Column("request_id", ForeignKey("return_request.request_id")),
    Column("condition", Text),
    one_of("from_node", NODES),
    one_of("to_node", NODES),
    CheckConstraint("from_node <> to_node", name="goes_somewhere"),
    CheckConstraint("qty > 0", name="qty"),
    CheckConstraint("(request_id is null) = (condition is null)", name="line_whole"),
    UniqueConstraint("exit_id", "source_system", "source_doc", "source_line"),
    Index("movement_of_line_ix", "request_id", "sku", "condition"),
)

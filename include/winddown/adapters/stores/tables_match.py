"""Tables of the reconciliation: what was reported, what does not fit, what is claimed for it."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from include.winddown.adapters.stores.tables_base import at, maybe_at, metadata, one_of, text_of
from include.winddown.domain.match.claims import ClaimState, Closure

STAKES = ("claim", "repay", "review", "note")
BASES = ("purchase_cost", "card_price", "resale")


def _word(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


event = Table(
    "event",
    metadata,
    Column("exit_id", ForeignKey("exit.exit_id"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    text_of("request_no"),
    text_of("kind"),
    text_of("sku"),
    text_of("condition"),
    Column("qty", Integer, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    at("recorded_at"),
    Column("raw", JSONB, nullable=False),
    Column("version", Integer, primary_key=True, autoincrement=False, server_default="1"),
    _word("shipment_no"),
    _word("carton_id"),
    _word("tracking_no"),
    _word("report_no"),
    *(_word(name) for name in ("barcode", "measure", "unit", "place", "currency", "by_whom", "note")),
    Column("carton_weight_g", Integer),
    Column("amount_minor", BigInteger),
    one_of("source", ("desk", "dock", "claim")),
    CheckConstraint("kind <> ''", name="kind"),
    CheckConstraint("qty >= 0 or kind = 'correction'", name="qty"),
    CheckConstraint("version > 0", name="version"),
    CheckConstraint(
        "kind not in ('count_closed', 'completed') or (sku = '' and qty = 0)", name="end_has_no_goods"
    ),
    CheckConstraint("kind <> 'short_closed' or by_whom <> ''", name="short_closed_by_a_person"),
    CheckConstraint("amount_minor is null or currency <> ''", name="amount_has_currency"),
    Index("event_of_request_ix", "exit_id", "request_no"),
)

discrepancy = Table(
    "discrepancy",
    metadata,
    Column("exit_id", ForeignKey("exit.exit_id"), primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("condition", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("qty", BigInteger, nullable=False),
    Column("value_minor", BigInteger),
    text_of("currency"),
    Column("state", Text, nullable=False, server_default="open"),
    at("found_at"),
    Column("stake", Text, nullable=False, server_default="claim"),
    Column("basis", Text, nullable=False, server_default="purchase_cost"),
    maybe_at("clock_at"),
    Column("claim_until_on", Date),
    _word("detail"),
    Column("decided_by", Text),
    at("changed_at"),
    Column("lapse_told_on", Date),
    CheckConstraint("qty > 0", name="qty"),
    CheckConstraint("state <> 'written_off' or decided_by <> ''", name="written_off_by_a_person"),
    one_of("state", ClaimState),
    one_of("stake", STAKES),
    one_of("basis", BASES),
)

claim = Table(
    "claim",
    metadata,
    Column("claim_id", Text, primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    text_of("warehouse_id"),
    text_of("digest"),
    Column("lines_count", Integer, nullable=False),
    text_of("currency"),
    Column("amount_minor", BigInteger, nullable=False),
    at("prepared_at"),
    maybe_at("handed_over_at"),
    Column("handed_over_by", Text),
    UniqueConstraint("exit_id", "digest"),
    CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"),
    CheckConstraint("amount_minor >= 0", name="amount_minor"),
    CheckConstraint("(handed_over_at is null) = (handed_over_by is null)", name="handed_over_by_a_person"),
)

claim_line = Table(
    "claim_line",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    text_of("exit_id"),
    Column("request_id", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("condition", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("qty", BigInteger, nullable=False),
    Column("value_minor", BigInteger),
    CheckConstraint("qty > 0", name="qty"),
    ForeignKeyConstraint(
        ["exit_id", "request_id", "sku", "condition", "kind"],
        [f"discrepancy.{name}" for name in ("exit_id", "request_id", "sku", "condition", "kind")],
    ),
)

claim_settlement = Table(
    "claim_settlement",
    metadata,
    Column("settlement_no", BigInteger, Identity(), primary_key=True),
    Column("exit_id", ForeignKey("exit.exit_id"), nullable=False),
    Column("claim_id", ForeignKey("claim.claim_id")),
    text_of("run_key"),
    text_of("outcome"),
    Column("cash_minor", BigInteger, nullable=False),
    Column("stock_qty", BigInteger, nullable=False),
    *(text_of(name) for name in ("currency", "reference", "why", "by_user")),
    at("settled_at"),
    UniqueConstraint("run_key"),
    one_of("outcome", dict.fromkeys((*Closure, *ClaimState))),
    CheckConstraint("btrim(by_user) <> '' and btrim(why) <> ''", name="by_a_person"),
    CheckConstraint(
        "case when outcome = 'paid_in_cash' then cash_minor > 0"
        " when outcome like 'reversed%' then cash_minor < 0 or stock_qty < 0 else cash_minor = 0 end",
        name="cash",
    ),
    CheckConstraint(
        "case when outcome = 'paid_in_stock' then stock_qty > 0"
        " when outcome like 'reversed%' then stock_qty <= 0 else stock_qty = 0 end",
        name="stock",
    ),
    CheckConstraint("(cash_minor = 0 and stock_qty = 0) or btrim(reference) <> ''", name="reference"),
)

claim_settlement_line = Table(
    "claim_settlement_line",
    metadata,
    Column("settlement_no", ForeignKey("claim_settlement.settlement_no"), primary_key=True),
    text_of("exit_id"),
    *(Column(name, Text, primary_key=True) for name in ("request_id", "sku", "condition", "kind")),
    Column("qty", BigInteger, nullable=False),
    text_of("from_state"),
    text_of("to_state"),
    CheckConstraint("qty > 0", name="qty"),
    ForeignKeyConstraint(
        ["exit_id", "request_id", "sku", "condition", "kind"],
        [f"discrepancy.{name}" for name in ("exit_id", "request_id", "sku", "condition", "kind")],
    ),
)

claim_evidence = Table(
    "claim_evidence",
    metadata,
    Column("claim_id", ForeignKey("claim.claim_id"), primary_key=True),
    Column("name", Text, primary_key=True),
    text_of("sha256"),
    Column("size_bytes", BigInteger, nullable=False),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
)

claim_answer = Table(
    "claim_answer",
    metadata,
    Column("answer_id", BigInteger, Identity(), primary_key=True),
    Column("claim_id", ForeignKey("claim.claim_id"), nullable=False),
    text_of("digest"),
    text_of("option"),
    Column("user_id", Text),
    Column("user_name", Text),
    Column("answered_at", DateTime(timezone=True), nullable=False),
    text_of("ti_id"),
    text_of("dag_run_id"),
    UniqueConstraint("claim_id", "ti_id", "answered_at"),
)

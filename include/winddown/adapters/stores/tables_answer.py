"""The tables of what people are asked about return requests, and of what they typed as a warehouse's answer."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from include.winddown.adapters.stores.tables_base import at, metadata, text_of

desk_question = Table(
    "desk_question",
    metadata,
    Column("question_no", BigInteger, Identity(), primary_key=True),
    Column("effect_key", ForeignKey("effect.effect_key"), nullable=False),
    text_of("dag_run_id"),
    at("asked_at"),
    at("open_until"),
    Index("desk_question_of_effect_ix", "effect_key", "open_until"),
)

desk_answer = Table(
    "desk_answer",
    metadata,
    Column("answer_no", BigInteger, Identity(), primary_key=True),
    Column("effect_key", ForeignKey("effect.effect_key"), nullable=False),
    text_of("dag_run_id"),
    text_of("ti_id"),
    Column("user_id", Text),
    text_of("user_name"),
    at("answered_at"),
    at("recorded_at"),
    Column("typed", JSONB, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    Column("request_no", Text, nullable=False, server_default=""),
    Column("lines", JSONB(none_as_null=True)),
    Column("refusal", Text, nullable=False, server_default=""),
    Column("act_no", Text, nullable=False, server_default=""),
    Column("act_on", Date),
    Column("act_file", Text, nullable=False, server_default=""),
    UniqueConstraint("ti_id", "answered_at"),
    CheckConstraint("user_name <> ''", name="by_someone"),
    CheckConstraint(
        "(problem <> '')::integer + (request_no <> '')::integer + (refusal <> '')::integer = 1",
        name="bad_accepted_or_refused",
    ),
    CheckConstraint("(request_no <> '') = (lines is not null)", name="accepted_has_lines"),
    Index("desk_answer_of_effect_ix", "effect_key", "answer_no"),
)

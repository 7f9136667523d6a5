"""The table of price changes."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, Text

from include.winddown.adapters.stores.tables_base import at, metadata, one_of, text_of
from include.winddown.domain.prices import PROBLEMS, REASONS

# Statement triggers stand in for the foreign keys to exit and effect: checked row by row they cost more than the COPY.
price_change = Table(
    "price_change",
    metadata,
    Column("exit_id", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text_of("effect_key"),
    text_of("offer_id"),
    Column("price_minor", BigInteger, nullable=False),
    Column("old_price_minor", BigInteger, nullable=False),
    Column("from_minor", BigInteger, nullable=False),
    text_of("currency"),
    text_of("reason"),
    Column("problem", Text),
    Column("problem_text", Text),
    at("created_at"),
    at("changed_at"),
    CheckConstraint("version > 0", name="version"),
    CheckConstraint("price_minor > 0 and from_minor > 0", name="prices"),
    CheckConstraint("old_price_minor = 0 or old_price_minor > price_minor", name="old_price"),
    one_of("reason", REASONS),
    one_of("problem", PROBLEMS),
    CheckConstraint("(problem is null) = (problem_text is null)", name="problem_has_text"),
    Index("price_change_of_effect_ix", "effect_key"),
)

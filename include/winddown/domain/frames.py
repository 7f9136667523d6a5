"""
The one declaration of every frame: columns, kinds, units, grain and ranges.

Readers, Arrow and PostgreSQL types, expectation suites and test fixtures are all built
from it, so that a column is described in one place only.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "code", "text", "qty", "minor", "currency", "mm", "g", "ml", "at"]

INTEGER_KINDS: frozenset[str] = frozenset({"qty", "minor", "mm", "g", "ml"})

QTY_MAX = 1_000_000
MINOR_MAX = 999_999_999_99


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    One column.

    Attributes:
        name: its name; the unit is the suffix.
        kind: id = identifier kept as text; code = text from `values`; qty = pieces;
            minor = money in the currency's minor unit; mm, g, ml = size of one piece;
            at = aware UTC time.
        meaning: one line for people.
        low, high: inclusive range of integer kinds.
        values: the allowed texts of a code; empty = any.
        nullable: whether a value may be missing. Missing never reads as zero.
    """

    name: str
    kind: Kind
    meaning: str
    low: int = 0
    high: int = QTY_MAX
    values: tuple[str, ...] = ()
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    A rule over a whole row.

    Attributes:
        name: a short name, unique in its frame.
        predicate: an SQL boolean over the columns that is true for a good row.
        critical: whether a row that breaks it stops the run (else it is a warning).
    """

    name: str
    predicate: str
    critical: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """
    A table of rows.

    Attributes:
        name: plural noun, also the folder of its files.
        grain: the columns that together name one row.
        columns: in stored order.
        rules: rules over a whole row.
        may_be_empty: whether zero rows are a fact rather than a failed read.
    """

    name: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    may_be_empty: bool = False

    def column(self, name: str) -> Column:
        """Find a column by name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in stored order."""
        return tuple(column.name for column in self.columns)


CONDITIONS = ("sellable", "damaged_by_seller", "damaged_by_warehouse", "lost")
HANDLING_CLASSES = ("standard", "fragile", "liquid", "oversize", "hazardous", "cold")
DISPOSITIONS = ("return", "markdown", "dispose", "hold")
CURRENCIES = ("RUB", "GBP", "EUR", "USD", "CNY", "KZT", "BYN")

_WAREHOUSE = Column(name="warehouse_id", kind="id", meaning="the partner's warehouse")
_SKU = Column(name="sku", kind="id", meaning="the marketplace's identifier of the product")
_OFFER = Column(name="offer_id", kind="id", meaning="the merchant's article")
_CONDITION = Column(name="condition", kind="code", values=CONDITIONS, meaning="state of the units")
_CLASS = Column(name="handling_class", kind="code", values=HANDLING_CLASSES, meaning="what may not be mixed")
_CURRENCY = Column(name="currency", kind="currency", values=CURRENCIES, meaning="ISO 4217 code")


def _money(name: str, meaning: str) -> Column:
    return Column(name=name, kind="minor", high=MINOR_MAX, meaning=meaning)


def _qty(name: str, meaning: str, low: int = 0) -> Column:
    return Column(name=name, kind="qty", low=low, meaning=meaning)


STOCK = Frame(
    name="stock",
    grain=("warehouse_id", "sku", "condition"),
    columns=(
        _WAREHOUSE,
        _SKU,
        _OFFER,
        _CONDITION,
        _qty("on_hand_qty", "pieces the warehouse reports, reserved ones included"),
        _qty("reserved_qty", "pieces tied to orders"),
        Column(name="counted_at", kind="at", meaning="when the warehouse counted"),
    ),
    rules=(
        Rule(name="reserved_within_on_hand", predicate="reserved_qty <= on_hand_qty"),
        Rule(name="only_sellable_reserved", predicate="condition = 'sellable' or reserved_qty = 0"),
    ),
)

ORDERS = Frame(
    name="orders",
    grain=("posting_number", "line_no"),
    columns=(
        Column(name="posting_number", kind="id", meaning="one parcel of an order"),
        _qty("line_no", "position of the line in its posting, from 1", low=1),
        Column(name="status", kind="text", meaning="as the marketplace says it; unknown ones block the gate"),
        Column(name="ordered_at", kind="at", meaning="when the order came in"),
        _WAREHOUSE,
        _SKU,
        _OFFER,
        _qty("ordered_qty", "pieces ordered", low=1),
        _money("price_minor", "price of one piece"),
        _CURRENCY,
    ),
    may_be_empty=True,
)

CATALOGUE = Frame(
    name="catalogue",
    grain=("sku",),
    columns=(
        _SKU,
        _OFFER,
        Column(name="barcode", kind="text", meaning="GTIN or the merchant's own code", nullable=True),
        Column(name="name", kind="text", meaning="as shown to buyers"),
        Column(name="length_mm", kind="mm", low=1, high=100_000, meaning="longest side of one packed piece"),
        Column(name="width_mm", kind="mm", low=1, high=100_000, meaning="second side"),
        Column(name="height_mm", kind="mm", low=1, high=100_000, meaning="third side"),
        Column(name="weight_g", kind="g", low=1, high=10_000_000, meaning="weight of one packed piece"),
        _CLASS,
        Column(name="price_minor", kind="minor", low=1, high=MINOR_MAX, meaning="today's price"),
        _CURRENCY,
        _money("unit_cost_minor", "what the merchant paid for one piece"),
        _money("resale_minor", "what one returned piece still fetches"),
    ),
)

PLAN_LINES = Frame(
    name="plan_lines",
    grain=("warehouse_id", "sku", "condition", "disposition"),
    columns=(
        _WAREHOUSE,
        _SKU,
        _OFFER,
        Column(name="name", kind="text", meaning="as shown to buyers"),
        _CONDITION,
        Column(name="disposition", kind="code", values=DISPOSITIONS, meaning="what happens to the units"),
        _qty("planned_qty", "pieces", low=1),
        _CLASS,
        Column(name="weight_g", kind="g", low=1, high=10_000_000, meaning="weight of one piece"),
        Column(
            name="volume_ml", kind="ml", low=1, high=1_000_000_000, meaning="volume of one piece, rounded up"
        ),
        Column(name="price_minor", kind="minor", low=1, high=MINOR_MAX, meaning="today's price of one piece"),
        Column(
            name="new_price_minor",
            kind="minor",
            low=1,
            high=MINOR_MAX,
            meaning="price to set; only markdown lines have one",
            nullable=True,
        ),
        _CURRENCY,
        _money("unit_cost_minor", "what the merchant paid for one piece"),
        _money("resale_minor", "what one returned piece still fetches"),
        Column(name="why", kind="text", meaning="the reason, in one sentence"),
    ),
    rules=(
        Rule(
            name="markdown_has_lower_price",
            predicate="(disposition = 'markdown') = (new_price_minor is not null)"
            " and coalesce(new_price_minor <= price_minor, true)",
        ),
        Rule(name="lost_is_held", predicate="condition <> 'lost' or disposition = 'hold'"),
    ),
    may_be_empty=True,
)

SHIPMENT_LINES = Frame(
    name="shipment_lines",
    grain=("shipment_no", "sku", "condition"),
    columns=(
        Column(name="shipment_no", kind="id", meaning="warehouse, class and running number"),
        _WAREHOUSE,
        Column(name="destination", kind="id", meaning="the own warehouse the goods go to"),
        _CLASS,
        _SKU,
        _OFFER,
        _CONDITION,
        _qty("planned_qty", "pieces", low=1),
        Column(name="weight_g", kind="g", low=1, high=10_000_000, meaning="weight of one piece"),
        Column(name="volume_ml", kind="ml", low=1, high=1_000_000_000, meaning="volume of one piece"),
    ),
    may_be_empty=True,
)

MATCHES = Frame(
    name="matches",
    grain=("request_id", "sku", "condition"),
    columns=(
        Column(name="request_id", kind="id", meaning="the return request"),
        _WAREHOUSE,
        _SKU,
        _CONDITION,
        _qty("requested_qty", "pieces asked for"),
        _qty("accepted_qty", "pieces the desk agreed to send"),
        _qty("shipped_qty", "pieces the desk says it sent"),
        _qty("received_ok_qty", "pieces the own dock counted, in the condition asked for"),
        _qty("received_damaged_qty", "pieces the own dock counted, damaged on the way"),
        _qty("in_transit_qty", "pieces sent and not counted, while the count is open"),
        _qty("missing_qty", "pieces sent and not counted, once the count is closed"),
        _qty("overage_qty", "pieces counted beyond what was sent"),
        _qty("not_accepted_qty", "pieces asked for and not agreed to"),
        _qty("not_shipped_qty", "pieces agreed to and not sent yet"),
    ),
    rules=(
        Rule(
            name="requested_is_accounted_for",
            predicate="requested_qty = not_accepted_qty + not_shipped_qty + in_transit_qty + missing_qty"
            " + received_ok_qty + received_damaged_qty - overage_qty",
        ),
    ),
    may_be_empty=True,
)

ALL_FRAMES = (STOCK, ORDERS, CATALOGUE, PLAN_LINES, SHIPMENT_LINES, MATCHES)

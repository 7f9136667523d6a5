"""
The one declaration of every frame: columns, kinds, units, grain and ranges.

Readers, Arrow and PostgreSQL types, expectation suites and test fixtures are all built
from it, so that a column is described in one place only.
"""

from include.winddown.domain.frame_types import INTEGER_KINDS, MINOR_MAX, QTY_MAX, Column, Frame, Kind, Rule

__all__ = [
    "ALL_FRAMES",
    "CATALOGUE",
    "CONDITIONS",
    "CURRENCIES",
    "DISPOSITIONS",
    "HANDLING_CLASSES",
    "INTEGER_KINDS",
    "MINOR_MAX",
    "ORDERS",
    "PLAN_LINES",
    "QTY_MAX",
    "SCHEMES",
    "SHIPMENT_LINES",
    "STOCK",
    "SUPPLIES",
    "SUPPLY_LISTS",
    "TOTALS",
    "Column",
    "Frame",
    "Kind",
    "Rule",
]

CONDITIONS = ("sellable", "damaged_by_seller", "damaged_by_warehouse", "lost")
HANDLING_CLASSES = ("standard", "fragile", "liquid", "oversize", "hazardous", "cold")
SCHEMES = ("fbp", "fbo", "fbs", "rfbs")
DISPOSITIONS = ("return", "markdown", "dispose", "hold")
SUPPLY_LISTS = ("drafts", "orders", "archive")
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
        Column(
            name="resale_minor",
            kind="minor",
            high=MINOR_MAX,
            meaning="what one returned piece still fetches; missing = not known, the policy's share of the price counts",
            nullable=True,
        ),
        Column(name="category", kind="text", meaning="whose buyers answer prices alike", nullable=True),
    ),
)

TOTALS = Frame(
    name="totals",
    grain=("sku",),
    columns=(
        _SKU,
        _OFFER,
        Column(name="scheme", kind="code", values=SCHEMES, meaning="who keeps the goods"),
        _qty("present_qty", "sellable pieces the marketplace shows, reserved ones included"),
        _qty("reserved_qty", "pieces tied to orders"),
    ),
    rules=(Rule(name="reserved_within_present", predicate="reserved_qty <= present_qty", critical=False),),
    may_be_empty=True,
)
"""What the marketplace itself counts, over all warehouses; held against the warehouses' own report."""

SUPPLIES = Frame(
    name="supplies",
    grain=("supply_id",),
    columns=(
        Column(name="supply_id", kind="id", meaning="an inbound supply"),
        Column(name="status", kind="text", meaning="as the marketplace says it; unknown ones block the gate"),
        Column(name="warehouse_id", kind="id", meaning="where it goes, when that is known", nullable=True),
        _qty("units_qty", "pieces announced"),
        Column(
            name="can_be_cancelled",
            kind="code",
            values=("yes", "no", "unknown"),
            meaning="whether the seller may still cancel it",
        ),
        Column(name="listed_in", kind="code", values=SUPPLY_LISTS, meaning="the furthest list it stands in"),
    ),
    may_be_empty=True,
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

ALL_FRAMES = (STOCK, ORDERS, CATALOGUE, TOTALS, SUPPLIES, PLAN_LINES, SHIPMENT_LINES)

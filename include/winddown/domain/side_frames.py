"""Frames beside the great ones: fees, the cost sheet, the dock's counts, what a warehouse answers and ships."""

from include.winddown.domain.frame_types import BP_MAX
from include.winddown.domain.frames import (
    CATALOGUE,
    CONDITIONS,
    MINOR_MAX,
    QTY_MAX,
    TOTALS,
    Column,
    Frame,
    Rule,
)
from include.winddown.domain.match.kinds import DOCK_KINDS, PARTNER_KINDS, SCOPES

COUNT_CLOSED = "count_closed"


def _fee(name: str, meaning: str) -> Column:
    return Column(name=name, kind="minor", high=MINOR_MAX, meaning=meaning, nullable=True)


FEES = Frame(
    name="fees",
    grain=("sku",),
    columns=(
        *(TOTALS.column(name) for name in ("sku", "offer_id", "scheme")),
        CATALOGUE.column("price_minor"),
        Column(
            name="min_price_minor",
            kind="minor",
            low=1,
            high=MINOR_MAX,
            meaning="the merchant's floor for promotions that the marketplace applies; missing = none",
            nullable=True,
        ),
        CATALOGUE.column("currency"),
        Column(
            name="commission_bp",
            kind="bp",
            high=BP_MAX,
            meaning="share of the price that the marketplace keeps of a sale in that scheme",
            nullable=True,
        ),
        _fee("delivery_minor", "the last mile of one piece to its buyer"),
        _fee("haul_min_minor", "haulage of one piece between the marketplace's places, at least"),
        _fee("haul_max_minor", "the same, at most"),
        _fee("acquiring_minor", "what the payment for one piece costs at most"),
    ),
    rules=(
        Rule(
            name="floor_within_price",
            predicate="coalesce(min_price_minor <= price_minor, true)",
            critical=False,
        ),
        Rule(
            name="haulage_in_order",
            predicate="coalesce(haul_min_minor <= haul_max_minor, true)",
            critical=False,
        ),
    ),
    may_be_empty=True,
)
"""What the marketplace asks for a sale; missing = it does not tell, which never reads as zero."""

COSTS = Frame(
    name="costs",
    grain=("sku",),
    columns=tuple(
        CATALOGUE.column(name)
        for name in ("sku", "unit_cost_minor", "resale_minor", "handling_class", "currency")
    ),
)

COUNT_EXTRAS = {
    "shipment_no": "one movement of the request",
    "carton_id": "the carton they were in",
    "tracking_no": "the carrier's number",
    "report_no": "the receipt it stands in",
    "place": "where in the own warehouse it was counted",
    "by_whom": "who decided; needed for short_closed",
    "note": "why",
}
"""Columns that a count sheet may leave out."""

COUNTS = Frame(
    name="counts",
    grain=("count_id",),
    columns=(
        Column(name="count_id", kind="id", meaning="the dock's own number of the entry"),
        Column(name="request_no", kind="id", meaning="the desk's number of the return request"),
        Column(
            name="kind",
            kind="code",
            values=tuple(DOCK_KINDS),
            meaning="what was counted, or that it is over",
        ),
        Column(name="sku", kind="id", meaning="empty when the count is over", nullable=True),
        Column(
            name="condition",
            kind="code",
            values=CONDITIONS,
            meaning="as asked for; empty when the count is over",
            nullable=True,
        ),
        Column(
            name="counted_qty",
            kind="qty",
            low=-QTY_MAX,
            meaning="pieces; 0 when the count is over, below zero only in a correction",
        ),
        Column(name="counted_at", kind="at", meaning="when it was counted"),
        *(
            Column(name=name, kind="text", meaning=meaning, nullable=True)
            for name, meaning in COUNT_EXTRAS.items()
        ),
    ),
    rules=(
        Rule(
            name="only_a_closed_count_is_empty",
            predicate="(kind = 'count_closed') = (sku is null)"
            " and (kind = 'count_closed') = (condition is null)"
            " and (kind = 'count_closed') = (counted_qty = 0)",
        ),
    ),
    may_be_empty=True,
)

ANSWERS = Frame(
    name="answers",
    grain=("reference", "sku", "condition"),
    columns=(
        Column(
            name="reference", kind="id", meaning="our reference of the request, as it stands on its sheet"
        ),
        Column(name="request_no", kind="id", meaning="the warehouse's number of the request", nullable=True),
        Column(name="sku", kind="id", meaning="as asked for"),
        Column(name="condition", kind="code", values=CONDITIONS, meaning="as asked for"),
        Column(
            name="accepted_qty",
            kind="qty",
            meaning="pieces the warehouse will send; empty only when it refuses",
            nullable=True,
        ),
        Column(name="refusal", kind="text", meaning="why the warehouse refuses the request", nullable=True),
    ),
    may_be_empty=True,
)
"""What a warehouse without an API answers: the sheet `Answer` of its request, filled in."""

SHIPPED_KINDS = tuple(kind for kind in PARTNER_KINDS if kind not in (*SCOPES, "correction"))

SHIPPED_ROWS = Frame(
    name="shipped",
    grain=(),
    columns=(
        Column(name="request_no", kind="id", meaning="the warehouse's number of the request"),
        Column(name="sku", kind="id", meaning="as asked for"),
        Column(name="condition", kind="code", values=CONDITIONS, meaning="as asked for"),
        Column(name="shipped_qty", kind="qty", low=1, meaning="pieces that left, or that the kind is about"),
        Column(name="shipped_on", kind="on", meaning="the day it happened"),
        Column(
            name="kind",
            kind="code",
            values=SHIPPED_KINDS,
            meaning="what became of them; empty = shipped",
            nullable=True,
        ),
        Column(name="carton", kind="text", meaning="the carton they are in", nullable=True),
        Column(name="tracking", kind="text", meaning="the carrier's number", nullable=True),
    ),
    may_be_empty=True,
)
"""What a warehouse without an API shipped; a row is one entry, and two equal rows are two."""

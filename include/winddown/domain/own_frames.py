"""Frames of the own warehouse after the exit: its stock, what it sold and got back, carriers, suppliers."""

from include.winddown.domain.frame_types import Column, Frame, Rule
from include.winddown.domain.frames import CATALOGUE, MINOR_MAX, ORDERS, TOTALS

OWN_SCHEMES = ("fbs", "rfbs")

OWN_STOCK = Frame(
    name="own_stock",
    grain=("sku", "scheme"),
    columns=(
        TOTALS.column("sku"),
        TOTALS.column("offer_id"),
        Column(name="scheme", kind="code", values=OWN_SCHEMES, meaning="who delivers from it"),
        TOTALS.column("present_qty"),
        TOTALS.column("reserved_qty"),
    ),
    rules=(Rule(name="reserved_within_present", predicate="reserved_qty <= present_qty", critical=False),),
    may_be_empty=True,
)

OWN_POSTINGS = Frame(
    name="own_postings",
    grain=("posting_number", "line_no"),
    columns=(
        *(ORDERS.column(name) for name in ("posting_number", "line_no", "status", "ordered_at")),
        Column(name="warehouse_id", kind="id", meaning="the own warehouse"),
        Column(name="method", kind="text", meaning="how it is delivered, as the cabinet calls it"),
        Column(name="provider", kind="text", meaning="who delivers it", nullable=True),
        Column(name="zone", kind="text", meaning="the region it goes to", nullable=True),
        *(ORDERS.column(name) for name in ("sku", "offer_id", "ordered_qty", "price_minor", "currency")),
        Column(name="ship_by_at", kind="at", meaning="until when it has to leave", nullable=True),
        Column(name="shipped_at", kind="at", meaning="when it left", nullable=True),
        Column(
            name="promised_at", kind="at", meaning="the end of what the buyer was promised", nullable=True
        ),
        Column(name="delivered_on", kind="on", meaning="the day it was delivered", nullable=True),
    ),
    may_be_empty=True,
)
"""Missing dates are not known; a posting that was delivered before the days looked at has no day."""

OWN_RETURNS = Frame(
    name="own_returns",
    grain=("return_id",),
    columns=(
        Column(name="return_id", kind="id", meaning="the return, or the buyer's claim"),
        Column(name="scheme", kind="code", values=OWN_SCHEMES, meaning="whose list it stands in"),
        ORDERS.column("posting_number"),
        ORDERS.column("sku"),
        ORDERS.column("offer_id"),
        Column(name="returned_qty", kind="qty", low=1, meaning="pieces; rFBS does not say", nullable=True),
        Column(name="returned_at", kind="at", meaning="when the buyer asked or gave it back"),
    ),
    may_be_empty=True,
)

_PROVIDER = Column(
    name="provider", kind="text", meaning="the carrier, as in its contract; FBP = the partner before"
)
_ZONE = Column(name="zone", kind="text", meaning="the carrier's zone")

TARIFFS = Frame(
    name="tariffs",
    grain=(),
    columns=(
        _PROVIDER,
        _ZONE,
        Column(name="weight_to_g", kind="g", low=1, high=10_000_000, meaning="upper end of the weight band"),
        Column(name="order_minor", kind="minor", high=MINOR_MAX, meaning="for each parcel"),
        Column(name="kg_minor", kind="minor", high=MINOR_MAX, meaning="for each kilogram, by the gram"),
        CATALOGUE.column("currency"),
        Column(name="from_on", kind="on", meaning="first day of the tariff", nullable=True),
        Column(name="until_on", kind="on", meaning="its last day", nullable=True),
    ),
    may_be_empty=True,
)

INVOICES = Frame(
    name="invoices",
    grain=(),
    columns=(
        _PROVIDER,
        Column(name="invoice_no", kind="text", meaning="of the carrier"),
        Column(name="posting_number", kind="id", meaning="the parcel it is for", nullable=True),
        _ZONE,
        Column(name="weight_g", kind="g", low=1, high=10_000_000, meaning="weight the carrier charged"),
        Column(name="amount_minor", kind="minor", high=MINOR_MAX, meaning="what it charged for the parcel"),
        CATALOGUE.column("currency"),
        Column(name="shipped_on", kind="on", meaning="the day the parcel left"),
    ),
    may_be_empty=True,
)

INBOUND = Frame(
    name="inbound",
    grain=("sku",),
    columns=(
        TOTALS.column("sku"),
        Column(name="on_order_qty", kind="qty", meaning="pieces on their way from the supplier"),
        Column(name="lead_days", kind="qty", high=730, meaning="from an order until it can be sold, days"),
    ),
    may_be_empty=True,
)
"""What the merchant knows of its suppliers; a SKU that is not in it has the policy's lead time."""

CARRIER_FRAMES = (TARIFFS, INVOICES, INBOUND)
"""Read from files of these names."""

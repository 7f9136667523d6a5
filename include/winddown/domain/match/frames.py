"""The rows of the match: what goes in, and the lines and discrepancies that come out."""

from include.winddown.domain.frame_types import MINOR_MAX, QTY_MAX, Column, Frame, Kind
from include.winddown.domain.frames import CATALOGUE, CURRENCIES, Rule

TOTAL_QTY_MAX = 1_000_000_000
MEASURES = ("delta", "total")
IDENTITY_KINDS = ("barcode", "alias", "variant", "pack")
_CURRENCY = Column(
    name="currency", kind="currency", values=CURRENCIES, meaning="ISO 4217 code", nullable=True
)


def _maybe(name: str, kind: Kind, meaning: str) -> Column:
    high = MINOR_MAX if kind == "minor" else 10_000_000 if kind == "g" else QTY_MAX
    return Column(name=name, kind=kind, meaning=meaning, high=high, nullable=True)


_ACCOUNT = _maybe("account_id", "id", "the cabinet, when files of several are mixed")
_SKU = _maybe("sku", "id", "the product; missing = see the barcode, or unidentified")
_BARCODE = _maybe("barcode", "id", "read where there is no SKU")
_CONDITION = _maybe("condition", "text", "state of the pieces; missing = as asked for")
_UNIT = _maybe("unit", "text", "what is counted: missing = pieces, else a pack of the mapping")
_VERSION = _maybe("version", "qty", "which edition of the row this is; the highest counts")

REQUESTED = Frame(
    name="requested",
    grain=(),
    columns=(
        _ACCOUNT,
        Column(name="request_no", kind="id", meaning="the return request"),
        _SKU,
        _BARCODE,
        _CONDITION,
        Column(name="requested_qty", kind="qty", meaning="how many were asked back"),
        _UNIT,
        _maybe("accepted_qty", "qty", "how many the desk agreed to; missing = all"),
        _maybe("cancelled_qty", "qty", "how many were cancelled since"),
        _maybe("disposed_qty", "qty", "how many the partner destroyed instead"),
        Column(name="requested_at", kind="at", meaning="when they were asked back"),
        _maybe("order_type", "text", "missing = return; a disposal expects nothing to arrive"),
        _maybe("status", "text", "as the partner says it"),
        _maybe("warehouse_id", "id", "the partner's warehouse"),
        _VERSION,
        _maybe("unit_cost_minor", "minor", "what one piece cost"),
        _maybe("price_minor", "minor", "its price on the card"),
        _maybe("resale_minor", "minor", "what one returned piece fetches"),
        _CURRENCY,
        _maybe("weight_g", "g", "weight of one packed piece"),
    ),
)
"""Ours: grain is free, because a file may hold editions of one line; the highest version counts."""

_EVENT_COLUMNS = (
    _ACCOUNT,
    _maybe("request_no", "id", "the return request; missing = found by carton, shipment or tracking number"),
    _maybe("shipment_no", "id", "one movement of a request"),
    _maybe("carton_id", "id", "one carton"),
    _maybe("tracking_no", "text", "the carrier's number"),
    _SKU,
    _BARCODE,
    _CONDITION,
    _maybe("kind", "text", "what is reported; missing = shipped, or received_ok"),
    Column(
        name="measure",
        kind="code",
        values=MEASURES,
        meaning="delta = so many more (also when missing), total = so many so far",
        nullable=True,
    ),
    Column(name="qty", kind="qty", low=-QTY_MAX, meaning="how many; below zero only for a correction"),
    _UNIT,
    Column(name="happened_at", kind="at", meaning="when it happened"),
    _maybe("event_id", "id", "the reporter's number of the event"),
    _maybe("report_no", "id", "the report, act or receipt it stands in"),
    _VERSION,
    _maybe("place", "text", "where in the own warehouse it was counted"),
    _maybe("carton_weight_g", "g", "what the carrier weighed"),
    _maybe("amount_minor", "minor", "money of a fee or a compensation"),
    _CURRENCY,
    _maybe("by_whom", "text", "who decided"),
    _maybe("note", "text", "why, in the reporter's words"),
)
SHIPPED = Frame(name="shipped", grain=(), columns=_EVENT_COLUMNS, may_be_empty=True)
"""The partner's: rows may repeat within and between files; the match applies each once."""
RECEIVED = Frame(name="received", grain=(), columns=_EVENT_COLUMNS, may_be_empty=True)
"""The own dock's, likewise."""

IDENTITIES = Frame(
    name="identities",
    grain=(),
    columns=(
        Column(name="kind", kind="code", values=IDENTITY_KINDS, meaning="what the row says"),
        Column(
            name="name", kind="id", meaning="the barcode, the SKU that is read as another, the SKU in packs"
        ),
        _maybe("sku", "id", "the SKU it stands for; missing for a pack"),
        _maybe("unit", "text", "the pack's word; missing for other kinds"),
        _maybe("factor", "qty", "pieces in one pack"),
        Column(name="from_on", kind="on", meaning="first day; missing = always so far", nullable=True),
        Column(name="until_on", kind="on", meaning="last day; missing = until further notice", nullable=True),
    ),
    may_be_empty=True,
)

BUCKETS = (
    "received_ok_qty",
    "received_damaged_qty",
    "received_wrong_qty",
    "lost_qty",
    "cancelled_qty",
    "disposed_qty",
    "compensated_qty",
    "in_transit_qty",
    "unresolved_qty",
)
"""Where the pieces of a line are; together they are what was requested, and what came beyond it."""


def _qty(name: str, meaning: str) -> Column:
    return Column(name=name, kind="qty", high=TOTAL_QTY_MAX, meaning=meaning)


LINES = Frame(
    name="match_lines",
    grain=("account_id", "request_no", "sku", "condition"),
    columns=(
        Column(name="account_id", kind="text", meaning="the cabinet; empty = the one there is"),
        Column(name="request_no", kind="id", meaning="the return request"),
        Column(name="sku", kind="id", meaning="the product, after aliases"),
        Column(name="condition", kind="text", meaning="as asked for"),
        _qty("requested_qty", "asked back"),
        _qty("shipped_qty", "sent, as the partner says"),
        _qty("received_ok_qty", "counted, in the condition asked for"),
        _qty("received_damaged_qty", "counted, damaged; concealed damage found later too"),
        _qty("received_wrong_qty", "counted, another article in their place"),
        _qty("lost_qty", "lost: the count is over, no scan for too long, or the partner says so"),
        _qty(
            "cancelled_qty", "not to come: cancelled, not agreed to, sold to buyers, closed short by a person"
        ),
        _qty("disposed_qty", "destroyed by the partner"),
        _qty("compensated_qty", "made good in money or goods, and not here"),
        _qty("in_transit_qty", "sent and not counted yet"),
        _qty("unresolved_qty", "still with the partner, or nobody knows"),
        _qty("overage_qty", "beyond what was requested; apart"),
        _qty("sold_qty", "of the cancelled: sold after the request"),
        _qty("short_closed_qty", "of the cancelled: closed short by a named person"),
        _qty("made_good_qty", "new goods with the partner for compensated pieces; apart"),
    ),
    rules=(
        Rule(
            name="requested_is_accounted_for",
            predicate=f"requested_qty + overage_qty = {' + '.join(BUCKETS)}",
        ),
    ),
    may_be_empty=True,
)

VALUE_COLUMNS = {
    "purchase_cost": CATALOGUE.column("unit_cost_minor").name,
    "card_price": CATALOGUE.column("price_minor").name,
    "resale": "resale_minor",
}
"""The column behind each valuation basis."""

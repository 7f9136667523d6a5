"""What is done to the outside: its key, its request, and how a reply is read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EFFECT_STATES = ("ready", "sending", "unknown", "confirmed", "rejected", "escalated", "cancelled")
OPEN_STATES = ("ready", "sending", "unknown", "escalated")
SETTLED_STATES = ("confirmed", "rejected", "cancelled")


class Outcome(StrEnum):
    """
    What one attempt to write came to; the table is docs/adr/0004.

    OK: done, and the reply says under which number.
    NOT_SENT: surely nothing happened (no connection, throttled); it may be sent again.
    DENIED: the key or role is refused; nothing happened, and a person must act.
    REJECTED: the content is refused; sending it again is useless.
    UNKNOWN: anything else. It is looked up and never sent again blindly.
    """

    OK = "ok"
    NOT_SENT = "not_sent"
    DENIED = "denied"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """
    How somebody outside can be dealt with.

    Attributes:
        account: whom a write reaches; two exits that reach the same one share its conflict keys.
        horizon_s: after so many seconds a write that was sent shows up outside, or never will.
        knows_reference: whether a request can be found by our reference; otherwise by its content only.
        is_person: whether a person answers, in days and by a document, so that a first reply proves nothing
            and absence nothing either.
    """

    account: str
    horizon_s: float
    knows_reference: bool = True
    is_person: bool = False

    def conflict_key(self, kind: str, deed: str, place: str) -> str:
        """
        Name what may have one effect under way.

        Args:
            kind: of the effect.
            deed: names this very effect.
            place: where look-alikes of it can stand, as a warehouse.
        """
        return f"{self.account}|{kind}|{deed if self.knows_reference else place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """Pieces of one SKU in one condition; grain of a return request: (sku, condition)."""

    sku: str
    condition: str
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequest:
    """
    One shipment to send back.

    Attributes:
        client_reference: our key of the effect; the desk can find the request by it.
        warehouse_id: where the goods are.
        destination: the own warehouse they go to.
        handling_class: one class a shipment.
        lines: at least one.
    """

    client_reference: str
    warehouse_id: str
    destination: str
    handling_class: str
    lines: tuple[RequestLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedLine:
    """What the desk agreed to send of one line; 0 ≤ accepted_qty ≤ requested_qty."""

    sku: str
    condition: str
    requested_qty: int
    accepted_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A request as the desk keeps it: its number there and the accepted lines."""

    request_no: str
    lines: tuple[AcceptedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How one attempt ended; `accepted` is there exactly when the outcome is OK."""

    outcome: Outcome
    detail: str
    accepted: Accepted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    Something a desk or a dock reported, kept as it came.

    Attributes:
        source: 'desk', 'dock', or 'claim' for what a person recorded of a claim's end.
        event_id: the reporter's own id, unique within the source.
        request_no: the desk's number of the return request; empty = not known.
        kind: one of domain.match.kinds, or a word that nobody knows yet.
        sku, condition: empty where the event names none.
        qty: pieces, or packs where unit names them; below zero only for a correction.
        happened_at: aware UTC.
        raw: the object as received.
        shipment_no, carton_id, tracking_no: how the goods travelled.
        report_no: the report, act or receipt it stands in.
        barcode: read where there is no SKU.
        measure: delta = so many more (also when empty), total = so many so far.
        unit: empty = pieces.
        place: where in the own warehouse it was counted.
        carton_weight_g: what the carrier weighed.
        amount_minor, currency: money of a fee or a compensation.
        by_whom, note: who decided, and why in the reporter's words.
    """

    source: str
    event_id: str
    request_no: str
    kind: str
    sku: str
    condition: str
    qty: int
    happened_at: datetime
    raw: Mapping[str, object]
    shipment_no: str = ""
    carton_id: str = ""
    tracking_no: str = ""
    report_no: str = ""
    barcode: str = ""
    measure: str = ""
    unit: str = ""
    place: str = ""
    carton_weight_g: int | None = None
    amount_minor: int | None = None
    currency: str = ""
    by_whom: str = ""
    note: str = ""


def effect_key(exit_id: str, kind: str, digest: str, group: str) -> str:
    """
    Name an effect by what it does, never by run, try or time.

    Two DAG runs of one approved plan come to the same key, so the second finds the first.

    Args:
        exit_id: an exit has one account for each kind of effect, so it stands for the account.
        kind: of the effect.
        digest: of the approved plan.
        group: the plan's lines it is about, as a shipment.
    """
    return hashlib.sha256(f"{exit_id}|{kind}|{digest}|{group}".encode()).hexdigest()


def classify(status: int | None, *, sent: bool, readable: bool) -> Outcome:
    """
    Read the reply to a write; whatever is not listed is UNKNOWN.

    Args:
        status: HTTP status, or None when no reply came.
        sent: whether any byte of the request may have left.
        readable: whether the body has the documented shape.
    """
    if not sent or status == 429:
        return Outcome.NOT_SENT
    if status in (401, 403):
        return Outcome.DENIED
    if status in (400, 404, 422) and readable:
        return Outcome.REJECTED
    if status in (200, 201) and readable:
        return Outcome.OK
    return Outcome.UNKNOWN


def answers(request: ReturnRequest, accepted: Accepted) -> bool:
    """Tell whether what the desk keeps is the request we made, line by line."""
    wanted = {(line.sku, line.condition, line.qty) for line in request.lines}
    kept = [(line.sku, line.condition, line.requested_qty) for line in accepted.lines]
    in_bounds = all(0 <= line.accepted_qty <= line.requested_qty for line in accepted.lines)
    return in_bounds and len(kept) == len(wanted) and set(kept) == wanted

"""What is done to the outside: its key, its request, and how a reply is read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from include.winddown.domain.errors import OutcomeUnknown, RequestRefused, shorten


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
        source: 'desk' or 'dock'.
        event_id: the reporter's own id, unique within the source.
        request_no: the desk's number of the return request.
        kind: shipped | received_ok | received_damaged | count_closed.
        sku, condition: empty for count_closed.
        qty: pieces; 0 for count_closed.
        happened_at: aware UTC.
        raw: the object as received.
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


EVENT_KINDS = ("shipped", "received_ok", "received_damaged", "count_closed")


def effect_key(exit_id: str, kind: str, digest: str, group: str) -> str:
    """
    Name an effect by what it does, never by run, try or time.

    Two DAG runs of one approved plan come to the same key, so the second finds the first.
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


def sum_up(came: Mapping[str, tuple[Outcome, str]]) -> int:
    """
    Sum up what came of several requests.

    Args:
        came: outcome and detail per shipment number.

    Returns:
        How many stand at the desk.

    Raises:
        RequestRefused: the desk refused some, or refuses us; nothing of those was created.
        OutcomeUnknown: of some it is not known yet; the next try looks them up.
    """
    by_outcome: dict[Outcome, list[str]] = {}
    for shipment_no, (outcome, detail) in came.items():
        by_outcome.setdefault(outcome, []).append(f"{shipment_no} ({detail})")
    refused = by_outcome.get(Outcome.REJECTED, []) + by_outcome.get(Outcome.DENIED, [])
    if refused:
        msg = f"the return desk refused {len(refused)} requests: {shorten(refused, 5)}. Mend the cause, make a new plan"
        raise RequestRefused(msg)
    open_ones = by_outcome.get(Outcome.UNKNOWN, []) + by_outcome.get(Outcome.NOT_SENT, [])
    if open_ones:
        msg = f"{len(open_ones)} requests are not confirmed yet: {shorten(open_ones, 5)}. They are looked up, not re-sent"
        raise OutcomeUnknown(msg)
    return len(by_outcome.get(Outcome.OK, []))

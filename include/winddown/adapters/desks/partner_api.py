"""
The return desk of a partner warehouse that has an HTTP API.

Paths and fields: its OpenAPI document, as the sandbox serves it under /openapi.json.
"""

import logging
from collections.abc import Iterator
from functools import partial

from include.winddown.adapters.events import SHIPPED, read_event
from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.http import DEFAULT_LIMITS, UNPACED, Peer, PeerDown, Written
from include.winddown.adapters.pages import ListIncomplete, all_pages, get_page
from include.winddown.adapters.ports import Found, Standing
from include.winddown.adapters.strict_json import Part
from include.winddown.adapters.turns import Pace
from include.winddown.domain.effects import (
    Accepted,
    AcceptedLine,
    Event,
    Manner,
    Reply,
    ReturnRequest,
    classify,
)
from include.winddown.domain.errors import BadConnection, ContractBroken

log = logging.getLogger(__name__)

REQUESTS = "/partner/v1/return-requests"
EVENTS = "/partner/v1/events"
STOCK_REPORT = "/partner/v1/stock-report.csv"
PAGE_SIZE = 200
HORIZON_S = 30.0
"""Of a desk that lists a request as soon as it has made it; the connection's `horizon_s` overrules it."""
BLIND_HORIZON_S = 86_400.0
"""Of a desk that keeps no reference of ours: a day, because a second request would not be refused there."""


class PartnerApi:
    """
    A return desk over HTTP.

    Args:
        address: scheme, host and port.
        token: bearer token; never shown.
        limits: how long and how much.
        horizon_s: how long a request that was sent may take to show up in the desk's list.
        knows_reference: whether the desk keeps our reference, and lists requests by it.
        pace: how often it may be asked.

    Raises:
        BadConnection: the address or the token cannot be one.
    """

    def __init__(
        self,
        address: str,
        token: str,
        limits: Limits = DEFAULT_LIMITS,
        *,
        horizon_s: float = HORIZON_S,
        knows_reference: bool = True,
        pace: Pace = UNPACED,
    ) -> None:
        self.manner = Manner(account=address, horizon_s=horizon_s, knows_reference=knows_reference)
        self.peer = Peer(
            who="the return desk",
            address=address,
            headers={"Authorization": f"Bearer {token}"},
            refusal=BadConnection,
            fix="check the desk's connection: its password is the access token, its host and port are the desk's own",
            limits=limits,
            pace=pace,
        )

    def create(self, request: ReturnRequest) -> Reply:
        """
        Send one request, once.

        Returns:
            OK with what was accepted, or what the reply proves; whatever is unclear is UNKNOWN.
            It never raises for what the desk or the network does.
        """
        body = _body_of(request, with_reference=self.manner.knows_reference)
        written = self.peer.write(REQUESTS, body)
        accepted, doubt = _accepted_of(written, request, body)
        readable = accepted is not None or _is_error(written)
        outcome = classify(written.status, sent=written.sent, readable=readable)
        return Reply(outcome=outcome, detail=written.detail + doubt, accepted=accepted)

    def find(self, request: ReturnRequest) -> Found:
        """
        Look a request up through every page: by our reference, or else by its content.

        Returns:
            What was found; `complete` is false when the list could not be read to its end.

        Raises:
            BadConnection: the token is refused.
            ContractBroken: a request in the list is not readable.
        """
        matches: list[Accepted] = []
        try:
            with self.peer.line() as line:
                params: dict[str, str | int] = {"limit": PAGE_SIZE}
                if self.manner.knows_reference:
                    params["client_reference"] = request.client_reference
                is_match = _is_under if self.manner.knows_reference else _is_alike
                for page in all_pages(partial(get_page, line, REQUESTS, "cursor", params)):
                    matches += [_accepted(item) for item in page.items if is_match(item, request)]
        except (PeerDown, ListIncomplete) as error:
            log.warning("look-up of %s is incomplete: %s", request.client_reference, error)
            return Found(complete=False, matches=tuple(matches))
        return Found(complete=True, matches=tuple(matches))

    def standing(self) -> Iterator[Standing]:
        """
        Give every request that stands, oldest first.

        Raises:
            PeerDown, BadConnection, ContractBroken: the list could not be read to its end.
        """
        with self.peer.line() as line:
            for page in all_pages(partial(get_page, line, REQUESTS, "cursor", {"limit": PAGE_SIZE})):
                for item in page.items:
                    yield Standing(
                        request_no=item["request_no"].name(),
                        client_reference=item["client_reference"].text(),
                        warehouse_id=item["warehouse_id"].name(),
                        created_at=item["created_at"].text(),
                        units_qty=sum(line.requested_qty for line in _accepted(item).lines),
                    )

    def events(self) -> Iterator[Event]:
        """
        Give everything shipped so far, oldest first.

        Raises:
            PeerDown, BadConnection, ContractBroken: the list could not be read to its end.
        """
        with self.peer.line() as line:
            for page in all_pages(partial(get_page, line, EVENTS, "after", {"limit": PAGE_SIZE})):
                for item in page.items:
                    yield read_event(item, SHIPPED)

    def stock_report(self) -> bytes:
        """
        Fetch the partner's stock report, a CSV file.

        Raises:
            PeerDown, BadConnection: there is none to be had.
        """
        with self.peer.line() as line:
            return line.content(STOCK_REPORT)


def _body_of(request: ReturnRequest, *, with_reference: bool) -> dict[str, object]:
    return {
        "client_reference": request.client_reference if with_reference else "",
        "warehouse_id": request.warehouse_id,
        "destination": request.destination,
        "handling_class": request.handling_class,
        "lines": [
            {"sku": line.sku, "condition": line.condition, "quantity": line.qty} for line in request.lines
        ],
    }


def _accepted_of(
    written: Written, request: ReturnRequest, body: dict[str, object]
) -> tuple[Accepted | None, str]:
    """Read the reply to a create; a reply about something else is no acceptance."""
    if written.status not in (200, 201) or written.body is None:
        return None, ""
    try:
        accepted = _accepted(written.body)
        reference = written.body["client_reference"].text()
    except ContractBroken as error:
        return None, f"; {error}"
    asked = {(line.sku, line.condition, line.qty) for line in request.lines}
    told = {(line.sku, line.condition, line.requested_qty) for line in accepted.lines}
    if reference != body["client_reference"] or asked != told or len(accepted.lines) != len(asked):
        return None, "; the reply is about another request"
    return accepted, ""


def _accepted(item: Part) -> Accepted:
    return Accepted(
        request_no=item["request_no"].name(), lines=tuple(_accepted_line(line) for line in item["lines"])
    )


def _accepted_line(line: Part) -> AcceptedLine:
    requested_qty = line["quantity"].whole(low=1)
    return AcceptedLine(
        sku=line["sku"].name(),
        condition=line["condition"].text(),
        requested_qty=requested_qty,
        accepted_qty=line["accepted_quantity"].whole(high=requested_qty),
    )


def _is_error(written: Written) -> bool:
    """Tell whether the reply has the documented error shape."""
    body = written.body.value if written.body else None
    return isinstance(body, dict) and isinstance(body.get("message"), str) and "code" in body


def _is_under(item: Part, request: ReturnRequest) -> bool:
    """Tell whether a request is under our reference; a desk that ignores the filter gives all of them."""
    return item["client_reference"].text() == request.client_reference


def _is_alike(item: Part, request: ReturnRequest) -> bool:
    """Tell whether a request asks for the same pieces from and to the same places."""
    where = ("warehouse_id", "destination", "handling_class")
    if any(item[name].text() != getattr(request, name) for name in where):
        return False
    asked = {(line.sku, line.condition, line.qty) for line in request.lines}
    told = [(line.sku, line.condition, line.requested_qty) for line in _accepted(item).lines]
    return len(told) == len(asked) and set(told) == asked

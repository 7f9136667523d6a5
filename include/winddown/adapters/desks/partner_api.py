"""
The return desk of a partner warehouse that has an HTTP API.

Paths and fields: its OpenAPI document, as the sandbox serves it under /openapi.json.
"""

import logging
from collections.abc import Iterator
from functools import partial

from include.winddown.adapters.events import SHIPPED, read_event
from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.http import DEFAULT_LIMITS, Peer, PeerDown, Written
from include.winddown.adapters.pages import ListIncomplete, Page, all_pages, get_page
from include.winddown.adapters.ports import Found
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.effects import (
    Accepted,
    AcceptedLine,
    Event,
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


class PartnerApi:
    """
    A return desk over HTTP.

    Args:
        address: scheme, host and port.
        token: bearer token; never shown.
        limits: how long and how much.

    Raises:
        BadConnection: the address or the token cannot be one.
    """

    def __init__(self, address: str, token: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.peer = Peer(
            who="the return desk",
            address=address,
            headers={"Authorization": f"Bearer {token}"},
            refusal=BadConnection,
            fix="check the desk's connection: its password is the access token, its host and port are the desk's own",
            limits=limits,
        )

    def create(self, request: ReturnRequest) -> Reply:
        """
        Send one request, once.

        Returns:
            OK with what was accepted, or what the reply proves; whatever is unclear is UNKNOWN.
            It never raises for what the desk or the network does.
        """
        written = self.peer.write("POST", REQUESTS, _body_of(request))
        accepted, doubt = _accepted_of(written, request)
        readable = accepted is not None or _is_error(written)
        outcome = classify(written.status, sent=written.sent, readable=readable)
        return Reply(outcome=outcome, detail=written.detail + doubt, accepted=accepted)

    def find(self, client_reference: str) -> Found:
        """
        Look a request up by our reference, through every page.

        Returns:
            What was found; `complete` is false when the list could not be read to its end.

        Raises:
            BadConnection: the token is refused.
            ContractBroken: a request in the list is not readable.
        """
        matches: list[Accepted] = []
        try:
            with self.peer.line() as line:
                params: dict[str, str | int] = {"client_reference": client_reference, "limit": PAGE_SIZE}
                for page in all_pages(partial(get_page, line, REQUESTS, "cursor", params)):
                    matches += _under(client_reference, page)
        except (PeerDown, ListIncomplete) as error:
            log.warning("look-up of %s is incomplete: %s", client_reference, error)
            return Found(complete=False, matches=tuple(matches))
        return Found(complete=True, matches=tuple(matches))

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


def _body_of(request: ReturnRequest) -> dict[str, object]:
    return {
        "client_reference": request.client_reference,
        "warehouse_id": request.warehouse_id,
        "destination": request.destination,
        "handling_class": request.handling_class,
        "lines": [
            {"sku": line.sku, "condition": line.condition, "quantity": line.qty} for line in request.lines
        ],
    }


def _accepted_of(written: Written, request: ReturnRequest) -> tuple[Accepted | None, str]:
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
    if reference != request.client_reference or asked != told or len(accepted.lines) != len(asked):
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


def _under(client_reference: str, page: Page) -> list[Accepted]:
    """Keep the requests under our reference; a desk that ignores the filter gives all of them."""
    return [_accepted(item) for item in page.items if item["client_reference"].text() == client_reference]

"""
The own dock, when it has an HTTP API.

Path and fields: its OpenAPI document, as the sandbox serves it under /openapi.json.
"""

from collections.abc import Iterator
from functools import partial

from include.winddown.adapters.events import COUNTED, read_event
from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.http import DEFAULT_LIMITS, Peer
from include.winddown.adapters.pages import all_pages, get_page
from include.winddown.domain.effects import Event
from include.winddown.domain.errors import BadConnection

COUNTS = "/dock/v1/counts"
PAGE_SIZE = 200


class DockApi:
    """
    A receiving dock over HTTP.

    Args:
        address: scheme, host and port.
        token: bearer token; never shown.
        limits: how long and how much.

    Raises:
        BadConnection: the address or the token cannot be one.
    """

    def __init__(self, address: str, token: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.peer = Peer(
            who="the receiving dock",
            address=address,
            headers={"Authorization": f"Bearer {token}"},
            refusal=BadConnection,
            fix="check the dock's connection: its password is the access token, its host and port are the dock's own",
            limits=limits,
        )

    def events(self) -> Iterator[Event]:
        """
        Give every count so far, oldest first.

        Raises:
            PeerDown, BadConnection, ContractBroken: the list could not be read to its end.
        """
        with self.peer.line() as line:
            for page in all_pages(partial(get_page, line, COUNTS, "after", {"limit": PAGE_SIZE})):
                for item in page.items:
                    yield read_event(item, COUNTED)

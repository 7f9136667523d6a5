"""What a key may do: POST /v1/roles (documented April to September 2026)."""

from datetime import datetime

from include.winddown.adapters.http import Peer
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.keys import judge_key

ROLES = "/v1/roles"
NEEDED = (
    "/v1/fbp/archive/list",
    "/v1/fbp/draft/list",
    "/v1/fbp/order/list",
    "/v1/posting/fbp/list",
    "/v3/posting/fbo/list",
    "/v3/product/info/list",
    "/v3/product/list",
    "/v4/posting/fbs/list",
    "/v4/product/info/attributes",
    "/v4/product/info/stocks",
    "/v5/product/info/prices",
)
"""What a snapshot calls."""


def check_key(peer: Peer, now: datetime) -> str:
    """
    Ask what the key may do and how long it lives.

    Args:
        peer: the marketplace.
        now: aware.

    Returns:
        One sentence for people.

    Raises:
        MarketplaceRefused: the key is invalid, ends soon, or has too many or too few rights.
        PeerDown, ContractBroken: no usable answer.
    """
    reply = _ask(peer)
    methods = {method.name() for role in reply["roles"] for method in role["methods"]}
    return judge_key(methods, reply["expires_at"].moment(), now, NEEDED)


def key_days(peer: Peer, now: datetime) -> int:
    """Ask for how many whole days the key lives on; below zero when it has ended."""
    return (_ask(peer)["expires_at"].moment() - now).days


def _ask(peer: Peer) -> Part:
    with peer.line() as line:
        return line.post(ROLES, {}, repeatable=True)[0]

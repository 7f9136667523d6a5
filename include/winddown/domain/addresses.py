"""Where a marketplace connection may lead: an exact list, never what somebody typed."""

import re
from dataclasses import dataclass

from include.winddown.domain.errors import BadConnection

OZON_HOST = "api-seller.ozon.ru"
OZON_ADDRESS = f"https://{OZON_HOST}:443"
LOOPBACK = ("127.0.0.1", "localhost")
PORT_MAX = 65_535

_PLAIN_HOST = re.compile(r"[A-Za-z0-9.-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    What a connection says about its place; everything may be missing.

    Attributes:
        name: the connection's id, for messages.
        host, scheme, port: as they stand there.
        sandbox: the value of `sandbox` in its extra.
    """

    name: str
    host: str
    scheme: str
    port: int | None
    sandbox: object


def ozon_address(place: Place) -> str:
    """
    Give the one address of Ozon, or that of a sandbox on this machine when the connection says so.

    Raises:
        BadConnection: any other place; user names and paths in the host are not shown.
    """
    if place.sandbox is True:
        return _sandbox_address(place)
    if place.sandbox not in (None, False):
        msg = f"the connection {place.name!r} has sandbox {place.sandbox!r} in its extra; give true or false"
        raise BadConnection(msg)
    is_ozon = place.host in ("", OZON_HOST) and place.scheme in ("", "https") and place.port in (None, 443)
    if not is_ozon:
        msg = (
            f"the connection {place.name!r} names {_shown(place)}; a connection of kind ozon leads to"
            f" {OZON_ADDRESS} and nowhere else: leave host, port and scheme empty"
        )
        raise BadConnection(msg)
    return OZON_ADDRESS


def _sandbox_address(place: Place) -> str:
    here = place.host in LOOPBACK and place.scheme in ("", "http")
    if not here or place.port is None or not 1 <= place.port <= PORT_MAX:
        msg = (
            f"the connection {place.name!r} names {_shown(place)}; a sandbox is at http://127.0.0.1 with its port"
            " and nowhere else: correct it, or take sandbox out of the extra"
        )
        raise BadConnection(msg)
    return f"http://{place.host}:{place.port}"


def _shown(place: Place) -> str:
    """Name the place without anything secret that may stand in it."""
    if not place.host:
        return "no host"
    if not _PLAIN_HOST.fullmatch(place.host):
        return "a host with other signs than a name has"
    port = f":{place.port}" if place.port is not None else ""
    return f"{place.scheme or 'https'}://{place.host}{port}"

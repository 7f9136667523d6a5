"""One cabinet, one merchant, and a key of its own; known from what open exits name, nothing is stored."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

from include.winddown.domain.errors import BadConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Cabinet:
    """
    The cabinet an exit works on, as its connection says.

    Attributes:
        exit_id, merchant: of the exit.
        conn_id: of its marketplace connection.
        address: of the marketplace; another one has other cabinets.
        client_id, api_key: never shown, never kept.
    """

    exit_id: str
    merchant: str
    conn_id: str
    address: str
    client_id: str = field(repr=False)
    api_key: str = field(repr=False)


def check_cabinet(mine: Cabinet, others: Iterable[Cabinet]) -> None:
    """
    Refuse a cabinet that cannot be this exit's own.

    Args:
        mine: of the exit that is opened or read.
        others: of the other open exits.

    Raises:
        BadConnection: an Api-Key stands beside two Client-Ids, or two merchants beside one
            Client-Id; names exits, connections and fields, never a value.
    """
    for other in others:
        if other.address != mine.address:
            continue
        is_same_cabinet = other.client_id == mine.client_id
        if not is_same_cabinet and hmac.compare_digest(other.api_key, mine.api_key):
            msg = (
                f"the connections {mine.conn_id!r} (exit {mine.exit_id}) and {other.conn_id!r} (exit {other.exit_id})"
                " have one Api-Key and two Client-Ids; a key belongs to one cabinet: paste each cabinet's own"
                " Client-Id (login) and Api-Key (password)"
            )
            raise BadConnection(msg)
        if is_same_cabinet and other.merchant != mine.merchant:
            msg = (
                f"the exits {mine.exit_id} of {mine.merchant!r} (connection {mine.conn_id!r}) and {other.exit_id} of"
                f" {other.merchant!r} (connection {other.conn_id!r}) have one Client-Id; a cabinet belongs to one"
                " merchant: correct Client-Id (login) and Api-Key (password), or open the exit under the same merchant"
            )
            raise BadConnection(msg)

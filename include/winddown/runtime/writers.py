"""The key that may write to a cabinet: a connection of its own, since the key that reads must not write."""

from airflow.sdk import Connection

from include.winddown.adapters.http import Peer
from include.winddown.domain.errors import BadConnection, MarketplaceRefused
from include.winddown.runtime import doors
from include.winddown.runtime.ozon_connection import key_of, pace_of, place_of


def writer_of(conn: Connection, may: str) -> tuple[Peer, str]:
    """
    Find who may write where a connection reads.

    Args:
        conn: the connection that reads; its extra names the writer.
        may: what the key has to be able to do, for the message of a refusal.

    Returns:
        The peer, with the writer's key, and the Client-Id.

    Raises:
        BadConnection: there is no such key, or it belongs to another cabinet.
    """
    client_id, api_key = key_of(_named_by(conn))
    peer = Peer(
        who="the marketplace",
        address=place_of(conn),
        headers={"Client-Id": client_id, "Api-Key": api_key},
        refusal=MarketplaceRefused,
        fix=f"check that the key of the connection's writer is valid, not expired, and may {may}",
        pace=pace_of(conn),
    )
    return peer, client_id


def _named_by(conn: Connection) -> Connection:
    name = conn.extra_dejson.get("writer")
    if not name:
        msg = (
            f"the connection {conn.conn_id!r} names no writer in its extra, so nothing is written there: give the id of a"
            " connection with a key that may (docs/connections.md)"
        )
        raise BadConnection(msg)
    writer = doors.connection_of(str(name))
    if writer.login != conn.login:
        msg = f"the connections {conn.conn_id!r} and {writer.conn_id!r} have two Client-Ids; a writer is of the same cabinet"
        raise BadConnection(msg)
    return writer

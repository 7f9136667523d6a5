"""Airflow connections turned into the place where an exit's prices are read and set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk import Connection

from include.winddown.adapters.http import Peer
from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.marketplaces.ozon_prices import open_prices
from include.winddown.adapters.marketplaces.price_lists import PriceLists
from include.winddown.domain.errors import BadConnection, MarketplaceRefused
from include.winddown.runtime import doors
from include.winddown.runtime.ozon_connection import key_of, kind_of, pace_of, place_of

if TYPE_CHECKING:
    from include.winddown.adapters.ports import PriceDesk
    from include.winddown.domain.exits import Exit


@contextmanager
def price_desk(merchant_exit: "Exit") -> Iterator["PriceDesk"]:
    """
    Open the place where prices are read and set; Ozon's needs a key of its own, since the one that reads must not write.

    Raises:
        BadConnection: there is no such key, or it belongs to another cabinet.
    """
    conn = doors.connection_of(merchant_exit.marketplace_conn)
    if kind_of(conn) == "exports":
        yield _lists(merchant_exit, conn)
        return
    client_id, api_key = key_of(writer_of(conn))
    peer = Peer(
        who="the marketplace",
        address=place_of(conn),
        headers={"Client-Id": client_id, "Api-Key": api_key},
        refusal=MarketplaceRefused,
        fix="check that the key of the connection's writer is valid, not expired, and may read and set prices",
        pace=pace_of(conn),
    )
    with open_prices(peer, client_id) as desk:
        yield desk


def _lists(merchant_exit: "Exit", conn: Connection) -> PriceLists:
    extra = conn.extra_dejson
    folder = doors.path_of(conn, "folder")
    exports = Exports(
        folder=folder,
        as_of=None,
        policy=merchant_exit.policy,
        now=datetime.now(UTC),
        mappings=extra.get("mappings"),
    )
    lists = doors.store_root() / merchant_exit.exit_id / "price-lists"
    return PriceLists(exports, lists, f"exports/{folder}")


def writer_of(conn: Connection) -> Connection:
    """
    Find the connection whose key may write to a cabinet.

    Raises:
        BadConnection: there is none, or it belongs to another cabinet.
    """
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

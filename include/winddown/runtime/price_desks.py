"""Airflow connections turned into the place where an exit's prices are read and set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk import Connection

from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.marketplaces.ozon_prices import open_prices
from include.winddown.adapters.marketplaces.price_lists import PriceLists
from include.winddown.runtime import doors
from include.winddown.runtime.ozon_connection import kind_of
from include.winddown.runtime.writers import writer_of

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
    peer, client_id = writer_of(conn, "read and set prices")
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

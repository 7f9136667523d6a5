"""Airflow connections turned into the place where an exit's own warehouses are listed and their stock is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from include.winddown.adapters.marketplaces.ozon_shelves import open_shelves
from include.winddown.runtime import doors
from include.winddown.runtime.ozon_connection import kind_of
from include.winddown.runtime.writers import writer_of

if TYPE_CHECKING:
    from include.winddown.adapters.marketplaces.shelf_port import ShelfDesk
    from include.winddown.domain.exits import Exit


@contextmanager
def shelf_desk(merchant_exit: "Exit") -> Iterator["ShelfDesk | None"]:
    """
    Open the place where own stock is read and told; a marketplace that is read from files has none.

    Raises:
        BadConnection: the connection has no key that may write, or one of another cabinet.
    """
    conn = doors.connection_of(merchant_exit.marketplace_conn)
    if kind_of(conn) == "exports":
        yield None
        return
    peer, client_id = writer_of(conn, "list warehouses and tell stock")
    with open_shelves(peer, client_id) as desk:
        yield desk

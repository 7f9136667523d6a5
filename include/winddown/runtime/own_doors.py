"""Airflow connections turned into what a watch over the own warehouse reads."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from include.winddown.adapters.carrier_files import CarrierFiles
from include.winddown.adapters.http import Peer
from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.marketplaces.exports_own import ExportsOwn
from include.winddown.adapters.marketplaces.ozon_key import key_days as ask_key_days
from include.winddown.adapters.marketplaces.ozon_own import OzonOwn
from include.winddown.adapters.marketplaces.ozon_validate import NoSupplies, OzonSupplies
from include.winddown.domain.errors import MarketplaceRefused
from include.winddown.runtime import doors
from include.winddown.runtime.ozon_connection import key_of, kind_of, pace_of, place_of

if TYPE_CHECKING:
    from include.winddown.adapters.own_port import OwnTrade, SupplyCheck
    from include.winddown.domain.exits import Exit

CARRIERS = "_carriers"
"""Folder below the store: <exit>/tariffs.csv, invoices-2026-11.xlsx, inbound.csv."""


def own_trade(merchant_exit: "Exit") -> "OwnTrade":
    """Open what the exit's marketplace tells of the own warehouses."""
    conn = doors.connection_of(merchant_exit.marketplace_conn)
    now = datetime.now(UTC)
    if kind_of(conn) == "exports":
        exports = Exports(
            folder=doors.path_of(conn, "folder"),
            as_of=None,
            policy=merchant_exit.policy,
            now=now,
            mappings=conn.extra_dejson.get("mappings"),
        )
        return ExportsOwn(exports)
    return OzonOwn(peer=reading_peer(merchant_exit), now=now)


def reading_peer(merchant_exit: "Exit") -> Peer:
    """Open the exit's marketplace with the key that only reads."""
    conn = doors.connection_of(merchant_exit.marketplace_conn)
    client_id, api_key = key_of(conn)
    return Peer(
        who="the marketplace",
        address=place_of(conn),
        headers={"Client-Id": client_id, "Api-Key": api_key},
        refusal=MarketplaceRefused,
        fix=(
            "check that the key is valid and may read; after the contract has ended the marketplace answers"
            " no more, and there is nothing left to watch by it"
        ),
        pace=pace_of(conn),
    )


def carrier_files(merchant_exit: "Exit") -> CarrierFiles:
    """Open the folder in which carriers' and suppliers' files are put."""
    folder = doors.store_root() / CARRIERS / merchant_exit.exit_id
    return CarrierFiles(folder, merchant_exit.policy, datetime.now(UTC), merchant_exit.currency)


def supply_check(merchant_exit: "Exit", way: str) -> "SupplyCheck":
    """Open who says whether partner warehouses would take a supply."""
    if doors.reads_files(merchant_exit):
        return NoSupplies()
    return OzonSupplies(peer=reading_peer(merchant_exit), way=way)


def key_days(merchant_exit: "Exit") -> int | None:
    """Tell for how many days the exit's key lives on; None where the marketplace is read from files."""
    if doors.reads_files(merchant_exit):
        return None
    return ask_key_days(reading_peer(merchant_exit), datetime.now(UTC))

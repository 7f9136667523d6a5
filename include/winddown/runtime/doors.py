"""Airflow connections turned into the adapters of one exit."""

import os
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from airflow.sdk import Connection, ObjectStoragePath
from airflow.sdk.exceptions import AirflowNotFoundException
from sqlalchemy import URL, Engine

from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.docks.counts import Counts
from include.winddown.adapters.docks.dock_api import DockApi
from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.marketplaces.ozon import Ozon
from include.winddown.adapters.marketplaces.ozon_pace import REQUESTS_PER_S, OzonPace
from include.winddown.adapters.stores.database import engine_of
from include.winddown.domain.addresses import Place, ozon_address
from include.winddown.domain.errors import BadConnection
from include.winddown.domain.warehouse_codes import BadCodes, read_codes
from include.winddown.runtime.connection_types import OZON

if TYPE_CHECKING:
    from upath import UPath

    from include.winddown.adapters.ports import Marketplace, ReceivingDock, ReturnDesk
    from include.winddown.domain.exits import Exit

DATABASE_CONN = "winddown_db"
STORE_CONN = "winddown_store"
KEY = re.compile(r"[!-~]+")
OZON_SETTINGS = frozenset({"kind", "costs", "requests_per_s", "sandbox", "scheme", "warehouses"})


def connection_of(conn_id: str) -> Connection:
    """
    Read an Airflow connection.

    Raises:
        BadConnection: there is none; names it and says how to add it.
    """
    try:
        conn: Connection = Connection.get(conn_id)
    except AirflowNotFoundException as missing:
        msg = f"the Airflow connection {conn_id!r} is missing; add it under Admin, Connections (docs/connections.md)"
        raise BadConnection(msg) from missing
    return conn


@cache
def database() -> Engine:
    """Open winddown's own database, the connection winddown_db."""
    conn = connection_of(DATABASE_CONN)
    if not (conn.host and conn.login and conn.schema):
        msg = f"the connection {DATABASE_CONN!r} needs host, login, password and schema (docs/connections.md)"
        raise BadConnection(msg)
    url = URL.create(
        "postgresql+psycopg",
        username=conn.login,
        password=conn.password or None,
        database=conn.schema,
        # as a query the host may also be the directory of a socket
        query={"host": conn.host, "port": str(conn.port or 5432)},
    )
    return engine_of(url.render_as_string(hide_password=False))


def store_root() -> "UPath":
    """Find where snapshots are kept, the connection winddown_store."""
    root = connection_of(STORE_CONN).extra_dejson.get("root", "")
    if "://" not in root:
        msg = (
            f'the connection {STORE_CONN!r} needs extra {{"root": "file:///…"}} or an s3:// or gs:// address'
        )
        raise BadConnection(msg)
    return _path(root)


def _path(address: str) -> "UPath":
    """Open a place in object storage; Airflow's path is a UPath in all but its type."""
    return cast("UPath", ObjectStoragePath(address))


def marketplace(merchant_exit: "Exit", as_of: str | None) -> "Marketplace":
    """Open the exit's marketplace; the connection's extra says which adapter."""
    conn = connection_of(merchant_exit.marketplace_conn)
    extra = conn.extra_dejson
    now = datetime.now(UTC)
    if _kind_of(conn) == "exports":
        return Exports(
            folder=_path(_needed(conn, extra, "folder")),
            as_of=date.fromisoformat(as_of) if as_of else None,
            policy=merchant_exit.policy,
            now=now,
            mappings=extra.get("mappings"),
        )
    if _kind_of(conn) == OZON:
        report = PartnerApi(*_address_and_token(connection_of(merchant_exit.desk_conn)))
        client_id, api_key = _ozon_key(conn)
        return Ozon(
            client_id=client_id,
            api_key=api_key,
            address=_ozon_address(conn),
            warehouses=_warehouses_of(conn),
            costs=_cost_sheet(conn, Path(_needed(conn, extra, "costs"))),
            stock_report=report.stock_report,
            policy=merchant_exit.policy,
            now=now,
            pace=_pace_of(conn),
        )
    raise _unknown_kind(conn, extra, "'exports' or 'ozon'")


def _kind_of(conn: Connection) -> object:
    """Tell the adapter of a marketplace: a connection of type ozon needs not say it again."""
    return conn.extra_dejson.get("kind", OZON if conn.conn_type == OZON else None)


def _ozon_key(conn: Connection) -> tuple[str, str]:
    for value, name, field in ((conn.login, "Client-Id", "login"), (conn.password, "Api-Key", "password")):
        if not value or not KEY.fullmatch(value):
            msg = (
                f"the connection {conn.conn_id!r} needs the {name} as its {field}, without spaces, line breaks"
                " or dots that stand for it; paste it again"
            )
            raise BadConnection(msg)
    return conn.login or "", conn.password or ""


def _ozon_address(conn: Connection) -> str:
    extra = conn.extra_dejson
    return ozon_address(
        Place(
            name=str(conn.conn_id),
            host=conn.host or "",
            scheme=str(extra.get("scheme") or conn.schema or ""),
            port=conn.port,
            sandbox=extra.get("sandbox"),
        )
    )


def _pace_of(conn: Connection) -> OzonPace:
    """Share Ozon's limit among the tasks of this host; several hosts share it by the connection."""
    share = conn.extra_dejson.get("requests_per_s", REQUESTS_PER_S)
    if isinstance(share, bool) or not isinstance(share, int) or not 1 <= share <= REQUESTS_PER_S:
        msg = f"the connection {conn.conn_id!r} has requests_per_s {share!r} in its extra; give 1 to {REQUESTS_PER_S}"
        raise BadConnection(msg)
    return OzonPace(Path(tempfile.gettempdir()) / f"winddown-pace-{os.getuid()}", conn.login or "", share)


def _warehouses_of(conn: Connection) -> dict[str, str]:
    """Read how the partner calls Ozon's warehouses; a misspelt setting would leave every id as it is."""
    unknown = sorted(set(conn.extra_dejson) - OZON_SETTINGS)
    if unknown:
        msg = f"the connection {conn.conn_id!r} has {unknown[0]!r} in its extra; known are {', '.join(sorted(OZON_SETTINGS))}"
        raise BadConnection(msg)
    try:
        return read_codes(conn.extra_dejson.get("warehouses"))
    except BadCodes as wrong:
        msg = f"the connection {conn.conn_id!r}: warehouses in its extra {wrong}; correct it (docs/connections.md)"
        raise BadConnection(msg) from wrong


def reads_files(merchant_exit: "Exit") -> bool:
    """Tell whether the exit's marketplace is read from files, which are imported once."""
    return _kind_of(connection_of(merchant_exit.marketplace_conn)) == "exports"


def desk(merchant_exit: "Exit") -> "ReturnDesk":
    """Open the exit's return desk."""
    conn = connection_of(merchant_exit.desk_conn)
    if conn.extra_dejson.get("kind") == "partner_api":
        return PartnerApi(*_address_and_token(conn))
    raise _unknown_kind(conn, conn.extra_dejson, "'partner_api'")


def dock(merchant_exit: "Exit") -> "ReceivingDock":
    """Open the exit's receiving dock."""
    conn = connection_of(merchant_exit.dock_conn)
    extra = conn.extra_dejson
    if extra.get("kind") == "dock_api":
        return DockApi(*_address_and_token(conn))
    if extra.get("kind") == "counts":
        return Counts(folder=_path(_needed(conn, extra, "folder")))
    raise _unknown_kind(conn, extra, "'dock_api' or 'counts'")


def address_of(conn: Connection) -> str:
    """Write a connection's address; user text is never part of it."""
    scheme = conn.extra_dejson.get("scheme", "https")
    if scheme not in ("http", "https") or not conn.host:
        msg = f"the connection {conn.conn_id!r} needs a host, and extra scheme 'https' (or 'http' on this machine)"
        raise BadConnection(msg)
    if scheme == "http" and conn.host not in ("127.0.0.1", "localhost"):
        msg = f"the connection {conn.conn_id!r} uses http to {conn.host}; only https leaves this machine"
        raise BadConnection(msg)
    return f"{scheme}://{conn.host}:{conn.port or (443 if scheme == 'https' else 80)}"


def _address_and_token(conn: Connection) -> tuple[str, str]:
    if not conn.password:
        msg = f"the connection {conn.conn_id!r} needs the access token as its password"
        raise BadConnection(msg)
    return address_of(conn), conn.password


def _needed(conn: Connection, extra: Mapping[str, Any], name: str) -> str:
    if not extra.get(name):
        msg = f"the connection {conn.conn_id!r} needs {name!r} in its extra (docs/connections.md)"
        raise BadConnection(msg)
    return str(extra[name])


def _cost_sheet(conn: Connection, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as unreadable:
        msg = (
            f"the cost sheet {path} of the connection {conn.conn_id!r} cannot be read ({unreadable.strerror});"
            " put it there on every worker"
        )
        raise BadConnection(msg) from unreadable


def _unknown_kind(conn: Connection, extra: Mapping[str, Any], known: str) -> BadConnection:
    kind = extra.get("kind")
    return BadConnection(f"the connection {conn.conn_id!r} has kind {kind!r} in its extra; give {known}")

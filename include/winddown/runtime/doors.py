"""Airflow connections turned into the adapters of one exit."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from airflow.sdk import Connection, ObjectStoragePath
from airflow.sdk.exceptions import AirflowNotFoundException
from sqlalchemy import URL, Engine

from include.winddown.adapters.desks.documents import Documents
from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.docks.counts import Counts
from include.winddown.adapters.docks.dock_api import DockApi
from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.marketplaces.ozon import Ozon
from include.winddown.adapters.notices.in_the_log import InTheLog
from include.winddown.adapters.stores.database import engine_of
from include.winddown.domain.cabinets import Cabinet
from include.winddown.domain.errors import BadConnection
from include.winddown.runtime import documents
from include.winddown.runtime.connection_types import APPROVERS_CONN, OZON
from include.winddown.runtime.desk_connection import habits_of
from include.winddown.runtime.notices import open_notices
from include.winddown.runtime.ozon_connection import key_of, kind_of, pace_of, place_of, warehouses_of

if TYPE_CHECKING:
    from upath import UPath

    from include.winddown.adapters.notices.port import Notices
    from include.winddown.adapters.ports import Marketplace, ReceivingDock, ReturnDesk
    from include.winddown.domain.exits import Exit

DATABASE_CONN = "winddown_db"
STORE_CONN = "winddown_store"
NOTICES_CONN = "winddown_notices"


def connection_of(conn_id: str) -> Connection:
    """Read an Airflow connection; BadConnection when there is none says how to add it."""
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


def approvers() -> dict[str, str]:
    """
    Name everybody who may approve in this installation, the connection winddown_approvers.

    A task does not reach Airflow's users, so `include.local.accounts` writes them there.

    Returns:
        User name -> user id, as Airflow compares them when somebody answers.
    """
    extra = connection_of(APPROVERS_CONN).extra_dejson
    if not isinstance(extra, dict) or not all(_is_user(name, user_id) for name, user_id in extra.items()):
        msg = (
            f'the connection {APPROVERS_CONN!r} needs {{"user name": "user id"}} in its extra;'
            " bring it up to date (docs/connections.md)"
        )
        raise BadConnection(msg)
    return {name: str(user_id) for name, user_id in extra.items()}


def _is_user(name: str, user_id: object) -> bool:
    is_id = isinstance(user_id, str | int) and not isinstance(user_id, bool)
    return bool(name.strip()) and is_id and bool(str(user_id).strip())


def _path(address: str) -> "UPath":
    """Open a place in object storage; Airflow's path is a UPath in all but its type."""
    return cast("UPath", ObjectStoragePath(address))


def marketplace(merchant_exit: "Exit", as_of: str | None) -> "Marketplace":
    """Open the exit's marketplace; the connection's extra says which adapter."""
    conn = connection_of(merchant_exit.marketplace_conn)
    extra = conn.extra_dejson
    now = datetime.now(UTC)
    if kind_of(conn) == "exports":
        return Exports(
            folder=_path(_needed(conn, extra, "folder")),
            as_of=date.fromisoformat(as_of) if as_of else None,
            policy=merchant_exit.policy,
            now=now,
            mappings=extra.get("mappings"),
        )
    if kind_of(conn) == OZON:
        client_id, api_key = key_of(conn)
        return Ozon(
            client_id=client_id,
            api_key=api_key,
            address=place_of(conn),
            warehouses=warehouses_of(conn),
            costs=_cost_sheet(conn, Path(_needed(conn, extra, "costs"))),
            stock_report=_stock_report(merchant_exit),
            policy=merchant_exit.policy,
            now=now,
            pace=pace_of(conn),
        )
    raise _unknown_kind(conn, extra, "'exports' or 'ozon'")


def cabinet(merchant_exit: "Exit") -> Cabinet | None:
    """Tell the cabinet an exit works on; None when it has none, or a connection of no use."""
    try:
        conn = connection_of(merchant_exit.marketplace_conn)
        if kind_of(conn) != OZON:
            return None
        client_id, api_key = key_of(conn)
        address = place_of(conn)
    except BadConnection:
        return None  # it is refused when its own exit is opened or read
    return Cabinet(
        exit_id=merchant_exit.exit_id,
        merchant=merchant_exit.merchant,
        conn_id=merchant_exit.marketplace_conn,
        address=address,
        client_id=client_id,
        api_key=api_key,
    )


def reads_files(merchant_exit: "Exit") -> bool:
    """Tell whether the exit's marketplace is read from files, which are imported once."""
    return kind_of(connection_of(merchant_exit.marketplace_conn)) == "exports"


def desk(merchant_exit: "Exit") -> "ReturnDesk":
    """Open the exit's return desk."""
    conn = connection_of(merchant_exit.desk_conn)
    if conn.extra_dejson.get("kind") == "partner_api":
        return PartnerApi(*_address_and_token(conn), **habits_of(conn, address_of(conn)))
    if conn.extra_dejson.get("kind") == documents.KIND:
        return _documents(conn, merchant_exit)
    raise _unknown_kind(conn, conn.extra_dejson, "'partner_api' or 'documents'")


def _documents(conn: Connection, merchant_exit: "Exit") -> Documents:
    inbox = _path(_needed(conn, conn.extra_dejson, "folder"))
    return documents.open_documents(conn, inbox, store_root(), database(), merchant_exit.exit_id)


def _stock_report(merchant_exit: "Exit") -> Callable[[], bytes]:
    """Find who reports the stock of the partner's warehouses: its API, or the inbox of a desk without one."""
    conn = connection_of(merchant_exit.desk_conn)
    if conn.extra_dejson.get("kind") == documents.KIND:
        return _documents(conn, merchant_exit).stock_report
    return PartnerApi(*_address_and_token(conn)).stock_report


def dock(merchant_exit: "Exit") -> "ReceivingDock":
    """Open the exit's receiving dock."""
    conn = connection_of(merchant_exit.dock_conn)
    extra = conn.extra_dejson
    if extra.get("kind") == "dock_api":
        return DockApi(*_address_and_token(conn))
    if extra.get("kind") == "counts":
        return Counts(folder=_path(_needed(conn, extra, "folder")))
    raise _unknown_kind(conn, extra, "'dock_api' or 'counts'")


def notices() -> "Notices":
    """Open the way people are told, the connection winddown_notices; without it there is the log only."""
    try:
        conn = Connection.get(NOTICES_CONN)
    except AirflowNotFoundException:
        return InTheLog()
    return open_notices(conn)


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


def path_of(conn: Connection, name: str) -> "UPath":
    """Open the place that a connection names in its extra."""
    return _path(_needed(conn, conn.extra_dejson, name))


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

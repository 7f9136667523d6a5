"""What a connection to Ozon says: key, address, share of the limit, names of warehouses."""

import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from airflow.sdk import Connection

from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.marketplaces.ozon import Ozon
from include.winddown.adapters.marketplaces.ozon_pace import REQUESTS_PER_S, OzonPace
from include.winddown.domain.addresses import Place, ozon_address
from include.winddown.domain.errors import BadConnection
from include.winddown.domain.exits import Policy
from include.winddown.domain.warehouse_codes import BadCodes, read_codes
from include.winddown.runtime.connection_types import OZON

KEY = re.compile(r"[!-~]+")
OZON_SETTINGS = frozenset({"kind", "costs", "requests_per_s", "sandbox", "scheme", "warehouses", "writer"})
WHILE_SOMEBODY_WAITS = Limits(read_s=10, total_s=15, attempts=2, deadline_s=20, pause_max_s=5)


def kind_of(conn: Connection) -> object:
    """Tell the adapter of a marketplace: a connection of type ozon needs not say it again."""
    return conn.extra_dejson.get("kind", OZON if conn.conn_type == OZON else None)


def key_of(conn: Connection) -> tuple[str, str]:
    """
    Read Client-Id and Api-Key.

    Raises:
        BadConnection: one is missing or holds signs no key has; neither is shown.
    """
    for value, name, field in ((conn.login, "Client-Id", "login"), (conn.password, "Api-Key", "password")):
        if not value or not KEY.fullmatch(value):
            msg = (
                f"the connection {conn.conn_id!r} needs the {name} as its {field}, without spaces, line breaks"
                " or dots that stand for it; paste it again"
            )
            raise BadConnection(msg)
    return conn.login or "", conn.password or ""


def place_of(conn: Connection) -> str:
    """Find the address it leads to; see ozon_address."""
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


def pace_of(conn: Connection) -> OzonPace:
    """Share Ozon's limit among the tasks of this host; several hosts share it by the connection."""
    share = conn.extra_dejson.get("requests_per_s", REQUESTS_PER_S)
    if isinstance(share, bool) or not isinstance(share, int) or not 1 <= share <= REQUESTS_PER_S:
        msg = f"the connection {conn.conn_id!r} has requests_per_s {share!r} in its extra; give 1 to {REQUESTS_PER_S}"
        raise BadConnection(msg)
    return OzonPace(buckets_folder(), conn.login or "", share)


def buckets_folder() -> Path:
    """Name the folder of this host's buckets."""
    return Path(tempfile.gettempdir()) / f"winddown-pace-{os.getuid()}"


def warehouses_of(conn: Connection) -> dict[str, str]:
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


def try_out(conn: Connection) -> str:
    """
    Ask Ozon what the key may do, as each snapshot does; the cost sheet is not looked at: it lies on the workers.

    Returns:
        One sentence for people.

    Raises:
        BadConnection, MarketplaceRefused, PeerDown, ContractBroken: the connection is of no use; says why.
    """
    client_id, api_key = key_of(conn)
    shop = Ozon(
        client_id=client_id,
        api_key=api_key,
        address=place_of(conn),
        warehouses=warehouses_of(conn),
        costs=b"",
        stock_report=bytes,
        policy=Policy(),
        now=datetime.now(UTC),
        limits=WHILE_SOMEBODY_WAITS,
        pace=pace_of(conn),
    )
    return shop.check_access()

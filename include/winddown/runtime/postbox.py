"""An Airflow connection turned into a postbox: where mail is handed in."""

import re
from typing import Any

from airflow.sdk import Connection

from include.winddown.adapters.mail import PORTS, Postbox
from include.winddown.domain.errors import BadConnection

LOOPBACK = ("127.0.0.1", "localhost")
ADDRESS = re.compile(r"[^\s@<>(),:;\"\\\[\]]{1,64}@[A-Za-z0-9.-]{1,190}")


def postbox_of(conn: Connection) -> Postbox:
    """
    Read host, port, login, password, and from, to and tls in the extra.

    Raises:
        BadConnection: one of them cannot be; names it and says what to give.
    """
    extra = conn.extra_dejson
    tls = extra.get("tls", "starttls")
    if tls not in PORTS:
        msg = (
            f"the connection {conn.conn_id!r} has tls {tls!r} in its extra; give 'starttls', 'tls' or 'none'"
        )
        raise BadConnection(msg)
    if not conn.host:
        msg = f"the connection {conn.conn_id!r} needs the mail server as its host"
        raise BadConnection(msg)
    if tls == "none" and conn.host not in LOOPBACK:
        msg = f"the connection {conn.conn_id!r} sends mail to {conn.host} without TLS; only TLS leaves this machine"
        raise BadConnection(msg)
    return Postbox(
        host=conn.host,
        port=conn.port or PORTS[tls],
        login=conn.login or "",
        password=conn.password or "",
        sender=_address(conn, extra, "from"),
        recipient=_address(conn, extra, "to"),
        tls=tls,
    )


def _address(conn: Connection, extra: dict[str, Any], name: str) -> str:
    address = extra.get(name, "")
    if not isinstance(address, str) or not ADDRESS.fullmatch(address):
        msg = f"the connection {conn.conn_id!r} has {name} {address!r} in its extra; give one address, as returns@example.org"
        raise BadConnection(msg)
    return address

"""What a connection to a return desk says of how it is dealt with."""

from typing import Any

from airflow.sdk import Connection

from include.winddown.adapters.desks.partner_api import BLIND_HORIZON_S, HORIZON_S
from include.winddown.adapters.shared_pace import SharedPace
from include.winddown.adapters.turns import Pace, Unpaced
from include.winddown.domain.errors import BadConnection
from include.winddown.runtime.ozon_connection import buckets_folder

REQUESTS_MAX = 1000
HORIZON_MIN_S, HORIZON_MAX_S = 10, 2_592_000


def habits_of(conn: Connection, account: str) -> dict[str, Any]:
    """
    Read the settings of a desk with an HTTP API, as PartnerApi takes them.

    Raises:
        BadConnection: `reference`, `horizon_s` or `requests_per_s` in its extra cannot be; says what to give.
    """
    knows = conn.extra_dejson.get("reference", True)
    if not isinstance(knows, bool):
        raise _wrong(conn, "reference", "true or false")
    return {
        "knows_reference": knows,
        "horizon_s": _horizon_of(conn, HORIZON_S if knows else BLIND_HORIZON_S),
        "pace": _pace_of(conn, account),
    }


def _horizon_of(conn: Connection, usual_s: float) -> float:
    given = conn.extra_dejson.get("horizon_s", usual_s)
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not HORIZON_MIN_S <= given <= HORIZON_MAX_S:
        raise _wrong(conn, "horizon_s", f"{HORIZON_MIN_S} to {HORIZON_MAX_S} seconds")
    return float(given)


def _pace_of(conn: Connection, account: str) -> Pace:
    """Share the desk's limit among the tasks of this host; without `requests_per_s` it has none."""
    share = conn.extra_dejson.get("requests_per_s")
    if share is None:
        return Unpaced()
    if isinstance(share, bool) or not isinstance(share, int) or not 1 <= share <= REQUESTS_MAX:
        raise _wrong(conn, "requests_per_s", f"1 to {REQUESTS_MAX}, or leave it out")
    return SharedPace(buckets_folder(), account, share)


def _wrong(conn: Connection, name: str, give: str) -> BadConnection:
    value = conn.extra_dejson.get(name)
    return BadConnection(f"the connection {conn.conn_id!r} has {name} {value!r} in its extra; give {give}")

"""How people are told, opened from the Airflow connection winddown_notices."""

from typing import TYPE_CHECKING

from airflow.sdk import Connection

from include.winddown.adapters.notices.by_mail import ByMail
from include.winddown.adapters.notices.by_webhook import SHAPES, ByWebhook, Hook
from include.winddown.domain.errors import BadConnection
from include.winddown.runtime.postbox import LOOPBACK, postbox_of

if TYPE_CHECKING:
    from include.winddown.adapters.notices.port import Notices

HOSTS = {"slack": "hooks.slack.com", "telegram": "api.telegram.org"}


def open_notices(conn: Connection) -> "Notices":
    """
    Open the kind of notices that the connection's extra names.

    Raises:
        BadConnection: the kind, or a setting of it, cannot be; says what to give.
    """
    kind = conn.extra_dejson.get("kind")
    if kind == "smtp":
        return ByMail(postbox_of(conn))
    if kind == "webhook":
        return ByWebhook(_hook_of(conn))
    msg = f"the connection {conn.conn_id!r} has kind {kind!r} in its extra; give 'smtp' or 'webhook'"
    raise BadConnection(msg)


def _hook_of(conn: Connection) -> Hook:
    extra = conn.extra_dejson
    shape, scheme = extra.get("format", "json"), extra.get("scheme", "https")
    if shape not in SHAPES:
        msg = f"the connection {conn.conn_id!r} has format {shape!r} in its extra; give {', '.join(SHAPES)}"
        raise BadConnection(msg)
    host = conn.host or HOSTS.get(shape, "")
    if not host:
        msg = f"the connection {conn.conn_id!r} needs the server that takes the notices as its host"
        raise BadConnection(msg)
    if scheme not in ("http", "https") or (scheme == "http" and host not in LOOPBACK):
        msg = f"the connection {conn.conn_id!r} sends notices to {host} by {scheme!r}; only https leaves this machine"
        raise BadConnection(msg)
    return Hook(
        host=host,
        port=conn.port or (443 if scheme == "https" else 80),
        path=_path_of(conn, shape),
        shape=shape,
        chat_id=str(extra.get("chat_id", "")),
        token=(conn.password or "") if shape == "json" else "",
        is_tls=scheme == "https",
    )


def _path_of(conn: Connection, shape: str) -> str:
    """Where to post; of Slack and Telegram the password is part of it, and so it is hidden in logs."""
    secret = conn.password or ""
    if shape == "slack" and secret.startswith("services/"):
        return f"/{secret}"
    if shape == "telegram" and secret and conn.extra_dejson.get("chat_id"):
        return f"/bot{secret}/sendMessage"
    if shape == "json":
        return "/" + str(conn.extra_dejson.get("path", "")).lstrip("/")
    if shape == "slack":
        msg = f"the connection {conn.conn_id!r} needs the part of the webhook's address from services/ on as its password"
    else:
        msg = (
            f"the connection {conn.conn_id!r} needs the bot's token as its password, and chat_id in its extra"
        )
    raise BadConnection(msg)

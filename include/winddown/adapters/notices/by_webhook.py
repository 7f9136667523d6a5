"""
Notices by a webhook: JSON of our own, Slack's incoming webhooks, Telegram's bot API.

Slack: docs.slack.dev, "Sending messages using incoming webhooks": POST {"text": …} to a secret path.
Telegram: core.telegram.org/bots/api#sendmessage: POST {"chat_id": …, "text": …} to /bot<token>/sendMessage, at
most 4096 characters. Both read in November 2026. The path is a secret there, so it is never logged; httpx
logs every address, so it is not used here.
"""

import http.client
import json
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from include.winddown.adapters.notices.port import Severity
from include.winddown.domain.texts import cut, log_safe

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
TEXT_MAX = 4_000
MARKS: dict[Severity, str] = {"info": "ℹ️", "warning": "⚠️", "critical": "🛑"}
SHAPES = ("json", "slack", "telegram")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """
    Where a notice is posted.

    Attributes:
        host, port: of the server.
        path: may hold a secret; never shown.
        shape: one of SHAPES.
        chat_id: of Telegram.
        token: sent as a bearer token; empty = none.
        is_tls: plain http is for this machine only.
    """

    host: str
    port: int
    path: str = field(repr=False)
    shape: str = "json"
    chat_id: str = ""
    token: str = field(default="", repr=False)
    is_tls: bool = True
    timeout_s: float = TIMEOUT_S


class ByWebhook:
    """
    Notices to one address on the web.

    Args:
        hook: where, and in which shape.
    """

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def send(self, subject: str, text: str, severity: Severity) -> bool:
        """Post it once; True when the other side says 2xx. A redirect is not followed."""
        body = json.dumps(self._body(subject, text, severity), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self._hook.token:
            headers["Authorization"] = f"Bearer {self._hook.token}"
        server = self._server()
        try:
            server.request("POST", self._hook.path, body, headers)
            status = server.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            words = log_safe(f"{type(error).__name__}: {error}".replace(self._hook.path, "…"), 200)
            log.warning("a notice did not reach %s: %s", self._hook.host, words)
            return False
        finally:
            server.close()
        if not 200 <= status < 300:
            log.warning("a notice was not taken by %s: status %d", self._hook.host, status)
        return 200 <= status < 300

    def _server(self) -> http.client.HTTPConnection:
        hook = self._hook
        if not hook.is_tls:
            return http.client.HTTPConnection(hook.host, hook.port, timeout=hook.timeout_s)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(hook.host, hook.port, timeout=hook.timeout_s, context=context)

    def _body(self, subject: str, text: str, severity: Severity) -> Mapping[str, object]:
        if self._hook.shape == "json":
            return {"source": "winddown", "severity": severity, "subject": subject, "text": text}
        words = cut(f"{MARKS[severity]} {subject}\n\n{text}", TEXT_MAX)
        if self._hook.shape == "slack":
            return {"text": words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}
        return {"chat_id": self._hook.chat_id, "text": words, "disable_web_page_preview": True}

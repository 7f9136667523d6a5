"""What a reply that is no success says: its message, how long to stay away, and where else to go."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from include.winddown.adapters.exchange import Raw
from include.winddown.adapters.strict_json import NotJson, Part, strict_json
from include.winddown.domain.texts import visible

CIRCLE_PAUSE_S = 15.0
"""Ozon's "Circle is open": the method is switched off for some minutes; we ask again sparingly."""


def said(reply: Part) -> str:
    """Quote the message of an error body, cut and without hidden characters; empty when there is none."""
    message = reply.value.get("message") if isinstance(reply.value, dict) else None
    return f", it says {visible(message[:200])!r}" if isinstance(message, str) else ""


def said_by(raw: Raw) -> str:
    """Quote the message of a reply that may be no JSON at all."""
    try:
        return said(Part(strict_json(raw.body), "reply"))
    except NotJson:
        return ""


def asked_pause_s(raw: Raw) -> float | None:
    """Read how long to stay away: Retry-After as seconds or date, or an open circle; None = not said."""
    given = raw.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return CIRCLE_PAUSE_S if is_circle_open(raw) else None


def may_pass(raw: Raw) -> bool:
    """Tell whether a reply is of the kind that passes: too many requests, the peer's own fault, an open circle."""
    return raw.status == 429 or raw.status >= 500 or is_circle_open(raw)


def is_circle_open(raw: Raw) -> bool:
    """Tell whether the peer has switched this method off for a while."""
    return raw.status >= 400 and b"circle is open" in raw.body[:2000].lower()


def sent_on(raw: Raw) -> str:
    """Say where a redirect leads, by host alone: the rest of an address may hold a secret."""
    try:
        host = visible(httpx.URL(raw.headers.get("location", "")).host)
    except httpx.InvalidURL:
        host = ""
    return f"on to {host or 'another place'} (status {raw.status})"

"""One write over HTTP: sent once, and whatever happens comes back as a value."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from include.winddown.adapters.exchange import FAILED, NEVER_SENT, Limits, Raw, exchange, told
from include.winddown.adapters.replies import said
from include.winddown.adapters.strict_json import NotJson, Part, strict_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """
    How one write ended.

    Attributes:
        status: None when no whole reply came.
        sent: whether any byte of the request may have left.
        body: the reply as JSON; None when it is none.
        detail: one clause for people.
    """

    status: int | None
    sent: bool
    body: Part | None
    detail: str


def _hear_nothing(_raw: Raw) -> None:
    pass


def write_once(
    client: httpx.Client,
    request: httpx.Request,
    limits: Limits,
    hear: Callable[[Raw], object] = _hear_nothing,
) -> Written:
    """
    Send one request, once.

    Args:
        client: an open one.
        request: what is sent.
        limits: how long and how much.
        hear: is given the whole reply, if one came.
    """
    place = f"{request.method} {request.url.path}"
    try:
        raw = exchange(client, request, limits)
    except NEVER_SENT as error:
        return Written(status=None, sent=False, body=None, detail=f"no connection: {told(error)}")
    except FAILED as error:
        return Written(status=None, sent=True, body=None, detail=f"no whole reply: {told(error)}")
    hear(raw)
    try:
        found = Part(strict_json(raw.body), f"{place}: reply")
    except NotJson as error:
        return Written(status=raw.status, sent=True, body=None, detail=f"status {raw.status}, {error}")
    return Written(status=raw.status, sent=True, body=found, detail=f"status {raw.status}{said(found)}")

"""One HTTP exchange, bounded in time and size; nothing of a header or a body is logged."""

import logging
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext

import httpx

from include.winddown.domain.texts import visible

TRACE_HEADER = "x-o3-trace-id"
"""How Ozon names an exchange; its support asks for it."""

log = logging.getLogger(__name__)
# httpx would write a second line for each request, with the query in it
logging.getLogger("httpx").setLevel(logging.WARNING)

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
FAILED = (httpx.RequestError,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    How long and how much.

    Attributes:
        connect_s, read_s: silence we bear while connecting and between two pieces of a reply.
        total_s: the whole reply, however lively it drips.
        bytes_max: largest body.
        attempts: tries of a read; a write has one.
        deadline_s: all tries of one read and the pauses between them.
        pause_max_s: longest pause between two tries; a peer that asks for more is left alone for now.
    """

    connect_s: float = 5
    read_s: float = 30
    total_s: float = 60
    bytes_max: int = 50_000_000
    attempts: int = 4
    deadline_s: float = 300
    pause_max_s: float = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A reply as it came."""

    status: int
    headers: httpx.Headers
    body: bytes


class TooMuch(httpx.RequestError):
    """A reply is larger, or takes longer, than any honest one."""


@cache
def tls() -> SSLContext:
    """Make the TLS settings once: loading the certificates takes longer than most requests."""
    return httpx.create_ssl_context(trust_env=False)


def exchange(client: httpx.Client, request: httpx.Request, limits: Limits) -> Raw:
    """
    Send a request and read its whole reply.

    Raises:
        httpx.RequestError: no whole reply; NEVER_SENT tells which of them prove that nothing left.
        TooMuch: the reply went over a limit.
    """
    started = time.monotonic()
    status: int | str = "no reply"
    trace = "-"
    try:
        reply = client.send(request, stream=True)
        try:
            status = reply.status_code
            trace = visible(reply.headers.get(TRACE_HEADER, "-"))[:64]
            body = b"".join(_pieces(reply, started + limits.total_s, limits))
        finally:
            reply.close()
    finally:
        ms = (time.monotonic() - started) * 1000
        log.info(
            "%s %s -> %s in %.0f ms, request %s, trace %s",
            *(request.method, request.url.path, status, ms, _number_of(request), trace),
        )
    return Raw(status=reply.status_code, headers=reply.headers, body=body)


def _number_of(request: httpx.Request) -> str:
    """Give a request a number of our own, the same for all its tries."""
    number: str = request.extensions.setdefault("winddown.number", secrets.token_hex(4))
    return number


def _pieces(reply: httpx.Response, until: float, limits: Limits) -> Iterator[bytes]:
    size = 0
    for piece in reply.iter_bytes():
        size += len(piece)
        if size > limits.bytes_max:
            msg = f"the reply is larger than {limits.bytes_max} bytes"
            raise TooMuch(msg)
        if time.monotonic() > until:
            msg = f"the reply was not complete after {limits.total_s} s"
            raise TooMuch(msg)
        yield piece


def told(error: Exception) -> str:
    """Say what happened in one clause; some transport errors have no text of their own."""
    return str(error).strip() or type(error).__name__

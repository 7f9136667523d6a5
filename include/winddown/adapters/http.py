"""Peers we speak HTTP with: reads are repeated a few times, writes never."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from httpx import codes
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from include.winddown.adapters.exchange import FAILED, NEVER_SENT, Limits, Raw, exchange, tls, told
from include.winddown.adapters.strict_json import NotJson, Part, strict_json
from include.winddown.domain.errors import BadConnection, WinddownError
from include.winddown.domain.texts import visible

_T = TypeVar("_T")
DEFAULT_LIMITS = Limits()
_BACKOFF = wait_random_exponential(multiplier=0.5)


class PeerDown(ConnectionError):
    """A peer gives no usable answer; no error of the business, so a later run may succeed."""


class Again(Exception):
    """
    A read failed in a way that may pass; it never leaves this module.

    Attributes:
        pause_s: what the peer asked for, if it did.
    """

    def __init__(self, why: str, pause_s: float | None = None) -> None:
        self.pause_s = pause_s
        super().__init__(why)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """
    Someone we speak HTTP with.

    Attributes:
        who: for messages, as in "the return desk".
        address: scheme, host and port.
        headers: who we are; never shown.
        refusal: the error of a read that is refused.
        fix: what a person does about a refused key, as an imperative clause.
    """

    who: str
    address: str
    headers: Mapping[str, str] = field(repr=False)
    refusal: type[WinddownError]
    fix: str
    limits: Limits = DEFAULT_LIMITS

    def __post_init__(self) -> None:
        """Refuse an address that is none, and keys that no header can carry; no key is shown."""
        _check_address(self.who, self.address)
        for name, value in self.headers.items():
            if not value or value != value.strip() or not value.isascii() or not value.isprintable():
                msg = (
                    f"{name} for {self.who} at {self.address} is empty or holds signs no key has; {self.fix}"
                )
                raise BadConnection(msg)

    @contextmanager
    def line(self) -> Iterator["Line"]:
        """Open a line for several reads in a row."""
        with self._client() as client:
            yield Line(self, client)

    def write(self, method: str, path: str, body: object) -> Written:
        """Send one request, once; whatever happens comes back as a value."""
        with self._client() as client:
            try:
                raw = exchange(client, client.build_request(method, path, json=body), self.limits)
            except NEVER_SENT as error:
                return Written(status=None, sent=False, body=None, detail=f"no connection: {told(error)}")
            except FAILED as error:
                return Written(status=None, sent=True, body=None, detail=f"no whole reply: {told(error)}")
        try:
            found = Part(strict_json(raw.body), f"{method} {path}: reply")
        except NotJson as error:
            return Written(status=raw.status, sent=True, body=None, detail=f"status {raw.status}, {error}")
        return Written(status=raw.status, sent=True, body=found, detail=f"status {raw.status}{said(found)}")

    def _client(self) -> httpx.Client:
        limits = self.limits
        return httpx.Client(
            base_url=self.address,
            headers={**self.headers, "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
            follow_redirects=False,
            trust_env=False,
            verify=tls(),
        )


class Line:
    """
    An open line to a peer, for reads: they change nothing there, so they may be repeated.

    Every read raises PeerDown when no usable answer came after several tries, and the peer's
    own refusal when the answer is no.
    """

    def __init__(self, peer: Peer, client: httpx.Client) -> None:
        self.peer = peer
        self.client = client

    def json(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: object = None,
    ) -> tuple[Part, bytes]:
        """Read an object; gives it and the bytes it came in."""
        request = self.client.build_request(method, path, params=params, json=body)
        return self._repeat(request, self._object)

    def content(self, path: str) -> bytes:
        """Read a file."""
        return self._repeat(self.client.build_request("GET", path), lambda _request, raw: raw.body)

    def _repeat(self, request: httpx.Request, reading: Callable[[httpx.Request, Raw], _T]) -> _T:
        limits = self.peer.limits
        tries = Retrying(
            stop=stop_after_attempt(limits.attempts),
            wait=_pause,
            retry=retry_if_exception(
                lambda error: isinstance(error, Again) and (error.pause_s or 0) <= limits.pause_max_s
            ),
            reraise=True,
        )
        try:
            found: _T = tries(self._once, request, reading)
        except Again as last:
            msg = (
                f"{self.peer.who} at {self.peer.address} gives no usable answer to {request.method}"
                f" {request.url.path} (last: {last}); check that it is up and that the address is right"
            )
            raise PeerDown(msg) from last
        return found

    def _once(self, request: httpx.Request, reading: Callable[[httpx.Request, Raw], _T]) -> _T:
        try:
            raw = exchange(self.client, request, self.peer.limits)
        except FAILED as error:
            raise Again(told(error)) from error
        if raw.status == codes.TOO_MANY_REQUESTS or codes.is_server_error(raw.status):
            why = f"status {raw.status}"
            raise Again(why, asked_pause_s(raw))
        if not codes.is_success(raw.status):
            raise self._refused(request, f"status {raw.status}{_said_by(raw)}")
        return reading(request, raw)

    def _object(self, request: httpx.Request, raw: Raw) -> tuple[Part, bytes]:
        place = f"{request.method} {request.url.path}: reply"
        try:
            found = Part(strict_json(raw.body), place)
        except NotJson as error:
            raise Again(str(error)) from error
        if isinstance(found.value, dict) and {"code", "message"} <= found.value.keys():
            raise self._refused(request, f"status {raw.status}{said(found)}")
        return found, raw.body

    def _refused(self, request: httpx.Request, why: str) -> WinddownError:
        peer = self.peer
        what = f"{request.method} {request.url.path} is refused ({why})"
        return peer.refusal(f"{peer.who} at {peer.address}: {what}; {peer.fix}")


def _check_address(who: str, address: str) -> None:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        msg = f"the address of {who} is not one ({error}); give host, port and scheme in its connection"
        raise BadConnection(msg) from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.path != "/" or url.query:
        msg = f"the address of {who} must be https://host:port and nothing else; correct its connection"
        raise BadConnection(msg)


def said(reply: Part) -> str:
    """Quote the message of an error body, cut and without hidden characters; empty when there is none."""
    message = reply.value.get("message") if isinstance(reply.value, dict) else None
    return f", it says {visible(message[:200])!r}" if isinstance(message, str) else ""


def _said_by(raw: Raw) -> str:
    try:
        return said(Part(strict_json(raw.body), "reply"))
    except NotJson:
        return ""


def asked_pause_s(raw: Raw) -> float | None:
    """Read Retry-After, as seconds or as a date; None when it is absent or unreadable."""
    given = raw.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.pause_s if isinstance(error, Again) else None
    return asked if asked is not None else _BACKOFF(state)

"""An open line to a peer: one request at a time, paced, and repeated only when that changes nothing."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import httpx
from httpx import codes
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from include.winddown.adapters.exchange import FAILED, NEVER_SENT, Raw, exchange, told
from include.winddown.adapters.replies import asked_pause_s, is_circle_open, may_pass, said, said_by, sent_on
from include.winddown.adapters.strict_json import NotJson, Part, strict_json
from include.winddown.adapters.turns import NoTurn
from include.winddown.adapters.writing import Written, write_once
from include.winddown.domain.errors import BadConnection, ContractBroken, OutcomeUnknown, WinddownError

if TYPE_CHECKING:
    from include.winddown.adapters.http import Peer

_T = TypeVar("_T")
_BACKOFF = wait_random_exponential(multiplier=0.5)


class PeerDown(ConnectionError):
    """A peer gives no usable answer; no error of the business, so a later run may succeed."""


class Again(Exception):
    """
    A request failed in a way that may pass; it never leaves this module.

    Attributes:
        pause_s: what the peer asked for, if it did.
    """

    def __init__(self, why: str, pause_s: float | None = None) -> None:
        self.pause_s = pause_s
        super().__init__(why)


class Line:
    """
    An open line to a peer; threads may share it.

    Every call raises PeerDown when no usable answer came, the peer's own refusal when the answer
    is no, and BadConnection when it is a redirect: none is followed.
    """

    def __init__(self, peer: "Peer", client: httpx.Client) -> None:
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
        """Read an object, several times if need be; gives it and the bytes it came in."""
        request = self.client.build_request(method, path, params=params, json=body)
        return self._repeat(request, self._object)

    def post(self, path: str, body: object, *, repeatable: bool) -> tuple[Part, bytes]:
        """
        Post an object and read one.

        Args:
            path: of the method.
            body: becomes JSON.
            repeatable: a read, or a write that sets a state; such a post is repeated.

        Returns:
            The reply and the bytes it came in. What it says about single items is to be looked at.

        Raises:
            OutcomeUnknown: a post that must not be repeated may or may not have been acted upon.
            PeerDown: no usable answer; if the post must not be repeated, it was not acted upon.
        """
        return self._post(path, body, self._object, repeatable=repeatable)

    def once(self, path: str, body: object, reading: Callable[[Part], _T]) -> _T:
        """
        Post what must not be repeated, and read the object it answers with.

        Raises:
            OutcomeUnknown: as in `post`; also when a success is not as its owner documents it.
        """
        return self._post(path, body, lambda *came: reading(self._object(*came)[0]), repeatable=False)

    def post_silent(self, path: str, body: object, *, repeatable: bool) -> None:
        """Post as `post` does where success is documented as an empty reply; an error in a 200 is still one."""
        self._post(path, body, self._silence, repeatable=repeatable)

    def write(self, path: str, body: object) -> Written:
        """Post once, in turn; whatever happens comes back as a value, a turn that is too far away as not sent."""
        request = self.client.build_request("POST", path, json=body)
        try:
            self.peer.pace.wait(request.url.path)
        except NoTurn as error:
            return Written(status=None, sent=False, body=None, detail=str(error))
        return write_once(self.client, request, self.peer.limits, partial(self._heed, request))

    def content(self, path: str) -> bytes:
        """Read a file."""
        return self._repeat(self.client.build_request("GET", path), lambda _request, raw: raw.body)

    def _post(
        self, path: str, body: object, reading: Callable[[httpx.Request, Raw], _T], *, repeatable: bool
    ) -> _T:
        request = self.client.build_request("POST", path, json=body)
        return self._repeat(request, reading) if repeatable else self._single(request, reading)

    def _repeat(self, request: httpx.Request, reading: Callable[[httpx.Request, Raw], _T]) -> _T:
        limits = self.peer.limits
        tries = Retrying(
            stop=stop_after_attempt(limits.attempts) | stop_before_delay(limits.deadline_s),
            wait=_pause,
            retry=retry_if_exception(
                lambda error: isinstance(error, Again) and (error.pause_s or 0) <= limits.pause_max_s
            ),
            reraise=True,
        )
        try:
            found: _T = tries(self._once, request, reading)
        except Again as last:
            raise self._down(request, str(last)) from last
        return found

    def _once(self, request: httpx.Request, reading: Callable[[httpx.Request, Raw], _T]) -> _T:
        self._await_turn(request)
        try:
            raw = exchange(self.client, request, self.peer.limits)
        except FAILED as error:
            raise Again(told(error)) from error
        self._check(request, raw)
        return reading(request, raw)

    def _single(self, request: httpx.Request, reading: Callable[[httpx.Request, Raw], _T]) -> _T:
        self._await_turn(request)
        try:
            raw = exchange(self.client, request, self.peer.limits)
        except NEVER_SENT as error:
            raise self._down(request, told(error)) from error
        except FAILED as error:
            raise self._unknown(request, told(error)) from error
        if codes.is_redirect(raw.status):
            raise self._unknown(request, f"it is sent {sent_on(raw)}")
        try:
            self._check(request, raw)
            return reading(request, raw)
        except Again as why:
            if raw.status == codes.TOO_MANY_REQUESTS:
                raise self._down(request, str(why)) from why
            raise self._unknown(request, str(why)) from why
        except ContractBroken as broken:
            raise self._unknown(request, str(broken)) from broken

    def _await_turn(self, request: httpx.Request) -> None:
        try:
            self.peer.pace.wait(request.url.path)
        except NoTurn as error:
            raise self._down(request, str(error)) from error

    def _check(self, request: httpx.Request, raw: Raw) -> None:
        """Let a success through; whatever may pass is Again, and everybody hears of a pause."""
        if may_pass(raw):
            pause_s = self._heed(request, raw)
            why = f"status {raw.status}{said_by(raw)}"
            raise Again(why, pause_s)
        if codes.is_redirect(raw.status):
            raise self._led_away(request, raw)
        if not codes.is_success(raw.status):
            raise self._refused(request, f"status {raw.status}{said_by(raw)}")

    def _heed(self, request: httpx.Request, raw: Raw) -> float | None:
        """Let everybody stay away for as long as a reply asks for; gives that time."""
        pause_s = asked_pause_s(raw) if may_pass(raw) else None
        if pause_s:
            self.peer.pace.hold(request.url.path, pause_s, is_rate=not is_circle_open(raw))
        return pause_s

    def _object(self, request: httpx.Request, raw: Raw) -> tuple[Part, bytes]:
        place = f"{request.method} {request.url.path}: reply"
        try:
            found = Part(strict_json(raw.body), place)
        except NotJson as error:
            raise Again(str(error)) from error
        if isinstance(found.value, dict) and {"code", "message"} <= found.value.keys():
            raise self._refused(request, f"status {raw.status}{said(found)}")
        return found, raw.body

    def _silence(self, request: httpx.Request, raw: Raw) -> None:
        if raw.body.strip():
            self._object(request, raw)

    def _down(self, request: httpx.Request, why: str) -> PeerDown:
        peer = self.peer
        return PeerDown(
            f"{peer.who} at {peer.address} gives no usable answer to {request.method}"
            f" {request.url.path} (last: {why}); check that it is up and that the address is right"
        )

    def _unknown(self, request: httpx.Request, why: str) -> OutcomeUnknown:
        peer = self.peer
        return OutcomeUnknown(
            f"{peer.who} at {peer.address} may or may not have done {request.method} {request.url.path}"
            f" ({why}); look it up before it is sent again"
        )

    def _led_away(self, request: httpx.Request, raw: Raw) -> BadConnection:
        peer = self.peer
        return BadConnection(
            f"{peer.who} at {peer.address} sends {request.method} {request.url.path} {sent_on(raw)}, and nothing"
            " is sent on: give the address that answers itself in its connection, or ask who stands in between"
        )

    def _refused(self, request: httpx.Request, why: str) -> WinddownError:
        peer = self.peer
        what = f"{request.method} {request.url.path} is refused ({why})"
        return peer.refusal(f"{peer.who} at {peer.address}: {what}; {peer.fix}")


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.pause_s if isinstance(error, Again) else None
    return asked if asked is not None else _BACKOFF(state)

"""One call of a marketplace method: who may make it, how often, with what body; and its pages."""

import base64
import binascii
import json
import secrets
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from include.sandbox.doors.common import faults_of, world_of
from include.sandbox.doors.partner import BEFORE_READING
from include.sandbox.faults import Faults
from include.sandbox.keys import MISSING_ROLE, REFUSALS, Key, Keys
from include.sandbox.limits import Limits
from include.sandbox.shapes import MISSING, Method, complaint, complete, methods, openapi
from include.sandbox.state import State
from include.sandbox.trouble import Misbehaviour, Refusal, before
from include.sandbox.world import World

STATUSES = {3: 400, 5: 404, 7: 403, 9: 400, 16: 401}


def refused(code: int, message: str) -> Refusal:
    """Make a refusal in the marketplace's shape: 3 bad argument, 5 not found, 7 no right, 9 switched off."""
    return Refusal(STATUSES[code], code, message, details=[])


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, where to go on, and whether there is more."""

    items: list[Any]
    cursor: Any
    has_next: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was let in."""

    request: Request
    body: dict[str, Any]
    key: Key

    @property
    def world(self) -> World:
        """The world."""
        return world_of(self.request)

    @property
    def state(self) -> State:
        """The truth."""
        return self.world.state

    @property
    def faults(self) -> Faults:
        """What is ordered to go wrong."""
        return faults_of(self.request)

    @property
    def limits(self) -> Limits:
        """What is left of the limits."""
        limits: Limits = self.request.app.state.limits
        return limits

    def picked(self) -> dict[str, Any]:
        """Give the filter of the body."""
        picked: dict[str, Any] = self.body.get("filter") or {}
        return picked

    def size(self, most: int, name: str = "limit", usual: int | None = None) -> int:
        """Read the page size and refuse one out of range."""
        given = self.body.get(name)
        if given in (None, "", 0) and usual is not None:
            return usual
        size = int(given or 0) if str(given).isdecimal() else 0
        if not 1 <= size <= most:
            msg = f"invalid Request.{name.capitalize()}: value must be inside range [1, {most}]"
            raise refused(3, msg)
        return size

    def listed(self, name: str, most: int, least: int = 0) -> list[Any]:
        """Read a list of the body and refuse one that is too long or too short."""
        given: list[Any] = self.body.get(name) or []
        if not least <= len(given) <= most:
            raise refused(3, f"{name}: between {least} and {most} items are expected, not {len(given)}")
        return given

    def page(
        self, ranks: Sequence[Any], items: Sequence[Any], given: Any, size: int, *, plain: bool = False
    ) -> Page:
        """
        Cut a page out of a list sorted by rank; the cursor is opaque, or plainly the last rank.

        The page may come again or its cursor be missing, empty or stuck, if that is ordered.
        """
        known = "" if given and self.faults.take("ozon", "repeat_page") else given
        start = _place(ranks, known, plain=plain) if known else 0
        stop = min(start + size, len(items))
        cursor: Any = 0 if plain else ""
        if stop > start:
            cursor = ranks[stop - 1] if plain else cursor_of(ranks[stop - 1])
        if self.faults.take("ozon", "stuck_cursor"):
            cursor = given or cursor or "0"
        if self.faults.take("ozon", "empty_cursor"):
            cursor = 0 if plain else ""
        if self.faults.take("ozon", "missing_cursor"):
            cursor = MISSING
        return Page(list(items[start:stop]), cursor, stop < len(items))

    def spoiled(self, items: list[dict[str, Any]], field: str) -> list[dict[str, Any]]:
        """Leave a documented field of the first item out, if that is ordered."""
        if items and self.faults.take("ozon", "missing_field"):
            items[0][field] = MISSING
        return items


def misbehave(call: Call, door: str, kinds: tuple[str, ...]) -> None:
    """Go wrong now, if that is ordered of a door that writes."""
    kind = call.faults.first(door, kinds)
    if kind is not None:
        raise Misbehaviour(kind)


def cursor_of(rank: Any) -> str:
    """Hide a rank in a cursor."""
    return base64.urlsafe_b64encode(json.dumps(rank).encode()).decode()


def rank_in(cursor: str) -> Any:
    """Read the rank a cursor hides."""
    try:
        rank = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, binascii.Error) as error:
        raise refused(3, "invalid cursor") from error
    return tuple(rank) if isinstance(rank, list) else rank


def _place(ranks: Sequence[Any], cursor: Any, *, plain: bool) -> int:
    """Find the place after the rank a cursor names; a list that became shorter hides nothing."""
    try:
        return bisect_right(ranks, int(cursor) if plain else rank_in(cursor))
    except (ValueError, TypeError) as error:
        raise refused(3, "invalid cursor") from error


def loose(number: int) -> int | str:
    """Give an int64 as the real service does: now as a number, now as text."""
    return str(number) if number % 3 == 0 else number


def id64(text: str) -> int | str:
    """Give an id that is kept as text as an int64, where it is one."""
    return loose(int(text)) if text.isdecimal() else text


def _key_of(request: Request, kept: dict[str, str], keys: Keys) -> tuple[str, Key]:
    client_id, api_key = (request.headers.get(name, "") for name in ("client-id", "api-key"))
    if not client_id or not api_key:
        raise refused(16, "Client-Id and Api-Key headers are required")
    if not client_id.isdecimal():
        raise refused(3, "Client-Id header value should be positive integer")
    if client_id != kept["client_id"]:
        raise refused(5, REFUSALS["invalid"])
    for name, key in (("api_key", keys.reader), ("admin_api_key", keys.admin)):
        if secrets.compare_digest(api_key.encode(), kept[name].encode()):
            return client_id, key
    raise refused(7, REFUSALS["invalid"])


async def _enter(request: Request, path: str) -> Key:
    """Let a call in, or refuse it: key, limits, role."""
    client_id, key = _key_of(request, world_of(request).state.secrets, request.app.state.keys)
    if key.refusal:
        raise refused(7, key.refusal)
    wait_s = request.app.state.limits.ask(client_id, path)
    if wait_s:
        raise Refusal(429, 8, "You have reached request rate limit per second", retry_after=wait_s)
    if not key.opens(path):
        raise refused(7, MISSING_ROLE)
    return key


async def _body(request: Request, method: Method) -> dict[str, Any]:
    if method.http == "GET":
        return {}
    try:
        given = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise refused(3, "invalid argument: the body is not JSON") from error
    text = complaint(method.request, given)
    if text:
        raise refused(3, f"invalid argument: {text}")
    body: dict[str, Any] = given
    return body


Handler = Callable[[Call], dict[str, Any]]


async def _answer(handler: Handler, method: Method, request: Request) -> JSONResponse:
    key = await _enter(request, method.path)
    call = Call(request, await _body(request, method), key)
    reply = JSONResponse(complete(method.response, handler(call)))
    reply.headers["x-o3-trace-id"] = secrets.token_hex(16)
    return reply


class OzonRouter(APIRouter):
    """Methods of the marketplace, each as its documented shape says."""

    def __init__(self) -> None:
        super().__init__(dependencies=[Depends(before("ozon", BEFORE_READING))], tags=["ozon"])

    def method(self, path: str) -> Callable[[Handler], Handler]:
        """Serve a documented method with a function from call to answer."""

        def register(handler: Handler) -> Handler:
            method = methods()[path]

            async def endpoint(request: Request) -> JSONResponse:
                return await _answer(handler, method, request)

            self.add_api_route(
                path,
                endpoint,
                methods=[method.http],
                operation_id=path.strip("/").replace("/", "_"),
                summary=(handler.__doc__ or "").strip().splitlines()[0],
                response_model=None,
                openapi_extra=openapi(method),
            )
            return handler

        return register

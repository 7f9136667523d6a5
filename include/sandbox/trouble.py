"""How misbehaviour looks on the wire: dropped connections, silence, dripping, garbage, refusals."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from include.sandbox.faults import Faults

_ABORT = "sandbox.abort"
_PROXY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_INTERNAL = {"code": 13, "message": "Internal error"}
_RATE_LIMIT = {"code": 8, "message": "You have reached request rate limit per second"}


class Refusal(Exception):
    """An answer other than success, in the error shape of its door; retry_after [s] becomes a header."""

    def __init__(self, status: int, code: int | str, message: str, **more: Any) -> None:
        self.status = status
        wait_s = more.pop("retry_after", None)
        self.headers = {"x-o3-trace-id": secrets.token_hex(16)}
        self.headers |= {"Retry-After": str(wait_s)} if wait_s else {}
        self.body = {"code": code, "message": message, **more}
        super().__init__(message)


class Misbehaviour(Exception):
    """Something ordered to go wrong at this moment."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


class Vanish(Response):
    """Cut the connection without a reply."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort the transport and wait until the server has seen it."""
        del send
        scope[_ABORT]()
        while (await receive())["type"] != "http.disconnect":
            pass


class Silence(Response):
    """Keep the connection and never answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait until the peer gives up."""
        del scope, send
        while (await receive())["type"] != "http.disconnect":
            pass


async def _drip() -> AsyncIterator[bytes]:
    """Send a space now and then: never silent, never done."""
    while True:
        yield b" "
        await asyncio.sleep(0.1)


class OpenTransports:
    """Give the doors a way to cut their connection, which ASGI itself does not have."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the transport's abort down in the scope."""
        if scope["type"] == "http":
            # uvicorn's receive is a method of its cycle, which holds the transport
            scope[_ABORT] = receive.__self__.transport.abort  # type: ignore[attr-defined]
        await self.app(scope, receive, send)


_REPLIES: dict[str, Callable[[], Response]] = {
    "drop": Vanish,
    "drop_before_acting": Vanish,
    "drop_reply_after_acting": Vanish,
    "hang": Silence,
    "drip": lambda: StreamingResponse(_drip(), media_type="application/json"),
    "redirect_307": lambda: RedirectResponse("/elsewhere", status_code=307),
    "throttle_429": lambda: JSONResponse(_RATE_LIMIT, 429, {"Retry-After": "1"}),
    "obsolete_200": lambda: JSONResponse({"code": 9, "message": "obsolete method cannot be used"}),
    "garbled_200": lambda: HTMLResponse(_PROXY_PAGE, 200),
    "error_502_after": lambda: HTMLResponse(_PROXY_PAGE, 502),
    "act_late_504": lambda: HTMLResponse(_PROXY_PAGE, 504),
    "error_500": lambda: JSONResponse(_INTERNAL, 500),
    "error_503_before": lambda: JSONResponse(_INTERNAL, 503),
    "down": lambda: JSONResponse(_INTERNAL, 503),
}


def before(door: str, kinds: tuple[str, ...]) -> Callable[[Request], Awaitable[None]]:
    """Make a dependency that lets ordered misbehaviour happen before the door acts."""

    async def check(request: Request) -> None:
        faults: Faults = request.app.state.faults
        kind = faults.first(door, kinds)
        if kind is not None:
            raise Misbehaviour(kind)

    return check


async def on_refusal(_request: Request, refusal: Exception) -> Response:
    """Answer a refusal in the shape of its door."""
    if not isinstance(refusal, Refusal):
        raise refusal
    return JSONResponse(refusal.body, refusal.status, refusal.headers)


async def on_misbehaviour(_request: Request, trouble: Exception) -> Response:
    """Go wrong as ordered."""
    if not isinstance(trouble, Misbehaviour):
        raise trouble
    return _REPLIES[trouble.kind]()


async def on_bad_request(request: Request, error: Exception) -> Response:
    """Answer a body of the wrong shape as each door documents it."""
    message = json.dumps(getattr(error, "errors", list)(), default=str)[:300]
    if request.url.path.startswith(("/partner", "/dock", "/world")):
        return JSONResponse({"code": "invalid_request", "message": message}, 422)
    return JSONResponse({"code": 3, "message": f"invalid argument: {message}", "details": []}, 400)


async def on_no_such_path(_request: Request, error: Exception) -> Response:
    """Answer an unknown path or method."""
    status = getattr(error, "status_code", 404)
    return JSONResponse({"code": 5, "message": "404 page not found", "details": []}, status)

"""What every door needs: the world, bearer tokens, pages."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import Request

from include.sandbox.faults import Faults
from include.sandbox.trouble import Refusal
from include.sandbox.world import World


def world_of(request: Request) -> World:
    """Give the world of this server."""
    world: World = request.app.state.world
    return world


def faults_of(request: Request) -> Faults:
    """Give what is ordered to go wrong."""
    faults: Faults = request.app.state.faults
    return faults


def bearer(name: str) -> Callable[[Request], Awaitable[None]]:
    """Make a dependency that asks for the bearer token of that name."""

    async def check(request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(given.encode(), world_of(request).state.secrets[name].encode()):
            raise Refusal(
                401 if not given else 403, "unauthorized", f"a valid {name} is needed as bearer token"
            )

    return check


def limited(door: str) -> Callable[[Request], Awaitable[None]]:
    """Make a dependency that refuses what is more than the door allows in a second."""

    async def check(request: Request) -> None:
        wait_s = request.app.state.limits.door(door)
        if wait_s:
            raise Refusal(429, "too_many_requests", "fewer requests a second, please", retry_after=wait_s)

    return check


def page_after(
    items: Sequence[dict[str, Any]], key: str, after: str, limit: int
) -> tuple[list[dict[str, Any]], str]:
    """Cut the page after the item named `after`; the cursor is empty at the end, an unknown one is refused."""
    start = 0
    if after not in ("", "0"):
        place = next((n for n, item in enumerate(items) if item[key] == after), None)
        if place is None:
            raise Refusal(422, "unknown_cursor", f"no item {after[:80]!r} to go on after")
        start = place + 1
    page = list(items[start : start + limit])
    return page, page[-1][key] if start + limit < len(items) else ""


def spoil(request: Request, door: str, answer: dict[str, Any], cursor: str, given: str) -> dict[str, Any]:
    """Give the page with a cursor that never ends and never moves, if that is ordered."""
    if faults_of(request).take(door, "stuck_cursor"):
        return answer | {cursor: given or answer[cursor] or "0"}
    return answer


def start_of(request: Request, door: str, given: str) -> str:
    """Say from where the page starts: from the very beginning again, if that is ordered."""
    return "" if given and faults_of(request).take(door, "repeat_page") else given

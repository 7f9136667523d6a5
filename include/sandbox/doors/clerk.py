"""The warehouse's clerk and its post, for the demo and the tests: a partner without an API."""

import threading
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from include.sandbox.clerk import Clerk, sheets_of
from include.sandbox.doors.common import bearer, world_of
from include.sandbox.post import Post


class Order(BaseModel):
    """What the clerk is to do: the inbox he puts files in, and where sheets lie beside his mail."""

    model_config = ConfigDict(extra="forbid")
    inbox: Path
    papers: Path | None = None
    mood: Literal["accept", "partial", "refuse", "twice", "wrong", "late"] = "accept"
    kind: Literal["xlsx", "csv"] = "xlsx"


router = APIRouter(prefix="/world", dependencies=[Depends(bearer("world_token"))], tags=["clerk"])
_desk = threading.Lock()


@router.post("/clerk")
async def clerk(body: Order, request: Request) -> dict[str, Any]:
    """Answer the sheets that are not answered, and report what was shipped and what is on the shelves."""
    state = request.app.state
    if not hasattr(state, "clerk"):
        state.clerk = Clerk(world_of(request))
    with _desk:
        sheets = sheets_of(post_of(request).mails, body.papers)
        return {"answered": state.clerk.work(body.inbox, sheets, body.mood, body.kind)}


@router.get("/mails")
async def mails(request: Request) -> list[dict[str, object]]:
    """Show the mails that came, oldest first."""
    return [mail.shown() for mail in post_of(request).mails]


def post_of(request: Request) -> Post:
    """Give the mail server of this world."""
    post: Post = request.app.state.post
    return post

"""The merchant's own dock: what was counted on arrival."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from include.sandbox.doors.common import bearer, faults_of, page_after, spoil, start_of, world_of
from include.sandbox.doors.partner import BEFORE_READING, PAGE
from include.sandbox.doors.travel import DOCK_KINDS, Travel
from include.sandbox.trouble import before


class Count(Travel):
    """Pieces counted, or the end of a count (then sku and condition are empty, quantity is 0)."""

    count_id: str
    request_no: str
    kind: str = Field(description=f"one of {', '.join(DOCK_KINDS)}")
    sku: str
    condition: str
    quantity: int
    counted_at: str


class CountPage(BaseModel):
    """A page of counts; the cursor is empty at the end."""

    items: list[Count]
    next_cursor: str


router = APIRouter(
    prefix="/dock/v1",
    dependencies=[Depends(before("dock", BEFORE_READING)), Depends(bearer("dock_token"))],
    tags=["dock"],
)


@router.get("/counts", response_model=CountPage)
async def counts(
    request: Request, after: str = "", limit: Annotated[int, Query(ge=1, le=200)] = PAGE
) -> JSONResponse:
    """List what was counted, oldest first."""
    given = start_of(request, "dock", after)
    page, following = page_after(world_of(request).state.counts, "count_id", given, limit)
    if page and faults_of(request).take("dock", "missing_field"):
        page[0] = {key: value for key, value in page[0].items() if key != "request_no"}
    answer = {"items": page, "next_cursor": following}
    return JSONResponse(spoil(request, "dock", answer, "next_cursor", after))

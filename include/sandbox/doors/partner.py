"""The partner warehouse: takes return requests, reports what it shipped and what it holds."""

import asyncio
import csv
import io
import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from include.sandbox.doors.common import bearer, faults_of, limited, page_after, spoil, start_of, world_of
from include.sandbox.doors.travel import PARTNER_KINDS, Travel
from include.sandbox.faults import ACT_LATE, READ, STALE_LIST
from include.sandbox.faults import PAGE as PAGE_FAULTS
from include.sandbox.seeding import WAREHOUSES
from include.sandbox.state import CONDITIONS, Return, ReturnLine, State, iso, shelf
from include.sandbox.trouble import Misbehaviour, Refusal, before

BEFORE_ACTING = ("throttle_429", "error_503_before", "drop_before_acting", "redirect_307")
AFTER_ACTING = ("drop_reply_after_acting", "error_502_after", "garbled_200", "hang")
BEFORE_READING = tuple(kind for kind in READ if kind not in PAGE_FAULTS)
PAGE = 50
LATE_S = 2.0
"""So much later acts a desk that was told to act late."""
STALE_S = 1.0
"""A stale list does not show what is younger than this."""


class Wanted(BaseModel):
    """One line asked for."""

    sku: str = Field(min_length=1, max_length=64)
    condition: Literal["sellable", "damaged_by_seller", "damaged_by_warehouse", "lost"]
    quantity: int = Field(ge=1, le=1_000_000)


class NewRequest(BaseModel):
    """A return request to create."""

    client_reference: str = Field(default="", max_length=128)
    warehouse_id: str = Field(min_length=1, max_length=64)
    destination: str = Field(min_length=1, max_length=64)
    handling_class: str = Field(min_length=1, max_length=32)
    lines: list[Wanted] = Field(min_length=1, max_length=10_000)


class Line(BaseModel):
    """One line and what was agreed to."""

    sku: str
    condition: str
    quantity: int
    accepted_quantity: int


class Kept(BaseModel):
    """A return request as the partner keeps it."""

    request_no: str
    client_reference: str
    warehouse_id: str
    destination: str
    handling_class: str
    created_at: str
    state: str
    lines: list[Line]


class KeptPage(BaseModel):
    """A page of requests; the cursor is empty at the end."""

    items: list[Kept]
    next_cursor: str


class Shipped(Travel):
    """What became of pieces of a request; a kind may also be a state as the warehouse writes it."""

    event_id: str
    request_no: str
    kind: str = Field(description=f"one of {', '.join(PARTNER_KINDS)}, or a state of the warehouse's own")
    sku: str
    condition: str
    quantity: int
    happened_at: str


class ShippedPage(BaseModel):
    """A page of events; the cursor is empty at the end."""

    items: list[Shipped]
    next_cursor: str


_entry = Depends(bearer("partner_token"))
_limit = Depends(limited("partner"))
writing = APIRouter(prefix="/partner/v1", dependencies=[_entry, _limit], tags=["partner"])
reading = APIRouter(
    prefix="/partner/v1",
    dependencies=[Depends(before("partner", BEFORE_READING)), _entry, _limit],
    tags=["partner"],
)


@writing.post("/return-requests", status_code=201, response_model=Kept)
async def create(body: NewRequest, request: Request) -> JSONResponse:
    """Create a return request; the same client_reference never makes a second one, none at all may."""
    world, faults = world_of(request), faults_of(request)
    trouble = faults.first("create", BEFORE_ACTING)
    if trouble:
        raise Misbehaviour(trouble)
    _refuse_bad(body, mirror=world.mirror)
    earlier = world.references.get(body.client_reference) if body.client_reference else None
    if earlier:
        message = f"client_reference {body.client_reference} is already used by {earlier.request_no}"
        raise Refusal(409, "already_exists", message, request_no=earlier.request_no)
    if faults.take("create", ACT_LATE):
        asyncio.get_running_loop().call_later(LATE_S, _accept, request, body)
        raise Misbehaviour(ACT_LATE)
    kept = _accept(request, body)
    trouble = faults.first("create", AFTER_ACTING)
    if trouble:
        raise Misbehaviour(trouble)
    return JSONResponse(_shown(kept), 201)


def _accept(request: Request, body: NewRequest) -> Return:
    """Take a request in, unless one with its reference has come in meanwhile; remember when."""
    world = world_of(request)
    earlier = world.references.get(body.client_reference) if body.client_reference else None
    kept = earlier or world.accept(_new(body))
    request.app.state.made_at[kept.request_no] = time.monotonic()
    return kept


def _refuse_bad(body: NewRequest, *, mirror: bool) -> None:
    if not mirror and body.warehouse_id not in WAREHOUSES:
        known = ", ".join(WAREHOUSES)
        raise Refusal(422, "unknown_warehouse", f"warehouse {body.warehouse_id} is not one of {known}")
    if len({(line.sku, line.condition) for line in body.lines}) < len(body.lines):
        raise Refusal(422, "duplicate_line", "two lines name the same sku and condition; add them up")


def _new(body: NewRequest) -> Return:
    lines = [ReturnLine(**line.model_dump(), accepted_quantity=0) for line in body.lines]
    fields = body.model_dump(exclude={"lines"})
    return Return(**fields, lines=lines, request_no="", ships_on=0, counted_on=0)


def _shown(request: Return) -> dict[str, Any]:
    names = ("sku", "condition", "quantity", "accepted_quantity")
    heads = ("request_no", "client_reference", "warehouse_id", "destination", "handling_class")
    return {
        **{name: getattr(request, name) for name in (*heads, "created_at", "state")},
        "lines": [{name: getattr(line, name) for name in names} for line in request.lines],
    }


@reading.get("/return-requests", response_model=KeptPage)
async def find(
    request: Request,
    client_reference: str = "",
    cursor: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> JSONResponse:
    """List return requests, oldest first; with a reference only those under it."""
    is_stale = faults_of(request).take("partner", STALE_LIST)
    young = time.monotonic() - STALE_S
    kept = [
        _shown(item)
        for item in world_of(request).state.returns
        if (not client_reference or item.client_reference == client_reference)
        and not (is_stale and request.app.state.made_at.get(item.request_no, 0.0) > young)
    ]
    page, following = page_after(kept, "request_no", cursor, limit)
    answer = {"items": page, "next_cursor": following}
    return JSONResponse(spoil(request, "partner", answer, "next_cursor", cursor))


@reading.get("/return-requests/{request_no}", response_model=Kept)
async def show(request: Request, request_no: str) -> JSONResponse:
    """Show one return request."""
    for item in world_of(request).state.returns:
        if item.request_no == request_no:
            return JSONResponse(_shown(item))
    raise Refusal(404, "not_found", f"no return request {request_no}")


@reading.get("/events", response_model=ShippedPage)
async def events(
    request: Request, after: str = "", limit: Annotated[int, Query(ge=1, le=200)] = PAGE
) -> JSONResponse:
    """List what was shipped, oldest first."""
    given = start_of(request, "partner", after)
    page, following = page_after(world_of(request).state.events, "event_id", given, limit)
    if page and faults_of(request).take("partner", "missing_field"):
        page[0] = {key: value for key, value in page[0].items() if key != "quantity"}
    answer = {"items": page, "next_cursor": following}
    return JSONResponse(spoil(request, "partner", answer, "next_cursor", after))


@reading.get("/stock-report.csv")
async def stock_report(request: Request) -> Response:
    """Report every shelf: 1 sellable, 2 damaged by seller, 3 damaged by warehouse, 4 lost."""
    return Response(report_csv(world_of(request).state), media_type="text/csv; charset=utf-8")


def report_csv(state: State) -> str:
    """Write the stock report."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("warehouse_id", "offer_id", "sku", "stock_status", "quantity", "reserved", "snapshot_at"))
    for product in state.products:
        for warehouse_id in product.warehouses:
            for status, condition in enumerate(CONDITIONS, start=1):
                key = shelf(warehouse_id, product.sku, condition)
                if key in state.on_hand:
                    where = (warehouse_id, product.offer_id, product.sku, status)
                    rows.writerow((*where, state.on_hand[key], state.reserved.get(key, 0), iso(state.now)))
    return out.getvalue()

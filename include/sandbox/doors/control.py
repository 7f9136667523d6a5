"""World control, for the demo and the tests: time, misbehaviour, the truth."""

from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from include.sandbox.doors.common import bearer, faults_of, world_of
from include.sandbox.doors.travel import News
from include.sandbox.faults import BadFault
from include.sandbox.keys import ROLES, Keys
from include.sandbox.trouble import Refusal


class Advance(BaseModel):
    """How far time goes on."""

    model_config = ConfigDict(extra="forbid")
    days: int = Field(ge=1, le=366)
    settle: bool = False


class Report(BaseModel):
    """What partner or dock shall tell."""

    model_config = ConfigDict(extra="forbid")
    door: Literal["partner", "dock"]
    news: list[News] = Field(min_length=1, max_length=1_000)


class KeyChange(BaseModel):
    """What is to change at the reading key of the marketplace; the rest is as at the start."""

    model_config = ConfigDict(extra="forbid")
    roles: list[Literal[ROLES]] | None = None  # type: ignore[valid-type]
    expires_in_days: float | None = Field(default=None, ge=-3650, le=3650)
    refused: Literal["", "deactivated", "ip_restricted", "offer_not_signed", "invalid"] = ""


class Trouble(BaseModel):
    """
    What shall go wrong, by door, and which orders, supplies and sales of the own warehouse to plant.

    A count of misbehaviour replaces what was ordered before; true is for ever, false is never;
    calm forgets whatever was ordered.
    """

    model_config = ConfigDict(extra="forbid")
    create: dict[str, int | bool] = Field(default_factory=dict)
    prices: dict[str, int | bool] = Field(default_factory=dict)
    stocks: dict[str, int | bool] = Field(default_factory=dict)
    ozon: dict[str, int | bool] = Field(default_factory=dict)
    partner: dict[str, int | bool] = Field(default_factory=dict)
    dock: dict[str, int | bool] = Field(default_factory=dict)
    mail: dict[str, int | bool] = Field(default_factory=dict)
    calm: bool = False
    key: KeyChange | None = None
    pending_orders: int = Field(default=0, ge=0, le=1000)
    unknown_status_orders: int = Field(default=0, ge=0, le=1000)
    supply_orders: int = Field(default=0, ge=0, le=1000)
    supply_drafts: int = Field(default=0, ge=0, le=1000)
    own_sales_days: int = Field(default=0, ge=0, le=366)


router = APIRouter(prefix="/world", dependencies=[Depends(bearer("world_token"))], tags=["world"])
public = APIRouter(prefix="/world", tags=["world"])


@router.get("/state")
async def state(request: Request, *, shelves: bool = False) -> dict[str, Any]:
    """Tell the truth; with `shelves` also what was put on every shelf at the start."""
    world = world_of(request)
    limits = request.app.state.limits
    asked = {"ozon_requests": limits.requests, "ozon_throttled": limits.throttled}
    return world.truth() | asked | ({"initial": world.state.initial} if shelves else {})


@router.post("/advance")
async def advance(body: Advance, request: Request) -> dict[str, Any]:
    """Let days pass."""
    world = world_of(request)
    world.advance(body.days, settle=body.settle)
    return world.truth()


@router.post("/faults")
async def trouble(body: Trouble, request: Request) -> dict[str, Any]:
    """Order misbehaviour, change the key, plant orders and supplies; the reply names these."""
    wanted = body.model_dump(include={"create", "prices", "stocks", "ozon", "partner", "dock", "mail"})
    if body.calm:
        faults_of(request).left.clear()
        request.app.state.keys = Keys()
    if body.key:
        request.app.state.keys = Keys()
        request.app.state.keys.change(body.key.roles, body.key.expires_in_days, body.key.refused)
    try:
        faults_of(request).order(wanted)
    except BadFault as error:
        raise Refusal(422, "unknown_fault", str(error)) from error
    numbers = world_of(request).plant_orders(body.pending_orders, body.unknown_status_orders)
    supplies = world_of(request).plant_supplies(body.supply_orders, body.supply_drafts)
    world_of(request).plant_own_sales(body.own_sales_days)
    return {"planted_orders": numbers, "planted_supplies": supplies}


@router.post("/report")
async def report(body: Report, request: Request) -> list[dict[str, Any]]:
    """Let partner or dock tell something; the reply shows the events as they stand."""
    news = [one.model_dump(exclude_defaults=True) for one in body.news]
    blank = {"request_no": "", "sku": "", "condition": "", "quantity": 0}
    return world_of(request).report(body.door, [blank | one for one in news])


@public.get("/costs.csv")
async def costs(request: Request) -> Response:
    """Give the merchant's own cost sheet; it is the merchant's file, so no token is asked for."""
    return Response(world_of(request).costs_csv(), media_type="text/csv; charset=utf-8")

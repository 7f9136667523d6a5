"""The marketplace's orders, as its Seller API answers."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from include.sandbox.doors.common import faults_of, spoil, start_of, world_of
from include.sandbox.doors.ozon import OZON_ENTRY, Json, limit_of, loose
from include.sandbox.seeding import CURRENCY
from include.sandbox.state import Order, OrderLine
from include.sandbox.trouble import Refusal
from include.sandbox.world import World, money

LONGEST_PERIOD = timedelta(days=366)

router = APIRouter(dependencies=OZON_ENTRY, tags=["ozon"])


def _period(body: dict[str, Any]) -> tuple[datetime, datetime]:
    try:
        since, until = (datetime.fromisoformat(body["filter"][name]) for name in ("since", "to"))
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(400, 3, "filter.since and filter.to are required, as UTC times", details=[]) from error
    if since.tzinfo is None or until.tzinfo is None or until < since:
        raise Refusal(400, 3, "filter.since must not be after filter.to, both with a zone", details=[])
    if until - since > LONGEST_PERIOD:
        raise Refusal(400, 3, "PERIOD_IS_TOO_LONG", details=[])
    return since, until


def _matching(world: World, body: dict[str, Any]) -> list[Order]:
    since, until = _period(body)
    statuses = body["filter"].get("statuses") or []
    found = [
        order
        for order in world.state.orders
        if since <= datetime.fromisoformat(order.placed_at) <= until
        and (not statuses or order.status in statuses)
    ]
    return sorted(found, key=lambda order: (order.placed_at, order.posting_number))


def _page(request: Request, orders: list[Order], cursor: str, limit: int) -> tuple[list[Order], str, bool]:
    """Cut a page; the cursor is the posting number it ended with."""
    cursor = start_of(request, "ozon", cursor)
    numbers = [order.posting_number for order in orders]
    if cursor and cursor not in numbers:
        raise Refusal(400, 3, "invalid cursor", details=[])
    start = 1 + numbers.index(cursor) if cursor else 0
    page = orders[start : start + limit]
    return page, page[-1].posting_number if page else "", start + limit < len(orders)


def _products(world: World, lines: list[OrderLine]) -> list[dict[str, Any]]:
    names = {product.sku: product for product in world.state.products}
    return [
        {
            "sku": loose(line.sku),
            "offer_id": names[line.sku].offer_id,
            "name": names[line.sku].name,
            "quantity": line.qty,
            "price": f"{money(line.price_kopecks)}00",
            "currency_code": CURRENCY,
        }
        for line in lines
    ]


@router.post("/v4/posting/fbs/list")
async def fbs_list(request: Request, body: Json) -> JSONResponse:
    """List postings; those of partner warehouses are behind integration_type_flow FBP."""
    world = world_of(request)
    orders = _matching(world, body)
    flow = body["filter"].get("integration_type_flow") or ["FBP"]
    if "FBP" not in flow:
        orders = []
    page, cursor, has_next = _page(request, orders, body.get("cursor", ""), limit_of(body, 100))
    postings = [
        {
            "posting_number": order.posting_number,
            "order_number": order.posting_number.rsplit("-", 1)[0],
            "status": order.status,
            "substatus": "",
            "delivery_method": {"id": 1, "name": "FBP", "warehouse_id": order.warehouse_id},
            "in_process_at": order.placed_at,
            "products": _products(world, order.lines),
        }
        for order in page
    ]
    if postings and faults_of(request).take("ozon", "missing_field"):
        del postings[0]["status"]
    answer = {"postings": postings, "cursor": cursor, "has_next": has_next}
    return JSONResponse(spoil(request, "ozon", answer, "cursor", body.get("cursor", "")))


@router.post("/v1/posting/fbp/list")
async def fbp_list(request: Request, body: Json) -> dict[str, Any]:
    """List the same postings the younger way; there is no has_next, the end is an empty page."""
    world = world_of(request)
    page, cursor, _has_next = _page(
        request, _matching(world, body), body.get("cursor", ""), limit_of(body, 100)
    )
    postings = [
        {
            "posting_number": order.posting_number,
            "order_date": order.placed_at,
            "in_process_at": order.placed_at,
            "status": order.status,
            "products": _products(world, order.lines),
        }
        for order in page
    ]
    return {"postings": postings, "cursor": cursor}

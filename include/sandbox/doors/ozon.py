"""The marketplace's catalogue and stock, as its Seller API answers (paths and fields: April to October 2026)."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import JSONResponse

from include.sandbox.doors.common import faults_of, spoil, start_of, world_of
from include.sandbox.doors.partner import BEFORE_READING
from include.sandbox.seeding import CURRENCY
from include.sandbox.state import Product, State, shelf
from include.sandbox.trouble import Refusal, before
from include.sandbox.world import money

Json = Annotated[dict[str, Any], Body()]


async def key_holder(request: Request) -> None:
    """Ask for Client-Id and Api-Key, and refuse as the marketplace does."""
    kept = world_of(request).state.secrets
    given = [request.headers.get(name, "") for name in ("client-id", "api-key")]
    if not all(given):
        raise Refusal(401, 16, "Client-Id and Api-Key headers are required", details=[])
    known = [kept["client_id"], kept["api_key"]]
    if not all(secrets.compare_digest(a.encode(), b.encode()) for a, b in zip(given, known, strict=True)):
        raise Refusal(403, 7, "Invalid Api-Key, please contact support", details=[])


OZON_ENTRY = [Depends(before("ozon", BEFORE_READING)), Depends(key_holder)]
router = APIRouter(dependencies=OZON_ENTRY, tags=["ozon"])


def limit_of(body: dict[str, Any], most: int) -> int:
    """Read the page size and refuse one out of range."""
    limit = body.get("limit")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= most:
        raise Refusal(400, 3, f"invalid Request.Limit: value must be inside range [1, {most}]", details=[])
    return limit


def loose(number: int) -> int | str:
    """Give an int64 as the real service does: now as a number, now as text."""
    return str(number) if number % 3 == 0 else number


def _wanted(state: State, body: dict[str, Any]) -> list[Product]:
    """Pick the products a filter asks for; ALL means all but the archived ones."""
    picked = body.get("filter", {})
    visibility = picked.get("visibility", "ALL")
    if visibility not in ("ALL", "ARCHIVED"):
        raise Refusal(400, 3, f"visibility {visibility} is not part of this world", details=[])
    ids = {str(number) for number in picked.get("product_id", [])}
    return [
        product
        for product in state.products
        if product.archived == (visibility == "ARCHIVED") and (not ids or str(product.product_id) in ids)
    ]


def _page(request: Request, products: list[Product], after: str, limit: int) -> tuple[list[Product], str]:
    after = start_of(request, "ozon", after)
    rest = [product for product in products if not after or product.product_id > int(after)]
    page = rest[:limit]
    return page, str(page[-1].product_id) if page else ""


@router.post("/v3/product/list")
async def product_list(request: Request, body: Json) -> JSONResponse:
    """List products; the last page is followed by an empty one."""
    products = _wanted(world_of(request).state, body)
    page, last_id = _page(request, products, body.get("last_id", ""), limit_of(body, 1000))
    items = [
        {
            "product_id": product.product_id,
            "offer_id": product.offer_id,
            "sku": loose(product.sku),
            "archived": product.archived,
            "has_fbo_stocks": False,
            "has_fbs_stocks": False,
        }
        for product in page
    ]
    result = {"items": items, "total": len(products), "last_id": last_id}
    return JSONResponse({"result": spoil(request, "ozon", result, "last_id", body.get("last_id", ""))})


@router.post("/v3/product/info/list")
async def product_info(request: Request, body: Json) -> dict[str, Any]:
    """Describe products by id: name, price, barcodes."""
    ids = {str(number) for number in body.get("product_id", [])}
    if not 1 <= len(ids) <= 1000:
        raise Refusal(400, 3, "between 1 and 1000 product ids are expected", details=[])
    items = [_info(item) for item in world_of(request).state.products if str(item.product_id) in ids]
    if items and faults_of(request).take("ozon", "missing_field"):
        del items[0]["price"]
    return {"items": items}


def _info(product: Product) -> dict[str, Any]:
    return {
        "id": product.product_id,
        "offer_id": product.offer_id,
        "sku": loose(product.sku),
        "name": product.name,
        "price": money(product.price_kopecks),
        "old_price": "",
        "currency_code": CURRENCY,
        "barcodes": [product.barcode],
        "is_archived": product.archived,
        "statuses": {"status": "price_sent", "moderate_status": "approved"},
    }


@router.post("/v4/product/info/attributes")
async def product_attributes(request: Request, body: Json) -> dict[str, Any]:
    """Describe products by page: sizes and weight."""
    products = _wanted(world_of(request).state, body)
    page, last_id = _page(request, products, body.get("last_id", ""), limit_of(body, 1000))
    return {"result": [_attributes(item) for item in page], "last_id": last_id, "total": len(products)}


def _attributes(product: Product) -> dict[str, Any]:
    # light and small things come in other units, as merchants typed them in
    in_cm = all(side % 10 == 0 for side in (product.depth_mm, product.width_mm, product.height_mm))
    per_unit, unit = (10, "cm") if in_cm else (1, "mm")
    return {
        "id": product.product_id,
        "sku": loose(product.sku),
        "offer_id": product.offer_id,
        "name": product.name,
        "depth": product.depth_mm // per_unit,
        "width": product.width_mm // per_unit,
        "height": product.height_mm // per_unit,
        "dimension_unit": unit,
        "weight": product.weight_g,
        "weight_unit": "g",
        "attributes": [],
    }


@router.post("/v4/product/info/stocks")
async def product_stocks(request: Request, body: Json) -> dict[str, Any]:
    """Total sellable stock per product, over all partner warehouses; present includes reserved."""
    state = world_of(request).state
    products = _wanted(state, body)
    page, cursor = _page(request, products, body.get("cursor", ""), limit_of(body, 1000))
    items = []
    for product in page:
        keys = [shelf(warehouse_id, product.sku) for warehouse_id in product.warehouses]
        stock = {
            "type": "fbp",
            "present": sum(state.on_hand.get(key, 0) for key in keys),
            "reserved": sum(state.reserved.get(key, 0) for key in keys),
            "sku": loose(product.sku),
        }
        items.append({"product_id": product.product_id, "offer_id": product.offer_id, "stocks": [stock]})
    return {"items": items, "cursor": cursor, "total": len(products), "total_items": len(products)}

"""The marketplace's view of stock; what stands at a partner's, it knows in total only."""

from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, id64, loose, misbehave, refused
from include.sandbox.doors.ozon_catalogue import product_page
from include.sandbox.doors.partner import AFTER_ACTING, BEFORE_ACTING
from include.sandbox.limits import STOCK_OF_A_PAIR
from include.sandbox.seeding import PLACES
from include.sandbox.state import CONDITIONS, Product, State, shelf
from include.sandbox.world import World

STOCKS_MOST = 100
STOCK_BELOW = 1_000_000

router = OzonRouter()


def _on(state: State, product: Product) -> tuple[int, int]:
    """Give what is present and what of it is reserved, over all warehouses."""
    keys = [shelf(warehouse_id, product.sku) for warehouse_id in product.warehouses]
    return sum(state.on_hand.get(key, 0) for key in keys), sum(state.reserved.get(key, 0) for key in keys)


@router.method("/v4/product/info/stocks")
def product_stocks(call: Call) -> dict[str, Any]:
    """Total sellable stock per product; present includes reserved."""
    page, total = product_page(call, "cursor")
    # a partner that reports late leaves the marketplace with another total than its own
    drift = 1 if page.items and call.faults.take("ozon", "totals_drift") else 0
    items = []
    for number, product in enumerate(page.items):
        present, reserved = _on(call.state, product)
        stock = {
            "type": call.state.scheme,
            "present": present + (drift if number == 0 else 0),
            "reserved": reserved,
            "sku": loose(product.sku),
            "shipment_type": "SHIPMENT_TYPE_GENERAL",
        }
        stocks = [stock, *_own(call.state, product)]
        items.append({"product_id": product.product_id, "offer_id": product.offer_id, "stocks": stocks})
    return {"items": items, "cursor": page.cursor, "total": total, "total_items": total}


def _own(state: State, product: Product) -> list[dict[str, Any]]:
    """Give the stock of the merchant's own warehouses, if some was ever told."""
    told = [qty for key, qty in state.own_stock.items() if key.endswith(f"|{product.sku}")]
    if not told:
        return []
    return [{"type": "rfbs", "present": sum(told), "reserved": 0, "sku": loose(product.sku)}]


def _by_id(call: Call, skus: list[Any], offers: list[Any]) -> list[Product]:
    wanted, names = {str(sku) for sku in skus}, set(offers)
    return [one for one in call.state.products if str(one.sku) in wanted or one.offer_id in names]


@router.method("/v1/product/info/stocks-by-warehouse/fbo")
def stocks_by_warehouse(call: Call) -> dict[str, Any]:
    """Stock per product and warehouse of the marketplace itself; empty shelves are told too."""
    skus, offers = call.listed("skus", 1000), call.listed("offer_ids", 1000)
    if bool(skus) == bool(offers):
        raise refused(3, "either skus or offer_ids is required, and not both")
    products = _by_id(call, skus, offers) if call.state.scheme == "fbo" else []
    rows = [(product, place) for product in products for place in product.warehouses]
    ranks = [(product.product_id, place) for product, place in rows]
    page = call.page(ranks, rows, call.body.get("cursor") or "", call.size(1000, usual=1000))
    items = [_row(call.state, product, place) for product, place in page.items]
    return {"products": items, "cursor": page.cursor, "has_next": page.has_next}


def _row(state: State, product: Product, place: str) -> dict[str, Any]:
    key = shelf(place, product.sku)
    return {
        "sku": loose(product.sku),
        "product_id": product.product_id,
        "offer_id": product.offer_id,
        "warehouse_id": id64(place),
        "present": state.on_hand.get(key, 0),
        "reserved": state.reserved.get(key, 0),
    }


@router.method("/v1/analytics/stocks")
def analytics_stocks(call: Call) -> dict[str, Any]:
    """Stock of the marketplace's own warehouses with what is damaged or on its way back; no pages."""
    products = _by_id(call, call.listed("skus", 100, least=1), [])
    wanted = {str(one) for one in call.listed("warehouse_ids", 1000)}
    if call.state.scheme != "fbo":
        return {"items": []}
    items = [
        _analysed(call.state, product, place)
        for product in products
        for place in product.warehouses
        if not wanted or place in wanted
    ]
    return {"items": items}


def _analysed(state: State, product: Product, place: str) -> dict[str, Any]:
    sellable, *damaged = (shelf(place, product.sku, condition) for condition in CONDITIONS[:3])
    present = state.on_hand.get(sellable, 0)
    back = [
        (request.state, line.accepted_quantity)
        for request in state.returns
        for line in request.lines
        if request.warehouse_id == place and line.sku == str(product.sku)
    ]
    return {
        "sku": loose(product.sku),
        "offer_id": product.offer_id,
        "name": product.name,
        "warehouse_id": id64(place),
        "warehouse_name": PLACES.get(place, place),
        "cluster_id": 1 + list(PLACES).index(place) if place in PLACES else 0,
        "ads": round(product.pace / len(product.warehouses), 2),
        "available_stock_count": present - state.reserved.get(sellable, 0) - state.held.get(sellable, 0),
        "valid_stock_count": present,
        "stock_defect_stock_count": sum(state.on_hand.get(key, 0) for key in damaged),
        "outbound_returns_picking": sum(qty for kind, qty in back if kind == "accepted"),
        "outbound_returns_return_to_seller": sum(qty for kind, qty in back if kind == "shipped"),
        "turnover_grade": "TURNOVER_GRADE_NONE",
    }


@router.method("/v2/product/info/stocks-by-warehouse/fbs")
def own_by_warehouse(call: Call) -> dict[str, Any]:
    """Stock per product in the merchant's own warehouses, as far as it was ever told."""
    skus, offers = call.listed("sku", 1000), call.listed("offer_id", 1000)
    if bool(skus) == bool(offers):
        raise refused(3, "either sku or offer_id is required, and not both")
    products = {one.sku: one for one in _by_id(call, skus, offers)}
    names = {str(place["warehouse_id"]): place["name"] for place in call.state.own_warehouses}
    told = [(*key.partition("|")[::2], qty) for key, qty in call.state.own_stock.items()]
    ranks = sorted((place, int(sku), qty) for place, sku, qty in told if int(sku) in products)
    rows = [(place, products[sku], qty) for place, sku, qty in ranks]
    page = call.page(ranks, rows, call.body.get("cursor") or "", call.size(1000, usual=1000))
    items = [
        {
            "warehouse_id": int(place),
            "warehouse_name": names.get(place, ""),
            "sku": loose(product.sku),
            "product_id": product.product_id,
            "offer_id": product.offer_id,
            "present": qty,
            "reserved": 0,
            "free_stock": qty,
        }
        for place, product, qty in page.items
    ]
    return {"products": items, "cursor": page.cursor, "has_next": page.has_next}


@router.method("/v2/products/stocks")
def set_own_stock(call: Call) -> dict[str, Any]:
    """Tell the stock of the merchant's own warehouses; what is wrong is said item by item."""
    places = {place["warehouse_id"] for place in call.state.own_warehouses}
    misbehave(call, "stocks", BEFORE_ACTING)
    result = []
    for item in call.listed("stocks", STOCKS_MOST, least=1):
        product = product_named(call.world, item)
        code = _stock_error(call, item, product, places)
        if not code and product is not None:
            call.state.own_stock[f"{item['warehouse_id']}|{product.sku}"] = item.get("stock") or 0
        result.append(
            {
                "product_id": product.product_id if product else item.get("product_id") or 0,
                "offer_id": product.offer_id if product else item.get("offer_id") or "",
                "warehouse_id": item.get("warehouse_id") or 0,
                "updated": not code,
                "errors": [{"code": code, "message": code.replace("_", " ").lower()}] if code else [],
            }
        )
    call.world.keep()
    misbehave(call, "stocks", AFTER_ACTING)
    return {"result": result}


def _stock_error(call: Call, item: dict[str, Any], product: Product | None, places: set[int]) -> str:
    """Name what is wrong with an item; empty when it is fine."""
    if product is None:
        return "NOT_FOUND_ERROR"
    if int(item.get("warehouse_id") or 0) not in places:
        return "WAREHOUSE_NOT_FOUND"
    if not 0 <= (item.get("stock") or 0) < STOCK_BELOW:
        return "STOCK_TOO_BIG"
    if call.faults.take("stocks", "only_fbp"):
        return "CB_DELIVERY_ONLY_FBP"
    pair = ("stock", product.sku, item["warehouse_id"])
    return "" if call.limits.item(pair, STOCK_OF_A_PAIR) else "TOO_MANY_REQUESTS"


def product_named(world: World, item: dict[str, Any]) -> Product | None:
    """Find the product of an item; its offer_id wins if both ids are given."""
    offer_id, product_id = item.get("offer_id"), str(item.get("product_id") or "")
    return world.named.get(("offer_id", offer_id) if offer_id else ("product_id", product_id))

"""
The merchant's own promotions. Their writes answer nothing, so a product that is not taken is simply not there.

A promotion is made switched off and empty. What is not documented and was chosen here: products
that cannot take part are left out without a word, what is archived is no longer listed, and the
discount holds from the moment it is switched on until it is switched off.
"""

from datetime import datetime, timedelta
from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, refused
from include.sandbox.prices import kopecks_of, put_price
from include.sandbox.seeding import CURRENCY
from include.sandbox.state import Product, iso
from include.sandbox.trouble import Misbehaviour

FIRST_ID = 9_001
PAGE_MOST = 100
TITLE_MOST, SEARCH_LEAST = 256, 3

router = OzonRouter()


def _all(call: Call) -> list[dict[str, Any]]:
    """Give every promotion; the first one was over before the world began."""
    over = {
        "action_id": FIRST_ID,
        "title": "Opening week",
        "date_start": iso(call.state.now - timedelta(days=50)),
        "date_end": iso(call.state.now - timedelta(days=43)),
        "min_action_percent": 10,
        "is_on": False,
        "archived": False,
        "products": {},
    }
    return [one for one in (over, *call.state.seller_actions) if not one["archived"]]


def _action(call: Call) -> dict[str, Any]:
    action_id = int(call.body["action_id"])
    found = next((one for one in _all(call) if one["action_id"] == action_id), None)
    if found is None:
        raise refused(5, f"action {action_id} is not found")
    return found


def _status(call: Call, action: dict[str, Any]) -> str:
    if datetime.fromisoformat(action["date_end"]) <= call.state.now:
        return "ENDED"
    if datetime.fromisoformat(action["date_start"]) > call.state.now:
        return "PLANNED"
    return "ACTIVE" if action["is_on"] else "PAUSED"


def _price_all(call: Call, action: dict[str, Any]) -> None:
    """Let the cards show what holds now: the promotion's prices, or the usual ones again."""
    holds = _status(call, action) == "ACTIVE" and not action["archived"]
    for product in call.state.products:
        price = action["products"].get(str(product.sku))
        if price is not None:
            put_price(product, price if holds else _usual(product), None)
    call.world.keep()


def _usual(product: Product) -> int:
    return product.usual_price_kopecks or product.price_kopecks


def _told(call: Call, action: dict[str, Any]) -> dict[str, Any]:
    status = "FROZEN" if call.faults.take("ozon", "unknown_status") else _status(call, action)
    said = {name: action[name] for name in ("title", "date_start", "date_end", "min_action_percent")}
    return {
        "action_id": action["action_id"],
        "action_parameters": said
        | {"type": "DISCOUNT", "status": status, "discount_type": "PERCENT", "discount_value": 10},
        "is_participated": bool(action["products"]) or action["action_id"] == FIRST_ID,
        "is_turn_on": action["is_on"],
        "sku_count": len(action["products"]),
    }


@router.method("/v1/seller-actions/list")
def seller_actions(call: Call) -> dict[str, Any]:
    """List the merchant's own promotions."""
    size, offset = call.size(PAGE_MOST), int(call.body.get("offset") or 0)
    search = call.body.get("search") or ""
    if search and len(search) < SEARCH_LEAST:
        raise refused(3, f"search: at least {SEARCH_LEAST} characters are expected")
    ids = {str(one) for one in call.listed("action_ids", PAGE_MOST)}
    statuses, kinds = call.body.get("status") or [], call.body.get("action_type") or ["DISCOUNT"]
    found = [
        action
        for action in _all(call)
        if "DISCOUNT" in kinds
        and (not ids or str(action["action_id"]) in ids)
        and (not statuses or _status(call, action) in statuses)
        and search.casefold() in action["title"].casefold()
    ]
    return {
        "actions": [_told(call, one) for one in found[offset : offset + size]],
        "total": len(found),
    }


@router.method("/v1/seller-actions/create/discount")
def create_discount(call: Call) -> dict[str, Any]:
    """Make a promotion with a discount; the same request again makes another."""
    if call.faults.take("ozon", "cis_seller"):
        raise refused(7, "the method is not available for sellers from CIS")
    body, title = call.body, call.body.get("title") or "Discount"
    start, end = (_moment(body, name) for name in ("date_start", "date_end"))
    if not 1 <= len(title) <= TITLE_MOST or end <= start or end <= call.state.now:
        raise refused(3, f"title of 1 to {TITLE_MOST} characters, date_end after date_start and now")
    action = {
        "action_id": FIRST_ID + 1 + len(call.state.seller_actions),
        "title": title,
        "date_start": body["date_start"],
        "date_end": body["date_end"],
        "min_action_percent": body["min_action_percent"],
        "is_on": False,
        "archived": False,
        "products": {},
    }
    call.state.seller_actions.append(action)
    call.world.keep()
    lost = "drop_reply_after_acting"
    if call.faults.take("ozon", lost):
        raise Misbehaviour(lost)
    return {"action_id": action["action_id"]}


def _moment(body: dict[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(body[name])
    except ValueError as error:
        raise refused(3, f"{name}: invalid value for date-time field") from error
    if moment.tzinfo is None:
        raise refused(3, f"{name}: a time with a zone is expected")
    return moment


def _page(call: Call, *, taking_part: bool) -> dict[str, Any]:
    action = _action(call)
    prices = action["products"]
    found = [
        product
        for product in call.state.products
        if (str(product.sku) in prices) == taking_part and not product.archived
    ]
    ranks = [product.product_id for product in found]
    page = call.page(ranks, found, call.body.get("cursor") or 0, call.size(PAGE_MOST), plain=True)
    products = [_row(product, prices.get(str(product.sku)), call, action) for product in page.items]
    return {"products": products, "cursor": page.cursor, "has_next": page.has_next}


def _row(product: Product, price: int | None, call: Call, action: dict[str, Any]) -> dict[str, Any]:
    usual = _usual(product)
    return {
        "sku": [str(product.sku)],
        "product_id": product.product_id,
        "offer_id": product.offer_id,
        "name": product.name,
        "base_price": usual / 100,
        "price": product.price_kopecks / 100,
        "action_price": (price or 0) / 100,
        "discount_percent": round(100 * (usual - price) / usual, 2) if price else 0,
        "currency": CURRENCY,
        "is_active": price is not None and _status(call, action) == "ACTIVE",
        "quant_type": "GENERAL",
        "quant_size": 1,
    }


@router.method("/v1/seller-actions/products/candidates")
def candidates(call: Call) -> dict[str, Any]:
    """List the products that could take part."""
    return _page(call, taking_part=False)


@router.method("/v1/seller-actions/products/list")
def products(call: Call) -> dict[str, Any]:
    """List the products that take part."""
    return _page(call, taking_part=True)


@router.method("/v1/seller-actions/products/add")
def add(call: Call) -> dict[str, Any]:
    """Let products take part; the answer says nothing about any of them."""
    action = _action(call)
    known = {str(product.sku): product for product in call.state.products if not product.archived}
    for item in call.listed("products", PAGE_MOST, least=1):
        product = known.get(str(item["sku"]))
        price = _price(product, item) if product else None
        if product and price and _is_deep_enough(price, product, action):
            action["products"][str(product.sku)] = price
    _price_all(call, action)
    return {}


def _price(product: Product, item: dict[str, Any]) -> int | None:
    if (item.get("currency") or CURRENCY) != CURRENCY:
        return None
    if item.get("action_price"):
        return kopecks_of(item["action_price"])
    if not item.get("discount_percent"):
        raise refused(3, "products: action_price or discount_percent is required")
    percent = float(item["discount_percent"])
    return round(_usual(product) * (100 - percent) / 100)


def _is_deep_enough(price: int, product: Product, action: dict[str, Any]) -> bool:
    usual = _usual(product)
    return 0 < price < usual and (usual - price) * 100 >= usual * action["min_action_percent"]


@router.method("/v1/seller-actions/products/delete")
def delete(call: Call) -> dict[str, Any]:
    """Take products out; those that are not in it are passed over."""
    action = _action(call)
    for sku in call.listed("skus", PAGE_MOST, least=1):
        price = action["products"].pop(str(sku), None)
        for product in call.state.products:
            if price is not None and str(product.sku) == str(sku):
                put_price(product, _usual(product), None)
    call.world.keep()
    return {}


@router.method("/v1/seller-actions/change-activity")
def change_activity(call: Call) -> dict[str, Any]:
    """Switch a promotion on or off."""
    action = _action(call)
    if _status(call, action) == "ENDED":
        raise refused(3, f"action {action['action_id']} is over")
    action["is_on"] = call.body["is_turn_on"]
    _price_all(call, action)
    return {}


@router.method("/v1/seller-actions/archive")
def archive(call: Call) -> dict[str, Any]:
    """Put a promotion away; its prices end with it."""
    action = _action(call)
    action["archived"] = True
    _price_all(call, action)
    return {}

"""The marketplace's promotions, and which products take part in them."""

from datetime import timedelta
from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, Page, refused
from include.sandbox.prices import kopecks_of, put_price
from include.sandbox.seeding import CURRENCY
from include.sandbox.state import Product, iso
from include.sandbox.world import money

SALE, VOUCHER = 71_342, 71_343
TITLES = {SALE: "Season sale", VOUCHER: "Promo code of the week"}
HIGHEST_SHARE = 0.85  # of the usual price: what an action price may be at most
PAGE_MOST = 1000

router = OzonRouter()


def _amount(kopecks: int) -> dict[str, str]:
    return {"amount": money(kopecks), "currency": CURRENCY}


def _usual(product: Product) -> int:
    return product.usual_price_kopecks or product.price_kopecks


def _highest(product: Product) -> int:
    return int(_usual(product) * HIGHEST_SHARE)


def _participants(call: Call, action_id: int) -> dict[int, int]:
    prefix = f"{action_id}|"
    return {
        int(key.removeprefix(prefix)): price
        for key, price in call.state.participants.items()
        if key.startswith(prefix)
    }


@router.method("/v1/actions")
def actions(call: Call) -> dict[str, Any]:
    """List the promotions one may take part in; this one is a GET."""
    start, end = call.state.now - timedelta(days=3), call.state.now + timedelta(days=25)
    on_sale = sum(not product.archived for product in call.state.products)
    result = [
        {
            "id": action_id,
            "title": title,
            "action_type": "DISCOUNT" if action_id == SALE else "VOUCHER_DISCOUNT",
            "date_start": iso(start),
            "date_end": iso(end),
            "freeze_date": "",
            "discount_type": "PERCENT",
            "discount_value": 15,
            "is_voucher_action": action_id == VOUCHER,
            "participating_products_count": len(_participants(call, action_id)),
            "potential_products_count": on_sale - len(_participants(call, action_id)),
            "is_participating": bool(_participants(call, action_id)),
        }
        for action_id, title in TITLES.items()
    ]
    return {"result": result}


def _action_of(call: Call) -> int:
    action_id = int(call.body["action_id"])
    if action_id not in TITLES:
        raise refused(5, f"action {action_id} is not found")
    return action_id


def _page(call: Call, *, taking_part: bool) -> tuple[Page, int, dict[int, int]]:
    prices = _participants(call, _action_of(call))
    found = [
        product
        for product in call.state.products
        if (product.product_id in prices) == taking_part and not product.archived
    ]
    ranks = [product.product_id for product in found]
    size = call.size(PAGE_MOST, usual=100)
    return call.page(ranks, found, call.body.get("last_id") or "", size), len(found), prices


def _offered(product: Product, action_price: int) -> dict[str, Any]:
    return {
        "id": product.product_id,
        "price": _amount(product.price_kopecks),
        "action_price": _amount(action_price),
        "max_action_price": _amount(_highest(product)),
        "min_seller_price": _amount(0),
        "marketplace_seller_price": _amount(product.price_kopecks),
        "is_quarantined": False,
    }


@router.method("/v2/actions/candidates")
def candidates(call: Call) -> dict[str, Any]:
    """List the products that could take part."""
    page, total, _prices = _page(call, taking_part=False)
    return {
        "products": [_offered(one, 0) for one in page.items],
        "last_id": page.cursor,
        "total": total,
    }


@router.method("/v2/actions/products")
def participants(call: Call) -> dict[str, Any]:
    """List the products that take part."""
    page, total, prices = _page(call, taking_part=True)
    products = [_offered(one, prices[one.product_id]) | {"add_mode": "SELLER"} for one in page.items]
    return {"products": products, "last_id": page.cursor, "total": total}


@router.method("/v1/actions/products/update")
def update(call: Call) -> dict[str, Any]:
    """Let products take part; outside of promo codes it is the price of the card that changes."""
    action_id = _action_of(call)
    known = {product.product_id: product for product in call.state.products}
    active, rejected = [], []
    for item in call.listed("products", PAGE_MOST, least=1):
        product = known.get(int(item.get("product_id") or 0))
        price = kopecks_of((item.get("action_price") or {}).get("amount"))
        reason = _reason(product, price)
        if product is None or price is None or reason:
            rejected.append({"product_id": item.get("product_id") or 0, "reason": reason})
            continue
        call.state.participants[f"{action_id}|{product.product_id}"] = price
        if action_id != VOUCHER:
            put_price(product, price, None)
        active.append(str(product.product_id))
    call.world.keep()
    return {"active_product_ids": active, "rejected": rejected}


def _reason(product: Product | None, price: int | None) -> str:
    if product is None:
        return "product is not found"
    if not price:
        return "action_price is not an amount above zero"
    if price > _highest(product):
        return f"action_price is above max_action_price {money(_highest(product))}"
    return ""


@router.method("/v2/actions/products/deactivate")
def deactivate(call: Call) -> dict[str, Any]:
    """Take products out of a promo-code promotion."""
    action_id = _action_of(call)
    if action_id != VOUCHER:
        raise refused(3, f"action {action_id} is not a promo-code action")
    taken = [
        str(product_id)
        for product_id in call.listed("product_ids", PAGE_MOST, least=1)
        if call.state.participants.pop(f"{action_id}|{product_id}", None) is not None
    ]
    call.world.keep()
    return {"product_ids": taken}

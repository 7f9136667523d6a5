"""The marketplace's prices: one a product, for every scheme."""

from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, misbehave
from include.sandbox.doors.ozon_catalogue import product_page
from include.sandbox.doors.ozon_stock import product_named
from include.sandbox.doors.partner import AFTER_ACTING, BEFORE_ACTING
from include.sandbox.limits import PRICE_OF_A_PRODUCT
from include.sandbox.prices import kopecks_of, price_error, put_price
from include.sandbox.seeding import CURRENCY
from include.sandbox.state import Product

PRICES_MOST = 1000
ACQUIRING_PCT = 1.5
SALES_PCT = {"standard": 19.1, "fragile": 17, "liquid": 14.5, "oversize": 12}

router = OzonRouter()


@router.method("/v5/product/info/prices")
def product_prices(call: Call) -> dict[str, Any]:
    """Tell prices by page; the last page is followed by an empty one."""
    page, total = product_page(call, "cursor")
    items = [_priced(one) for one in page.items]
    return {
        "items": call.spoiled(items, "price"),
        "cursor": page.cursor,
        "total": total,
        "total_items": total,
    }


def _priced(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.product_id,
        "offer_id": product.offer_id,
        "volume_weight": round(product.depth_mm * product.width_mm * product.height_mm / 5_000_000, 1),
        "price": {
            "price": product.price_kopecks / 100,
            "old_price": product.old_price_kopecks / 100,
            "marketing_seller_price": product.price_kopecks / 100,
            "currency_code": CURRENCY,
            "vat": 0.2,
        },
        "acquiring": round(product.price_kopecks * ACQUIRING_PCT / 100) / 100,
        "commissions": _commissions(product),
        "price_indexes": {"color_index": "WITHOUT_INDEX"},
    }


def _commissions(product: Product) -> dict[str, Any]:
    """Tell the fees of every scheme; of goods at a partner's there is only the share of the price."""
    litres = product.depth_mm * product.width_mm * product.height_mm / 1_000_000
    haul = round(40 + 8 * litres, 2)
    fees: dict[str, Any] = {
        f"sales_percent_{scheme}": SALES_PCT[product.handling_class] + more
        for scheme, more in (("fbo", 0), ("fbp", 0), ("fbs", 2), ("rfbs", 2.5))
    }
    for scheme in ("fbo", "fbs"):
        fees |= {
            f"{scheme}_direct_flow_trans_min_amount": haul,
            f"{scheme}_direct_flow_trans_max_amount": round(haul * 1.5, 2),
            f"{scheme}_deliv_to_customer_amount": 25,
            f"{scheme}_return_flow_amount": haul,
        }
    return fees | {"fbs_first_mile_min_amount": 10, "fbs_first_mile_max_amount": 25}


@router.method("/v1/product/import/prices")
def import_prices(call: Call) -> dict[str, Any]:
    """Take new prices; the answer is 200 whatever happens, and each item says for itself."""
    misbehave(call, "prices", BEFORE_ACTING)
    result = [_taken(call, item) for item in call.listed("prices", PRICES_MOST, least=1)]
    call.world.keep()
    misbehave(call, "prices", AFTER_ACTING)
    return {"result": result}


def _taken(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    product = product_named(call.world, item)
    error = _error(call, item, product)
    if product is not None and error is None:
        given = item.get("old_price")
        call.state.prices_written += 1
        put_price(product, kopecks_of(item["price"]) or 0, kopecks_of(given) if given else None)
    return {
        "product_id": product.product_id if product else item.get("product_id") or 0,
        "offer_id": product.offer_id if product else item.get("offer_id") or "",
        "updated": error is None,
        "errors": [{"code": error[0], "message": error[1]}] if error else [],
    }


def _error(call: Call, item: dict[str, Any], product: Product | None) -> tuple[str, str] | None:
    if product is None:
        return "NOT_FOUND_ERROR", "Product not found"
    if not call.limits.item(("price", product.product_id), PRICE_OF_A_PRODUCT):
        return "TOO_MANY_REQUESTS", "error limiting: acquire limit per item"
    return price_error(product, item, CURRENCY)

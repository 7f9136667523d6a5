"""The marketplace's prices: one a product, for every scheme."""

from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter
from include.sandbox.doors.ozon_catalogue import product_page
from include.sandbox.doors.ozon_stock import product_named
from include.sandbox.limits import PRICE_OF_A_PRODUCT
from include.sandbox.prices import kopecks_of, price_error, put_price
from include.sandbox.seeding import CURRENCY
from include.sandbox.state import Product

PRICES_MOST = 1000

router = OzonRouter()


@router.method("/v5/product/info/prices")
def product_prices(call: Call) -> dict[str, Any]:
    """Tell prices by page; the last page is followed by an empty one."""
    page, total = product_page(call, "cursor")
    items = [_priced(one) for one in page.items]
    return {"items": items, "cursor": page.cursor, "total": total, "total_items": total}


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
        "commissions": {"sales_percent_fbp": 15, "sales_percent_fbo": 15, "sales_percent_fbs": 17},
        "price_indexes": {"color_index": "WITHOUT_INDEX"},
    }


@router.method("/v1/product/import/prices")
def import_prices(call: Call) -> dict[str, Any]:
    """Take new prices; the answer is 200 whatever happens, and each item says for itself."""
    result = [_taken(call, item) for item in call.listed("prices", PRICES_MOST, least=1)]
    call.world.keep()
    return {"result": result}


def _taken(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    product = product_named(call.state, item)
    error = _error(call, item, product)
    if product is not None and error is None:
        given = item.get("old_price")
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

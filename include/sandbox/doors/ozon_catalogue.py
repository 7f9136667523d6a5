"""The marketplace's catalogue, as its Seller API answers (paths and fields: April to October 2026)."""

from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, Page, loose, refused
from include.sandbox.limits import Rate
from include.sandbox.seeding import CURRENCY
from include.sandbox.shelves import free_qty
from include.sandbox.state import Product, State, shelf
from include.sandbox.world import money

ARCHIVE_MOST = 100
VISIBILITIES = ("ALL", "ARCHIVED", "VISIBLE", "IN_SALE", "EMPTY_STOCK", "REMOVED_FROM_SALE")
UNARCHIVE_A_DAY = Rate(100, 86_400)

router = OzonRouter()


def in_sale(state: State, product: Product) -> bool:
    """Say whether somebody could buy it now."""
    keys = [shelf(warehouse_id, product.sku) for warehouse_id in product.warehouses]
    return not product.archived and any(free_qty(state, key) > 0 for key in keys)


def _seen(state: State, product: Product, visibility: str) -> bool:
    if visibility in ("ARCHIVED", "REMOVED_FROM_SALE"):
        return product.archived
    if visibility in ("ALL", ""):
        return not product.archived
    return not product.archived and in_sale(state, product) == (visibility != "EMPTY_STOCK")


def wanted_products(call: Call) -> list[Product]:
    """Pick the products a filter asks for, by product id; ALL means all but the archived ones."""
    picked = call.picked()
    visibility = picked.get("visibility") or "ALL"
    if visibility not in VISIBILITIES:
        raise refused(3, f"visibility {visibility} is not part of this world")
    names = {name: {str(one) for one in picked.get(name) or []} for name in ("product_id", "offer_id")}
    names["sku"] = {str(one) for one in [*(picked.get("skus") or []), *(picked.get("sku") or [])]}
    too_long = next((name for name, ids in names.items() if len(ids) > 1000), None)
    if too_long:
        raise refused(3, f"filter.{too_long}: no more than 1000 items are expected")
    return [
        product
        for product in _candidates(call, names["offer_id"])
        if _seen(call.state, product, visibility)
        and all(not ids or str(getattr(product, name)) in ids for name, ids in names.items())
    ]


def _candidates(call: Call, offer_ids: set[str]) -> list[Product]:
    """Look only at the products that are named, where the filter names some: a world may have very many."""
    if not offer_ids:
        return call.state.products
    named = (call.world.named.get(("offer_id", offer_id)) for offer_id in offer_ids)
    return sorted((one for one in named if one is not None), key=lambda one: one.product_id)


def product_page(call: Call, name: str) -> tuple[Page, int]:
    """Cut a page of the products a filter asks for; with it, how many there are in all."""
    size = call.size(1000)
    products = call.world.remembered(["products", call.picked()], lambda: wanted_products(call))
    ranks = call.world.remembered(["ranks", call.picked()], lambda: [one.product_id for one in products])
    return call.page(ranks, products, call.body.get(name) or "", size), len(products)


@router.method("/v3/product/list")
def product_list(call: Call) -> dict[str, Any]:
    """List products; the last page is followed by an empty one."""
    page, total = product_page(call, "last_id")
    items = [
        {
            "product_id": product.product_id,
            "offer_id": product.offer_id,
            "sku": loose(product.sku),
            "archived": product.archived,
            "has_fbo_stocks": call.state.scheme == "fbo",
            "has_fbs_stocks": False,
        }
        for product in page.items
    ]
    return {"result": {"items": items, "total": total, "total_items": total, "last_id": page.cursor}}


@router.method("/v3/product/info/list")
def product_info(call: Call) -> dict[str, Any]:
    """Describe products by id: name, price, barcodes."""
    ids = {(name, str(one)) for name in ("product_id", "offer_id", "sku") for one in call.listed(name, 1000)}
    if not 1 <= len(ids) <= 1000:
        raise refused(3, "between 1 and 1000 ids are expected in sum")
    named = call.world.named
    found = {named[one].product_id: named[one] for one in ids if one in named}
    items = [_info(call.state, found[product_id]) for product_id in sorted(found)]
    return {"items": call.spoiled(items, "price")}


def _info(state: State, product: Product) -> dict[str, Any]:
    sale = in_sale(state, product)
    return {
        "id": product.product_id,
        "offer_id": product.offer_id,
        "sku": loose(product.sku),
        "name": product.name,
        "price": money(product.price_kopecks),
        "old_price": money(product.old_price_kopecks) if product.old_price_kopecks else "",
        "min_price": "",
        "currency_code": CURRENCY,
        "barcodes": [product.barcode],
        "description_category_id": product.category_id,
        "is_archived": product.archived,
        "volume_weight": round(product.depth_mm * product.width_mm * product.height_mm / 5_000_000, 1),
        "statuses": {"status": "price_sent", "moderate_status": "approved", "validation_status": "success"},
        "availabilities": [
            {
                "availability": "AVAILABLE" if sale else "UNAVAILABLE",
                "sku": loose(product.sku),
                "source": "SDS",
            }
        ],
        "sources": [{"sku": loose(product.sku), "source": "SDS"}],
        "visibility_details": {"has_price": True, "has_stock": sale},
    }


@router.method("/v4/product/info/attributes")
def product_attributes(call: Call) -> dict[str, Any]:
    """Describe products by page: sizes and weight."""
    page, total = product_page(call, "last_id")
    return {"result": [_attributes(one) for one in page.items], "last_id": page.cursor, "total": str(total)}


def _attributes(product: Product) -> dict[str, Any]:
    # light and small things come in other units, as merchants typed them in
    in_cm = all(side % 10 == 0 for side in (product.depth_mm, product.width_mm, product.height_mm))
    per_unit, unit = (10, "cm") if in_cm else (1, "mm")
    return {
        "id": product.product_id,
        "sku": str(product.sku),  # text in this method, as its schema says
        "offer_id": product.offer_id,
        "name": product.name,
        "barcode": product.barcode,
        "barcodes": [product.barcode],
        "depth": product.depth_mm // per_unit,
        "width": product.width_mm // per_unit,
        "height": product.height_mm // per_unit,
        "dimension_unit": unit,
        "weight": product.weight_g,
        "weight_unit": "g",
        "attributes": [],
    }


@router.method("/v4/product/info/limit")
def product_limit(call: Call) -> dict[str, Any]:
    """Tell how many products may still be made or changed today."""
    reset_at = call.state.now.strftime("%Y-%m-%dT21:00:00Z")
    return {
        "total": {"limit": 10_000, "usage": len(call.state.products)},
        "daily_create": {"limit": 1_000, "usage": 0, "reset_at": reset_at},
        "daily_update": {"limit": 10_000, "usage": 0, "reset_at": reset_at},
        "operation_limits": {"limit": 1_000, "limit_type": "PER_MINUTE"},
    }


@router.method("/v1/product/archive")
def archive(call: Call) -> dict[str, Any]:
    """Hide products in every scheme; the reply says only that it was asked for."""
    return _set_archived(call, archived=True)


@router.method("/v1/product/unarchive")
def unarchive(call: Call) -> dict[str, Any]:
    """Bring products back, at most so many a day."""
    for product_id in call.listed("product_id", ARCHIVE_MOST, least=1):
        if not call.limits.item("unarchive", UNARCHIVE_A_DAY):
            raise refused(3, f"product {product_id}: limit of products restored from the archive is used up")
    return _set_archived(call, archived=False)


def _set_archived(call: Call, *, archived: bool) -> dict[str, Any]:
    ids = {str(one) for one in call.listed("product_id", ARCHIVE_MOST, least=1)}
    known = {str(product.product_id) for product in call.state.products}
    if ids - known:
        raise refused(5, f"product {min(ids - known)} is not found")
    for product in call.state.products:
        if str(product.product_id) in ids:
            product.archived = archived
    call.world.keep()
    return {"result": True}

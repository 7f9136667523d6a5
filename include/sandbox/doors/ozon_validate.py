"""Whether a partner's warehouse would take products: the check before a draft of a supply."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, loose, refused
from include.sandbox.seeding import WAREHOUSES
from include.sandbox.state import Product
from include.sandbox.supplies import TYPES

router = OzonRouter()


def _reasons(product: Product | None, way: str, warehouse_id: str, count: int) -> list[str]:
    if product is None:
        return ["OUT_OF_ASSORTMENT"]
    rules = (
        (warehouse_id not in product.warehouses, "INCOMPATIBLE_WAREHOUSE"),
        (product.handling_class == "oversize" and way == "drop-off", "INCOMPATIBLE_WAREHOUSE"),
        (product.archived, "BANNED"),
        (product.price_kopecks == 0, "NO_PRICE"),
        (product.pace == 0 and count > 100, "SURPLUS"),
    )
    return list(dict.fromkeys(reason for is_so, reason in rules if is_so))


def _validator(way: str) -> Callable[[Call], dict[str, Any]]:
    def validate(call: Call) -> dict[str, Any]:
        """Check products for a partner's warehouse; nothing is drafted."""
        warehouse_id = str(call.body["warehouse_id"])
        if warehouse_id not in WAREHOUSES or call.state.scheme != "fbp":
            raise refused(5, f"warehouse {warehouse_id} is not found")
        told: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for item in call.listed("skus", 1000, least=1):
            product = call.world.named.get(("sku", str(item.get("sku"))))
            reasons = _reasons(product, way, warehouse_id, int(item.get("count") or 0))
            row = {"sku": loose(int(item["sku"])), "quantity": item.get("count") or 0}
            row |= {"offer_id": product.offer_id, "name": product.name} if product else {}
            told[not reasons].append(row | ({"rejection_reasons": reasons} if reasons else {}))
        content = json.dumps([way, warehouse_id, told[True]], sort_keys=True).encode()
        return {
            "approved_items": told[True],
            "rejected_items": told[False],
            "bundle_generated": bool(told[True]),
            "bundle_id": hashlib.sha256(content).hexdigest()[:32] if told[True] else "",
        }

    return validate


for name in TYPES:
    router.method(f"/v1/fbp/draft/{name}/product/validate")(_validator(name))

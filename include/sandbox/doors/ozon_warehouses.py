"""The merchant's own warehouses and how it delivers from them, to read."""

from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter

METHOD = 5_000_000_001

router = OzonRouter()


def _own(call: Call, wanted: list[Any]) -> list[dict[str, Any]]:
    ids = {str(one) for one in wanted}
    return [one for one in call.state.own_warehouses if not ids or str(one["warehouse_id"]) in ids]


@router.method("/v2/warehouse/list")
def warehouse_list(call: Call) -> dict[str, Any]:
    """List the merchant's own warehouses."""
    found = _own(call, call.listed("warehouse_ids", 200))
    ranks = [one["warehouse_id"] for one in found]
    page = call.page(ranks, found, call.body.get("cursor") or "", call.size(200, usual=200))
    warehouses = [
        {
            "warehouse_id": one["warehouse_id"],
            "name": one["name"],
            "status": "created",
            "is_rfbs": True,
            "working_days": ["1", "2", "3", "4", "5"],
            "created_at": call.state.started_at,
            "warehouse_type": "rfbs",
        }
        for one in page.items
    ]
    return {"warehouses": warehouses, "cursor": page.cursor, "has_next": page.has_next}


@router.method("/v2/delivery-method/list")
def delivery_methods(call: Call) -> dict[str, Any]:
    """List how orders are delivered from the own warehouses; neither fee nor coverage is told."""
    picked = call.picked()
    active = "ACTIVE" in (picked.get("status") or ["ACTIVE"])
    found = _own(call, picked.get("warehouse_ids") or []) if active else []
    ranks = [one["warehouse_id"] for one in found]
    page = call.page(ranks, found, call.body.get("cursor") or "", call.size(100))
    methods = [
        {
            "id": METHOD,
            "name": "Own courier",
            "warehouse_id": one["warehouse_id"],
            "provider_id": 0,
            "status": "ACTIVE",
            "tpl_integration_type": "non_integrated",
            "cutoff": "14:00",
            "created_at": call.state.started_at,
        }
        for one in page.items
    ]
    return {"delivery_methods": methods, "cursor": page.cursor, "has_next": page.has_next}

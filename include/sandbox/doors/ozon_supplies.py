"""Supplies to partner warehouses, as the marketplace's Seller API tells and cancels them (all beta)."""

from collections.abc import Callable
from typing import Any

from include.sandbox import supplies
from include.sandbox.doors.ozon_call import Call, OzonRouter, Page, id64, refused
from include.sandbox.seeding import PLACES
from include.sandbox.supplies import CANCELLABLE, TYPES

PAGE_MOST = 100

router = OzonRouter()


def _of_kind(call: Call, kind: str) -> list[dict[str, Any]]:
    return [one for one in call.state.supplies if one["kind"] == kind and call.state.scheme == "fbp"]


def _page(call: Call, kind: str) -> Page:
    found = _of_kind(call, kind)
    ranks = [one["id"] for one in found]
    size = call.size(PAGE_MOST, "count")
    return call.page(ranks, found, call.body.get("last_id") or "", size, plain=True)


def _named(call: Call, kind: str) -> dict[str, Any]:
    supply_id = call.body["supply_id"]
    found = next((one for one in _of_kind(call, kind) if one["supply_id"] == supply_id), None)
    if found is None:
        raise refused(5, f"supply {supply_id[:40]} is not found")
    return found


def _cancellation(supply: dict[str, Any]) -> dict[str, Any]:
    code = supply["cancel_error"]
    error = {"error_code": code, "message": code.replace("_", " ").lower()} if code else None
    return {"cancellation_status": supply["cancelling"], "cancellation_error": error}


def _common(supply: dict[str, Any]) -> dict[str, Any]:
    return {
        "supply_id": supply["supply_id"],
        "status": supply["status"],
        "warehouse_id": id64(supply["warehouse_id"]),
        "package_units_count": 1,
        "delivery_details": {"supply_type": supply["type"]},
    }


def _order(supply: dict[str, Any]) -> dict[str, Any]:
    return _common(supply) | {
        "id": supply["id"],
        "order_number": f"{supply['id']}",
        "created_date": supply["created_at"],
        "can_be_cancelled": supply["status"] in CANCELLABLE and supply["cancelling"] != "CONFIRMATION",
        "cancellation_state": _cancellation(supply),
        "locked": supply["cancelling"] == "CONFIRMATION",
        "has_label": True,
    }


@router.method("/v1/fbp/order/list")
def order_list(call: Call) -> dict[str, Any]:
    """List the supply orders that are under way."""
    page = _page(call, "order")
    items = [
        _order(one)
        | {
            "bundle_summary": {
                "total_item_count": 1,
                "total_quantity": one["qty"],
                "rounded_total_volume_in_litres": one["qty"] * 2.0,
            }
        }
        for one in page.items
    ]
    if items and call.faults.take("ozon", "unknown_status"):
        items[0]["status"] = "STUCK_AT_CUSTOMS"
    return {"items": items, "last_id": page.cursor, "has_next": page.has_next}


@router.method("/v1/fbp/order/get")
def order_get(call: Call) -> dict[str, Any]:
    """Show one supply order, with the version its changes are asked with."""
    supply = _named(call, "order")
    return _order(supply) | {"row_version": supply["row_version"], "draft_id": supply["id"]}


def _canceller(way: str) -> Callable[[Call], dict[str, Any]]:
    def cancel(call: Call) -> dict[str, Any]:
        """Ask for the cancellation of a supply order; the partner answers later."""
        supply = _named(call, "order")
        wrong = "" if supply["type"] == TYPES[way] else "WRONG_SUPPLY_TYPE"
        error = wrong or supplies.cancel(supply)
        call.world.keep()
        told = {"order_errors": [error]} if error else None
        return {"is_error": bool(error), "error": told, "row_version": supply["row_version"]}

    return cancel


def _deleter(way: str) -> Callable[[Call], dict[str, Any]]:
    def delete(call: Call) -> dict[str, Any]:
        """Delete a draft of a supply."""
        supply = _named(call, "draft")
        if supply["type"] != TYPES[way]:
            raise refused(3, f"supply {supply['supply_id']} is of type {supply['type']}")
        supplies.delete(call.state, supply)
        call.world.keep()
        return {"cancellation_state": _cancellation(supply), "row_version": supply["row_version"]}

    return delete


for name in TYPES:
    router.method(f"/v1/fbp/order/{name}/cancel")(_canceller(name))
    router.method(f"/v1/fbp/draft/{name}/delete")(_deleter(name))


@router.method("/v1/fbp/draft/list")
def draft_list(call: Call) -> dict[str, Any]:
    """List the drafts of supplies."""
    page = _page(call, "draft")
    items = [
        _common(one)
        | {
            "id": one["id"],
            "created_at": one["created_at"],
            "editable": True,
            "is_deletable": True,
            "cancellation_state": _cancellation(one),
        }
        for one in page.items
    ]
    return {"items": items, "last_id": page.cursor, "has_next": page.has_next}


@router.method("/v1/fbp/archive/list")
def archive_list(call: Call) -> dict[str, Any]:
    """List the supplies that are over; how many pieces of which product came, is not told."""
    page = _page(call, "archive")
    items = [
        _common(one)
        | {
            "created_date": one["created_at"],
            "whc_order_id": one["id"],
            "order_draft_id": one["id"],
            "row_version": one["row_version"],
            "has_act": one["status"] == "COMPLETED",
            "bundle_sku_summary": {"total_items_count": 1, "total_quantity": one["qty"]},
            "receive_date": one["created_at"] if one["status"] == "COMPLETED" else "",
        }
        for one in page.items
    ]
    return {"items": items, "last_id": page.cursor, "has_next": page.has_next}


@router.method("/v1/fbp/warehouse/list")
def warehouse_list(call: Call) -> dict[str, Any]:
    """List the partner warehouses."""
    if call.state.scheme != "fbp":
        return {"warehouses": []}
    places = [
        {
            "id": id64(warehouse_id),
            "name": f"{city} partner warehouse",
            "partner_name": "Sandbox Logistics",
            "supply_types": [1, 2, 3],
            "timezone_name": "UTC",
            "address_detailing": {"city": city},
        }
        for warehouse_id, city in PLACES.items()
    ]
    return {"warehouses": places}

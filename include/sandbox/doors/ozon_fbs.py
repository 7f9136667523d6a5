"""Postings as the list of FBS tells them: those of partner warehouses, and those out of the merchant's own."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, id64, refused
from include.sandbox.doors.ozon_orders import head, is_newest_first, order_page, period, products_of, told
from include.sandbox.doors.ozon_warehouses import METHOD
from include.sandbox.own_sales import FLOWS, PROVIDERS, OwnView, views
from include.sandbox.seeding import PLACES
from include.sandbox.state import Order, iso

FLOW = "non_integrated"

router = OzonRouter()


@router.method("/v4/posting/fbs/list")
def fbs_list(call: Call) -> dict[str, Any]:
    """List postings; those of partner warehouses are behind integration_type_flow FBP, the rest are the own warehouse's."""
    flows = call.picked().get("integration_type_flow") or ["FBP"]
    unknown = sorted(set(flows) - {"FBP", *FLOWS})
    if unknown:
        raise refused(3, f"invalid integration_type_flow: {unknown[0]}")
    return _of_partners(call) if "FBP" in flows else _own(call, flows)


def _of_partners(call: Call) -> dict[str, Any]:
    places = {str(one) for one in call.picked().get("warehouse_ids") or []}
    page = order_page(call, "fbp", lambda order: not places or order.warehouse_id in places)
    postings = [_fbs(call, order) for order in page.items]
    return {"postings": told(call, postings), "cursor": page.cursor, "has_next": page.has_next}


def _fbs(call: Call, order: Order) -> dict[str, Any]:
    place = {"id": 1, "name": "FBP", "warehouse": PLACES.get(order.warehouse_id, order.warehouse_id)}
    return head(order) | {
        "delivery_method": place | {"warehouse_id": id64(order.warehouse_id)},
        "integration_type_flow": "FBP",
        "tpl_integration_type": "FBP",
        "products": products_of(call, order.lines),
    }


def _own(call: Call, flows: Collection[str]) -> dict[str, Any]:
    sign = -1 if is_newest_first(call) else 1
    rows = [
        ((sign * datetime.fromisoformat(view.order.placed_at).timestamp(), view.order.posting_number), view)
        for view in views(call.state)
        if FLOW in flows and _is_in(call, view)
    ]
    rows.sort(key=lambda row: row[0])
    ranks, found = [rank for rank, _ in rows], [view for _, view in rows]
    page = call.page(ranks, found, call.body.get("cursor") or "", call.size(100))
    dates = bool((call.body.get("with") or {}).get("analytics_data"))
    postings = [_own_posting(call, view, dates=dates) for view in page.items]
    return {"postings": told(call, postings), "cursor": page.cursor, "has_next": page.has_next}


def _is_in(call: Call, view: OwnView) -> bool:
    picked = call.picked()
    spans = [(period(picked, "since", "to"), view.order.placed_at)]
    if picked.get("last_changed_status_date"):
        spans.append((period(picked["last_changed_status_date"], "from", "to"), view.changed_at))
    inside = all(
        iso(since.astimezone(UTC)) <= at <= iso(until.astimezone(UTC)) for (since, until), at in spans
    )
    return inside and view.order.status in (picked.get("statuses") or [view.order.status])


def _own_posting(call: Call, view: OwnView, *, dates: bool) -> dict[str, Any]:
    kept, has_left = view.kept, view.order.status in ("delivering", "delivered")
    provider = {"tpl_provider": kept["provider"], "tpl_provider_id": 1 + PROVIDERS.index(kept["provider"])}
    place = {"warehouse": "Own shelf", "warehouse_id": id64(kept["warehouse_id"])}
    posting = head(view.order) | {
        "delivery_method": {"id": METHOD, "name": "Own courier", **place, **provider},
        "integration_type_flow": FLOW,
        "tpl_integration_type": FLOW,
        "shipment_date": kept["ship_by"],
        "delivering_date": kept["shipped_at"] if has_left else "",
        "products": products_of(call, view.order.lines),
    }
    promised = {"delivery_date_begin": kept["shipped_at"], "delivery_date_end": kept["promised_at"]}
    region = {"region": kept["region"], "city": kept["region"]}
    return posting | ({"analytics_data": promised | region | place | provider} if dates else {})


@router.method("/v4/posting/fbs/unfulfilled/list")
def fbs_unfulfilled(call: Call) -> dict[str, Any]:
    """List the postings that have not left the merchant's own warehouses; here there are none."""
    pairs = (("cutoff_from", "cutoff_to"), ("delivering_date_from", "delivering_date_to"))
    given = [pair for pair in pairs if any(name in call.picked() for name in pair)]
    if len(given) != 1:
        message = "either cutoff_from and cutoff_to or delivering_date_from and _to are required"
        raise refused(3, message)
    period(call.picked(), *given[0])
    call.size(100)
    return {"postings": [], "count": 0, "cursor": "", "has_next": False}

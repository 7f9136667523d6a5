"""What buyers send back and what they ask, as the marketplace tells it of the merchant's own warehouses."""

from datetime import UTC, datetime
from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, loose, refused
from include.sandbox.doors.ozon_orders import period
from include.sandbox.state import iso

RFBS_MOST = 100
RETURNS_MOST = 500
CHATS_MOST = 100
DATES = ("logistic_return_date", "storage_tariffication_start_date", "visual_status_change_moment")

router = OzonRouter()


@router.method("/v2/returns/rfbs/list")
def rfbs_returns(call: Call) -> dict[str, Any]:
    """List the buyers' return claims; the list goes on after the row whose return_id is given."""
    span = call.picked().get("created_at")
    found = _came(call, "rfbs", period(span, "from", "to") if span else None)
    ranks = [one["return_id"] for one in found]
    page = call.page(ranks, found, call.body.get("last_id") or "", call.size(RFBS_MOST), plain=True)
    named = {product.sku: product for product in call.state.products}
    return {
        "returns": [
            {
                "return_id": one["return_id"],
                "return_number": f"R-{one['return_id']}",
                "posting_number": one["posting_number"],
                "order_number": one["posting_number"].rsplit("-", 1)[0],
                "created_at": one["created_at"],
                "product": {
                    "sku": loose(one["sku"]),
                    "offer_id": named[one["sku"]].offer_id,
                    "name": named[one["sku"]].name,
                },
                "state": {"group_state": "New", "state": "waiting", "state_name": "Новая"},
            }
            for one in page.items
        ]
    }


@router.method("/v1/returns/list")
def returns(call: Call) -> dict[str, Any]:
    """List the returns of FBS; those of FBO this world has none of. It goes on after the id that is given."""
    spans = [call.picked()[name] for name in DATES if call.picked().get(name)]
    if len(spans) > 1:
        raise refused(3, f"only one of {', '.join(DATES)} may be given")
    is_fbs = call.picked().get("return_schema") in (None, "", "FBS")
    found = _came(call, "fbs", period(spans[0], "time_from", "time_to") if spans else None) if is_fbs else []
    ranks = [one["return_id"] for one in found]
    page = call.page(ranks, found, call.body.get("last_id") or "", call.size(RETURNS_MOST), plain=True)
    named = {product.sku: product for product in call.state.products}
    rows = [
        {
            "id": one["return_id"],
            "schema": "FBS",
            "type": "ClientReturn",
            "posting_number": one["posting_number"],
            "order_id": loose(int(one["posting_number"].split("-")[0])),
            "product": {
                "sku": loose(one["sku"]),
                "offer_id": named[one["sku"]].offer_id,
                "name": named[one["sku"]].name,
                "quantity": 1,
            },
            "logistic": {"return_date": one["created_at"]},
            "visual": {
                "status": {"id": 1, "sys_name": "MovingToSeller"},
                "change_moment": one["created_at"],
            },
        }
        for one in page.items
    ]
    return {"returns": rows, "has_next": page.has_next}


def _came(call: Call, scheme: str, span: tuple[datetime, datetime] | None) -> list[dict[str, Any]]:
    """Find the returns of a scheme that have come by now, in a span if one is given."""
    now = iso(call.state.now)
    since, until = (iso(moment.astimezone(UTC)) for moment in span) if span else ("", now)
    came = [one for one in call.state.own_returns if one["scheme"] == scheme and one["created_at"] <= now]
    return [one for one in came if since <= one["created_at"] <= until]


@router.method("/v3/chat/list")
def chats(call: Call) -> dict[str, Any]:
    """List chats; all of them are open, and some are not with buyers."""
    picked = call.picked()
    is_open = picked.get("chat_status") in (None, "", "All", "Opened")
    found = [one for one in call.state.chats if is_open and (one["unread"] or not picked.get("unread_only"))]
    ranks = [one["chat_id"] for one in found]
    page = call.page(ranks, found, call.body.get("cursor") or "", call.size(CHATS_MOST, usual=30))
    rows = [
        {
            "chat": {
                "chat_id": one["chat_id"],
                "chat_status": "OPENED",
                "chat_type": one["chat_type"],
                "created_at": one["created_at"],
            },
            "unread_count": one["unread"],
            "first_unread_message_id": loose(7_000_001),
            "last_message_id": loose(7_000_001),
        }
        for one in page.items
    ]
    unread = sum(one["unread"] for one in found)
    return {"chats": rows, "total_unread_count": unread, "cursor": page.cursor, "has_next": page.has_next}

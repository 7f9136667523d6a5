"""Removals out of the marketplace's own warehouses: two reports to read, nothing to create (FBO only)."""

from datetime import date
from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, refused
from include.sandbox.seeding import PLACES
from include.sandbox.state import SELLABLE, Return, ReturnLine

# what the cabinet shows a person, in its language; not every state is in the published list
STATES = {"accepted": "Собирается на складе", "shipped": "В пути", "closed": "Завершено"}
UNLISTED = "Излишек"
STOCK_TYPES = {SELLABLE: "Доступно к продаже"}
DEFECT = "Брак, доступный к вывозу со стока"

router = OzonRouter()


def _day(call: Call, name: str) -> str:
    try:
        return date.fromisoformat(call.body[name]).isoformat()
    except ValueError as error:
        raise refused(3, f"{name}: YYYY-MM-DD is expected") from error


def _boxes(request: Return, line: ReturnLine) -> list[tuple[str, int]]:
    """Give the boxes of a line: their state and the pieces in them."""
    if request.state == "accepted":
        return [("", line.accepted_quantity)]
    if request.state == "shipped":
        return [("В пути", line.shipped)]
    return [
        (state, qty)
        for state, qty in (("Получена", line.shipped - line.lost), ("Потеряна", line.lost))
        if qty
    ]


def _rows(call: Call, *, from_supply: bool) -> list[tuple[tuple[int, int, int], dict[str, Any]]]:
    first, last = _day(call, "date_from"), _day(call, "date_to")
    if call.state.scheme != "fbo":
        return []
    named = {str(product.sku): product for product in call.state.products}
    rows = []
    for number, request in enumerate(call.state.returns, start=1):
        if not first <= request.created_at[:10] <= last:
            continue
        for index, line in enumerate(request.lines):
            if (line.condition == "damaged_by_seller") != from_supply or line.sku not in named:
                continue
            for box, (state, qty) in enumerate(_boxes(request, line), start=1):
                box_id = 1_000_000 + 100 * number + box if state else 0
                product = named[line.sku]
                told = _row(request, line, (state, qty)) | {"box_id": box_id, "name": product.name}
                told |= {"offer_id": product.offer_id, "barcode": product.barcode}
                rows.append(((number, index, box), told))
    return rows


def _row(request: Return, line: ReturnLine, box: tuple[str, int]) -> dict[str, Any]:
    state, qty = box
    place = PLACES.get(request.warehouse_id, request.warehouse_id)
    return {
        "return_id": int(request.request_no.split("-")[1]),
        "return_created_at": request.created_at,
        "return_state": STATES[request.state],
        "sku": line.sku,  # the published example shows this id as text
        "quantity_for_return": qty,
        "quant_count": 1,
        "stock_type": STOCK_TYPES.get(line.condition, DEFECT),
        "delivery_type": "Самовывоз",
        "box_state": state,
        "clearing_warehouse_name": place,
        "destination_warehouse_name": request.destination,
    }


def _report(call: Call, *, from_supply: bool) -> dict[str, Any]:
    found = _rows(call, from_supply=from_supply)
    size = call.size(500)
    ranks = [rank for rank, _row in found]
    page = call.page(ranks, [row for _rank, row in found], call.body.get("last_id") or "", size)
    if page.items and call.faults.take("ozon", "unknown_status"):
        page.items[0]["return_state"] = UNLISTED
    return {"returns_summary_report_rows": page.items, "last_id": page.cursor}


@router.method("/v1/removal/from-stock/list")
def from_stock(call: Call) -> dict[str, Any]:
    """Report removals of stock: a row per request, box and product."""
    return _report(call, from_supply=False)


@router.method("/v1/removal/from-supply/list")
def from_supply(call: Call) -> dict[str, Any]:
    """Report removals of what was refused when a supply came in."""
    return _report(call, from_supply=True)

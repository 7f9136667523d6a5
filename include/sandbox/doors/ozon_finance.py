"""What the marketplace pays and charges, a day at a time."""

from datetime import date
from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter, loose, rank_in, refused
from include.sandbox.seeding import CURRENCY
from include.sandbox.state import Order
from include.sandbox.world import money

FIRST_DAY = date(2022, 1, 1)
PAGE_SIZE = 100
COMMISSION_PCT = 15

router = OzonRouter()


@router.method("/v1/finance/accrual/by-day")
def accruals(call: Call) -> dict[str, Any]:
    """List a day's accruals; a last_id belongs to its day, and the last page is followed by an empty one."""
    try:
        day = date.fromisoformat(call.body["date"])
    except ValueError as error:
        raise refused(3, "date: YYYY-MM-DD is expected") from error
    if day < FIRST_DAY:
        raise refused(3, f"date: accruals are told from {FIRST_DAY} on")
    told, given = day.isoformat(), call.body.get("last_id") or ""
    if given and rank_in(given)[:1] != (told,):
        raise refused(3, "last_id belongs to another date")
    found = [order for order in call.state.orders if order.left and order.placed_at[:10] == told]
    found.sort(key=lambda order: order.posting_number)
    page = call.page([(told, order.posting_number) for order in found], found, given, PAGE_SIZE)
    items = [_accrual(call, order, told) for order in page.items]
    return {"accruals": items, "last_id": page.cursor}


def _amount(kopecks: int) -> dict[str, str]:
    return {"amount": money(kopecks) if kopecks >= 0 else f"-{money(-kopecks)}", "currency": CURRENCY}


def _accrual(call: Call, order: Order, day: str) -> dict[str, Any]:
    paid = sum(line.qty * line.price_kopecks for line in order.lines)
    products = []
    for line in order.lines:
        sale = line.qty * line.price_kopecks
        commission = {
            "sale_amount": _amount(sale),
            "commission": _amount(-sale * COMMISSION_PCT // 100),
            "commission_ratio": f"0.{COMMISSION_PCT}",
            "seller_price": _amount(line.price_kopecks),
        }
        products.append({"sku": loose(line.sku), "commission": commission})
    return {
        "accrual_id": loose(int(order.posting_number.split("-")[0])),
        "accrued_category": "POSTING",
        "date": day,
        "unit_number": order.posting_number,
        "posting": {"delivery_schema": call.state.scheme.upper(), "products": products},
        "total_amount": _amount(paid - paid * COMMISSION_PCT // 100),
    }

"""The marketplace's orders, as its Seller API answers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from include.sandbox.buyers import UNHEARD_OF
from include.sandbox.doors.ozon_call import Call, OzonRouter, Page, id64, loose, refused
from include.sandbox.seeding import CURRENCY, PLACES
from include.sandbox.state import Order, OrderLine, iso
from include.sandbox.world import money

LONGEST_PERIOD = timedelta(days=366)
ALMOST_A_SECOND = timedelta(microseconds=999_999)
# the younger list numbers its statuses where it shows one posting
STATUS_NUMBERS = ("", "awaiting_packaging", "awaiting_deliver", "delivering", "delivered", "cancelled")

router = OzonRouter()


def period(picked: dict[str, Any], first: str, last: str) -> tuple[datetime, datetime]:
    """Read a period of at most a year, or refuse it."""
    try:
        since, until = (datetime.fromisoformat(picked[name]) for name in (first, last))
    except (KeyError, TypeError, ValueError) as error:
        raise refused(3, f"filter.{first} and filter.{last} are required, as UTC times") from error
    if since.tzinfo is None or until.tzinfo is None or until < since:
        raise refused(3, f"filter.{first} must not be after filter.{last}, both with a zone")
    if until - since > LONGEST_PERIOD:
        raise refused(3, "PERIOD_IS_TOO_LONG")
    return since, until


def is_newest_first(call: Call) -> bool:
    """Tell in which order the rows are wanted."""
    return call.body.get("sort_dir") in ("DESC", "desc")


def _ranks(call: Call, orders: list[Order]) -> list[tuple[float | str, str]]:
    """Rank orders that are sorted already, by time and number."""
    if not is_newest_first(call):
        return [(order.placed_at, order.posting_number) for order in orders]
    return [(-datetime.fromisoformat(order.placed_at).timestamp(), order.posting_number) for order in orders]


def _matching(call: Call, more: Callable[[Order], bool]) -> list[Order]:
    picked = call.picked()
    since, until = period(picked, "since", "to")
    # orders are dated in whole seconds, written so that texts sort as times do
    first, last = iso((since + ALMOST_A_SECOND).astimezone(UTC)), iso(until.astimezone(UTC))
    statuses, numbers = set(picked.get("statuses") or []), set(picked.get("posting_numbers") or [])
    found = [
        order
        for order in call.state.orders
        if first <= order.placed_at <= last
        and (not statuses or order.status in statuses)
        and (not numbers or order.posting_number in numbers)
        and more(order)
    ]
    found.sort(key=lambda order: order.posting_number)
    found.sort(key=lambda order: order.placed_at, reverse=is_newest_first(call))
    return found


def order_page(call: Call, scheme: str, more: Callable[[Order], bool] = lambda _order: True) -> Page:
    """Cut a page of the postings out of the warehouses of a scheme."""
    size = call.size(100)
    here = call.state.scheme == scheme
    # a page is cut from a list that is made once, as long as the world stands still
    name = [call.request.url.path, call.picked(), call.body.get("sort_dir")]
    orders = call.world.remembered(["orders", *name], lambda: _matching(call, more) if here else [])
    ranks = call.world.remembered(["order ranks", *name], lambda: _ranks(call, orders))
    return call.page(ranks, orders, call.body.get("cursor") or "", size)


def _amount(kopecks: int) -> dict[str, str]:
    return {"amount": f"{money(kopecks)}00", "currency": CURRENCY}


def products_of(call: Call, lines: list[OrderLine], price: str = "price") -> list[dict[str, Any]]:
    """Describe the pieces of a posting; `price` names the field of what one costs."""
    named = call.world.remembered(["skus"], lambda: {one.sku: one for one in call.state.products})
    return [
        {
            "sku": loose(line.sku),
            "offer_id": named[line.sku].offer_id,
            "name": named[line.sku].name,
            "quantity": line.qty,
            price: _amount(line.price_kopecks),
        }
        for line in lines
    ]


def head(order: Order) -> dict[str, Any]:
    """Describe a posting as every list does."""
    return {
        "posting_number": order.posting_number,
        "order_number": order.posting_number.rsplit("-", 1)[0],
        "order_id": loose(int(order.posting_number.split("-")[0])),
        "status": order.status,
        "in_process_at": order.placed_at,
    }


def told(call: Call, postings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rows of a page, spoiled if that is ordered."""
    if postings and call.faults.take("ozon", "unknown_status"):
        postings[0]["status"] = UNHEARD_OF
    return call.spoiled(postings, "status")


@router.method("/v1/posting/fbp/list")
def fbp_list(call: Call) -> dict[str, Any]:
    """List the same postings the younger way; there is no has_next, the end is an empty page."""
    page = order_page(call, "fbp")
    postings = [
        head(order)
        | {"order_date": order.placed_at, "provider_id": 1, "products": products_of(call, order.lines)}
        for order in page.items
    ]
    return {"postings": told(call, postings), "cursor": page.cursor}


@router.method("/v1/posting/fbp/get")
def fbp_get(call: Call) -> dict[str, Any]:
    """Show one posting; its status is a number here."""
    number = call.body["posting_number"]
    here = call.state.orders if call.state.scheme == "fbp" else []
    order = next((one for one in here if one.posting_number == number), None)
    if order is None:
        raise refused(5, f"posting {number[:40]} is not found")
    known = order.status in STATUS_NUMBERS
    posting = head(order) | {
        "order_date": order.placed_at,
        "status": STATUS_NUMBERS.index(order.status) if known else 99,
        "analytics_data": {"warehouse_id": id64(order.warehouse_id)},
        "products": products_of(call, order.lines, "marketplace_seller_price"),
        "tpl_provider_id": 1,
    }
    return {"posting": posting}


@router.method("/v3/posting/fbo/list")
def fbo_list(call: Call) -> dict[str, Any]:
    """List the postings out of the marketplace's own warehouses."""
    page = order_page(call, "fbo")
    extra = (call.body.get("with") or {}).get("analytics_data")
    postings = []
    for order in page.items:
        place = {"warehouse_id": id64(order.warehouse_id)}
        place["warehouse_name"] = PLACES.get(order.warehouse_id, order.warehouse_id)
        posting = head(order) | {"created_at": order.placed_at}
        posting["products"] = products_of(call, order.lines)
        postings.append(posting | ({"analytics_data": place} if extra else {}))
    return {"postings": told(call, postings), "cursor": page.cursor, "has_next": page.has_next}

"""
One posting of Ozon as rows of frames.ORDERS.

Sources: /v4/posting/fbs/list, /v1/posting/fbp/list and /v3/posting/fbo/list (documented April to
September 2026).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from include.winddown.adapters.marketplaces.ozon_lists import Listing
from include.winddown.adapters.marketplaces.ozon_plain import plain_rows
from include.winddown.adapters.rows import Cell
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.amounts import minor_of

FBS = Listing(path="/v4/posting/fbs/list", rows=("postings",), limit=100, style="cursor", says_next=True)
FBP = Listing(path="/v1/posting/fbp/list", rows=("postings",), limit=100, style="cursor")
FBO = Listing(path="/v3/posting/fbo/list", rows=("postings",), limit=100, style="cursor", says_next=True)

NO_WAREHOUSE = "unknown"
"""The younger list does not say from which warehouse a posting leaves."""


_PLACES: dict[str, Callable[[Any], object]] = {
    FBS.path: lambda item: item["delivery_method"]["warehouse_id"],
    FBP.path: lambda _item: NO_WAREHOUSE,
    FBO.path: lambda item: item["analytics_data"]["warehouse_id"],
}


@dataclass(slots=True)
class Posting:
    """A posting and its rows of frames.ORDERS."""

    number: str
    status: str
    ordered_at: datetime
    rows: list[tuple[Cell, ...]]

    def restate(self, status: str) -> None:
        """Give the posting another status."""
        self.status = status
        self.rows = [(*row[:2], status, *row[3:]) for row in self.rows]


def read_postings(items: Part, listing: Listing) -> list[Posting]:
    """
    Read the postings of a page of one of the three lists.

    Raises:
        ContractBroken: a field is missing or not what it should be, or there is no product.
    """
    try:
        pages = plain_rows(cast("list[Any]", items.value), _PLACES[listing.path])
    except (TypeError, ValueError, LookupError, AttributeError):
        return [_odd_posting(item, listing) for item in items]
    return [_plain_posting(rows) for rows in pages]


def _plain_posting(rows: list[tuple[Any, ...]]) -> Posting:
    number, _, status, ordered_at, *_ = rows[0]
    return Posting(number, status, ordered_at, rows)


def _odd_posting(found: Part, listing: Listing) -> Posting:
    """Read a posting field by field; says where it is not what its owner documents."""
    warehouse_id = _warehouse(found, listing)
    head = (found["posting_number"].name(), found["status"].text(), found["in_process_at"].moment())
    rows = [
        (head[0], line_no, *head[1:], warehouse_id, *_product(product))
        for line_no, product in enumerate(found["products"], start=1)
    ]
    if not rows:
        found["products"].fail("at least one product")
    return Posting(*head, rows)


def _warehouse(found: Part, listing: Listing) -> str:
    if listing is FBS:
        return found["delivery_method"]["warehouse_id"].name()
    if listing is FBO:
        return found["analytics_data"]["warehouse_id"].name()
    return NO_WAREHOUSE


def _product(product: Part) -> tuple[Cell, ...]:
    amount, currency = _price(product)
    price_minor = minor_of(amount.amount())
    if not isinstance(price_minor, int):
        amount.fail("an amount of money with at most two decimals")
    return (
        product["sku"].name(),
        product["offer_id"].name(),
        product["quantity"].whole(low=1),
        price_minor,
        currency.text(),
    )


def _price(product: Part) -> tuple[Part, Part]:
    """Find amount and currency: younger methods keep both in one object."""
    price = product["price"]
    if isinstance(price.value, dict):
        return price["amount"], price["currency"]
    return price, product["currency_code"]

"""
One posting of Ozon as rows of frames.ORDERS.

Sources: /v4/posting/fbs/list, /v1/posting/fbp/list and /v3/posting/fbo/list (documented April to
September 2026).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from include.winddown.adapters.marketplaces.ozon_lists import Listing
from include.winddown.adapters.rows import Cell
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.amounts import minor_of
from include.winddown.domain.frames import QTY_MAX

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


@dataclass(slots=True, kw_only=True)
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
        return [_plain_posting(item, listing) for item in cast("list[Any]", items.value)]
    except (TypeError, ValueError, LookupError, AttributeError):
        return [_odd_posting(item, listing) for item in items]


def _plain_posting(item: Any, listing: Listing) -> Posting:
    """Read a posting in which everything is as usual; any error means to look closer."""
    number, status = item["posting_number"], item["status"]
    if type(status) is not str or type(number) is not str or not number.isprintable():
        raise ValueError
    if not number or number != number.strip():
        raise ValueError
    warehouse_id = _plain_name(_PLACES[listing.path](item))
    ordered_at = datetime.fromisoformat(item["in_process_at"])
    rows: list[tuple[Cell, ...]] = [
        (number, line_no, status, ordered_at, warehouse_id, *_plain_product(product))
        for line_no, product in enumerate(item["products"], start=1)
    ]
    if not rows or ordered_at.tzinfo is not UTC:
        raise ValueError
    return Posting(number=number, status=status, ordered_at=ordered_at, rows=rows)


def _plain_product(product: Any) -> tuple[Cell, ...]:
    price, qty = product["price"], product["quantity"]
    currency = price["currency"]
    if type(qty) is not int or not 1 <= qty <= QTY_MAX or type(currency) is not str:
        raise ValueError
    return (
        _plain_name(product["sku"]),
        _plain_name(product["offer_id"]),
        qty,
        _plain_price(price["amount"]),
        currency,
    )


@lru_cache(maxsize=262_144, typed=True)
def _plain_name(value: object) -> str:
    """Read an identifier; the same ones come again and again."""
    if type(value) is int:
        return str(value)
    if type(value) is str and value and value.isprintable() and value == value.strip():
        return value
    raise ValueError


@lru_cache(maxsize=65_536, typed=True)
def _plain_price(amount: str) -> int:
    price_minor = minor_of(amount)
    if isinstance(price_minor, int):
        return price_minor
    raise ValueError


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
    return Posting(number=head[0], status=head[1], ordered_at=head[2], rows=rows)


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

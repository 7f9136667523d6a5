"""
One posting of Ozon as rows of frames.ORDERS.

Sources: /v4/posting/fbs/list, /v1/posting/fbp/list and /v3/posting/fbo/list (documented April to
September 2026).
"""

from dataclasses import dataclass
from datetime import datetime

from include.winddown.adapters.marketplaces.ozon_lists import Listing
from include.winddown.adapters.rows import Cell
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.amounts import minor_of

FBS = Listing(path="/v4/posting/fbs/list", rows=("postings",), limit=100, style="cursor", says_next=True)
FBP = Listing(path="/v1/posting/fbp/list", rows=("postings",), limit=100, style="cursor")
FBO = Listing(path="/v3/posting/fbo/list", rows=("postings",), limit=100, style="cursor", says_next=True)

NO_WAREHOUSE = "unknown"
"""The younger list does not say from which warehouse a posting leaves."""


@dataclass(slots=True, kw_only=True)
class Posting:
    """A posting with its lines: (line_no, warehouse_id, sku, offer_id, qty, price_minor, currency)."""

    number: str
    status: str
    ordered_at: datetime
    lines: list[tuple[Cell, ...]]

    def rows(self) -> list[tuple[Cell, ...]]:
        """Give rows of frames.ORDERS."""
        head = (self.number, self.status, self.ordered_at)
        return [(head[0], line[0], *head[1:], *line[1:]) for line in self.lines]


def read_posting(found: Part, listing: Listing) -> Posting:
    """
    Read a posting of one of the three lists.

    Raises:
        ContractBroken: a field is missing or not what it should be, or there is no product.
    """
    warehouse_id = _warehouse(found, listing)
    lines = [_line(no, warehouse_id, product) for no, product in enumerate(found["products"], start=1)]
    if not lines:
        found["products"].fail("at least one product")
    return Posting(
        number=found["posting_number"].name(),
        status=found["status"].text(),
        ordered_at=found["in_process_at"].moment(),
        lines=lines,
    )


def _warehouse(found: Part, listing: Listing) -> str:
    if listing is FBS:
        return found["delivery_method"]["warehouse_id"].name()
    if listing is FBO:
        return found["analytics_data"]["warehouse_id"].name()
    return NO_WAREHOUSE


def _line(line_no: int, warehouse_id: str, product: Part) -> tuple[Cell, ...]:
    amount, currency = _price(product)
    price_minor = minor_of(amount.amount())
    if not isinstance(price_minor, int):
        amount.fail("an amount of money with at most two decimals")
    return (
        line_no,
        warehouse_id,
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

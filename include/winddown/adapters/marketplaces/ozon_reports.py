"""
What else Ozon tells: promotions, own warehouses, removals under FBO, accruals.

Sources: GET /v1/actions, POST /v2/actions/{candidates,products}, /v2/warehouse/list,
/v2/delivery-method/list, /v1/removal/from-{stock,supply}/list, /v1/finance/accrual/by-day (documented
April to October 2026). Objects are given as they come: fields nobody knows are kept, ids are
text, and states of removals stay the Russian words that Ozon shows to people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from include.winddown.adapters.http import Line
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.strict_json import Part

CANDIDATES = Listing(path="/v2/actions/candidates", rows=("products",), limit=1000, style="last_id")
PARTICIPANTS = Listing(path="/v2/actions/products", rows=("products",), limit=1000, style="last_id")
WAREHOUSES = Listing(
    path="/v2/warehouse/list", rows=("warehouses",), limit=200, style="cursor", says_next=True
)
DELIVERY_METHODS = Listing(
    path="/v2/delivery-method/list", rows=("delivery_methods",), limit=100, style="cursor", says_next=True
)
REMOVALS = tuple(
    Listing(path=path, rows=("returns_summary_report_rows",), limit=500, style="last_id")
    for path in ("/v1/removal/from-stock/list", "/v1/removal/from-supply/list")
)
ACCRUALS_PATH = "/v1/finance/accrual/by-day"
ACCRUALS = Listing(path=ACCRUALS_PATH, rows=("accruals",), limit=0, style="last_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """
    One item of one box of a removal under FBO; grain (return_id, box_id, sku).

    Attributes:
        return_state, box_state: Ozon's words, lower-case and without blanks around; an empty
            box_state is a box that is not packed yet. Decide by the box.
        requested_qty: pieces asked for; Ozon never tells how many arrived.
        told: the whole row.
    """

    return_id: str
    box_id: str
    sku: str
    return_state: str
    box_state: str
    requested_qty: int
    told: dict[str, object]


def promotions(line: Line) -> list[Part]:
    """List Ozon's promotions: id, title, action_type, date_start, date_end, freeze_date, is_voucher_action."""
    reply, _ = line.json("GET", "/v1/actions")
    return list(reply["result"])


def promotion_products(line: Line, action_id: str, listing: Listing = PARTICIPANTS) -> Iterator[Part]:
    """List the products of a promotion, or with CANDIDATES those that could take part."""
    return _rows(line, listing, {"action_id": int(action_id)})


def own_warehouses(line: Line) -> Iterator[Part]:
    """List the merchant's own warehouses (FBS, rFBS): warehouse_id, name, status, is_rfbs."""
    return _rows(line, WAREHOUSES, {})


def delivery_methods(line: Line) -> Iterator[Part]:
    """List the delivery methods of rFBS; neither fee nor coverage is told."""
    return _rows(line, DELIVERY_METHODS, {"filter": {}})


def removals(line: Line, since: date, until: date) -> Iterator[Removal]:
    """
    List removals under FBO that were created in a period, from stock and from supplies.

    Args:
        line: an open line.
        since: first day.
        until: last day; a removal is listed by the day it was created, so ask again until every box is closed.

    Raises:
        ListIncomplete, PeerDown, MarketplaceRefused, ContractBroken: the list must not be used.
    """
    period = {"date_from": since.isoformat(), "date_to": until.isoformat()}
    for listing in REMOVALS:
        for row in _rows(line, listing, period):
            yield _removal(row)


def accruals(line: Line, day: date) -> Iterator[Part]:
    """List what was paid and charged on a day; a position in it lives for 15 minutes."""
    return _rows(line, ACCRUALS, {"date": day.isoformat()})


def _removal(row: Part) -> Removal:
    return Removal(
        return_id=row["return_id"].name(),
        box_id=row["box_id"].name(),
        sku=row["sku"].name(),
        return_state=row["return_state"].text().strip().lower(),
        box_state=row["box_state"].text().strip().lower(),
        requested_qty=row["quantity_for_return"].whole(),
        told=row.fields(),
    )


def _rows(line: Line, listing: Listing, body: Mapping[str, object]) -> Iterator[Part]:
    for page in read_list(line, listing, body):
        yield from page.items

"""
Own warehouses at Ozon: list them, read and tell their stock.

Sources: POST /v2/warehouse/list, /v2/delivery-method/list, /v2/product/info/stocks-by-warehouse/fbs and
/v2/products/stocks (documented April to October 2026): 100 products a call, 80 calls a minute, a
product in a warehouse once in 30 s, less than a million pieces. A write answers 200 even when an item
is refused, so every item's own answer is given back. Nothing is sent twice.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from include.winddown.adapters.http import Line, Peer, PeerDown, Written
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.marketplaces.ozon_reports import delivery_methods, own_warehouses
from include.winddown.adapters.marketplaces.ozon_writes import OWN_STOCK, answers_of
from include.winddown.adapters.marketplaces.shelf_port import StockRead
from include.winddown.adapters.pages import ListIncomplete
from include.winddown.adapters.ports import ItemAnswer, ItemsReply
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.cabinet import Place, Way
from include.winddown.domain.effects import Manner, Outcome, classify
from include.winddown.domain.errors import ContractBroken
from include.winddown.domain.publish import Item, Stands

BY_WAREHOUSE = Listing(
    path="/v2/product/info/stocks-by-warehouse/fbs",
    rows=("products",),
    limit=1000,
    style="cursor",
    says_next=True,
)
SKUS_MOST = 1000
HORIZON_S = 300.0
"""After so long a stock that was told shows, or never will; see ozon_prices."""


@dataclass(frozen=True, slots=True)
class OzonShelves:
    """The ShelfDesk port on an open line, whose key may tell stock."""

    line: Line
    client_id: str
    horizon_s: float = HORIZON_S

    @property
    def manner(self) -> Manner:
        """Of a stock the look-up shows the value itself, so no reference is needed."""
        return Manner(account=f"{self.line.peer.address}/{self.client_id}", horizon_s=self.horizon_s)

    def places(self) -> list[Place]:
        """List the own warehouses."""
        return [
            Place(
                warehouse_id=one["warehouse_id"].name(),
                name=one["name"].text(),
                status=one["status"].text(),
                is_rfbs=one["is_rfbs"].flag(),
                working_days=tuple(sorted(day.text() for day in one["working_days"])),
            )
            for one in own_warehouses(self.line)
        ]

    def ways(self) -> list[Way]:
        """List the delivery methods."""
        return [
            Way(
                name=one["name"].text(),
                warehouse_id=one["warehouse_id"].name(),
                status=one["status"].text(),
                cut_off=one["cutoff"].text(),
                integration=one["tpl_integration_type"].text(),
            )
            for one in delivery_methods(self.line)
        ]

    def stands(self, skus: Sequence[str], warehouse_id: str) -> StockRead:
        """
        Read what stands in one own warehouse.

        Raises:
            MarketplaceRefused: the key is refused.
            ContractBroken: a row is not readable.
        """
        found: dict[str, Stands] = {}
        try:
            for first in range(0, len(skus), SKUS_MOST):
                asked = {"sku": [int(sku) for sku in skus[first : first + SKUS_MOST]]}
                for page in read_list(self.line, BY_WAREHOUSE, asked):
                    for one in page.items:
                        if one["warehouse_id"].name() == warehouse_id:
                            found[one["sku"].name()] = _stands(one)
        except (PeerDown, ListIncomplete) as error:
            return StockRead(complete=False, stands=found, detail=str(error))
        return StockRead(complete=True, stands=found, detail="")

    def tell(self, items: Sequence[Item], warehouse_id: str) -> ItemsReply:
        """Tell free pieces once, as many products as a call takes at most; Ozon keeps no reference of ours."""
        body = {
            "stocks": [
                {"offer_id": one.offer_id, "warehouse_id": int(warehouse_id), "stock": one.target_qty}
                for one in items
            ]
        }
        written = self.line.write(OWN_STOCK, body)
        answers = _answers(written, [one.offer_id for one in items])
        readable = answers is not None or _is_error(written)
        outcome = classify(written.status, sent=written.sent, readable=readable)
        if outcome is Outcome.OK and answers is None:
            outcome = Outcome.UNKNOWN
        given = tuple(answers or ()) if outcome is Outcome.OK else ()
        return ItemsReply(outcome=outcome, detail=written.detail, answers=given)


@contextmanager
def open_shelves(peer: Peer, client_id: str, horizon_s: float = HORIZON_S) -> Iterator[OzonShelves]:
    """Open a line for several calls."""
    with peer.line() as line:
        yield OzonShelves(line, client_id, horizon_s)


def _stands(one: Part) -> Stands:
    reserved_qty = one["reserved"].whole()
    return Stands(free_qty=one["present"].whole() - reserved_qty, reserved_qty=reserved_qty)


def _answers(written: Written, asked: Sequence[str]) -> list[ItemAnswer] | None:
    """Read the answers of a success; None when they are not about what was asked."""
    if written.body is None or written.status not in (200, 201):
        return None
    try:
        result = written.body["result"]
        if [item["offer_id"].name() for item in result] != list(asked):
            return None
        return list(answers_of(result, asked))
    except ContractBroken:
        return None


def _is_error(written: Written) -> bool:
    """Tell whether a reply that is no success says in Ozon's own words that the call is refused."""
    if written.body is None or written.status in (200, 201):
        return False
    told = written.body.value
    return isinstance(told, dict) and {"code", "message"} <= told.keys()

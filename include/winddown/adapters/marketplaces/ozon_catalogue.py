"""
The catalogue from Ozon, joined with the merchant's own cost sheet.

Sources: POST /v3/product/list (ALL leaves the archived products out, so ARCHIVED is a second
pass), /v3/product/info/list, /v4/product/info/attributes (documented in September 2026).
"""

import logging
from collections.abc import Iterator, Mapping

import pyarrow as pa

from include.winddown.adapters.http import Line, Peer
from include.winddown.adapters.marketplaces.costs import Cost
from include.winddown.adapters.marketplaces.ozon_flaws import Flaw, keep_out, refuse_too_many_bad
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.marketplaces.ozon_products import catalogue_row
from include.winddown.adapters.pages import Page
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.rows import Rows
from include.winddown.adapters.strict_json import Part
from include.winddown.adapters.tally import Tally
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import CATALOGUE

log = logging.getLogger(__name__)

LIST = Listing(path="/v3/product/list", rows=("result", "items"), limit=1000, style="last_id")
INFO = "/v3/product/info/list"
ATTRIBUTES = Listing(path="/v4/product/info/attributes", rows=("result",), limit=1000, style="last_id")
SOURCE = f"ozon {LIST.path}"


class CatalogueReader:
    """
    One pass over the catalogue.

    Args:
        peer: the marketplace.
        costs: by SKU.
        policy: how many bad rows are borne.
        pull: its sources and bad rows are filled in.
    """

    def __init__(self, peer: Peer, costs: Mapping[str, Cost], policy: Policy, pull: Pull) -> None:
        self.peer = peer
        self.costs = costs
        self.policy = policy
        self.pull = pull
        self.tally = Tally(SOURCE, pull.keep_raw)
        self.seen: set[str] = set()
        self.without_sku = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """
        Read every product, archived ones too; one batch a page.

        Raises:
            PeerDown, MarketplaceRefused, ContractBroken: the read must not be used.
            FileRefused: too many products lack a price, a size or a cost.
        """
        rows = Rows(CATALOGUE)
        with self.peer.line() as line:
            for visibility in ("ALL", "ARCHIVED"):
                for page in read_list(line, LIST, {"filter": {"visibility": visibility}}):
                    self._read_products(line, visibility, page, rows)
                    if len(rows):
                        yield rows.batch()
        refuse_too_many_bad(self.pull, self.tally, self.policy)
        if self.without_sku:
            log.info("%s: %d products were never on sale (no SKU) and are left out", SOURCE, self.without_sku)
        self.pull.sources.append(self.tally.source())

    def _read_products(self, line: Line, visibility: str, page: Page, rows: Rows) -> None:
        """Describe the products of one page and sort the good from the bad."""
        self.tally.take(page.body)
        listed = {item["product_id"].name(): item for item in page.items}
        new = [number for number in listed if number not in self.seen]
        self.seen.update(new)
        on_sale = [number for number in new if listed[number]["sku"].name() != "0"]
        self.without_sku += len(new) - len(on_sale)
        if not on_sale:
            return
        infos = self._infos(line, on_sale)
        sizes = self._sizes(line, on_sale, visibility)
        for number in on_sale:
            sku = listed[number]["sku"].name()
            found = catalogue_row(sku, infos.get(number), sizes.get(number), self.costs.get(sku))
            if isinstance(found, Flaw):
                keep_out(self.pull, self.tally, sku, found)
            else:
                rows.add(found)
                self.tally.ok()

    def _infos(self, line: Line, numbers: list[str]) -> dict[str, Part]:
        reply, raw = line.post(INFO, {"product_id": numbers}, repeatable=True)
        self.tally.take(raw)
        return {item["id"].name(): item for item in reply["items"]}

    def _sizes(self, line: Line, numbers: list[str], visibility: str) -> dict[str, Part]:
        sizes: dict[str, Part] = {}
        wanted = {"product_id": numbers, "visibility": visibility}
        for page in read_list(line, ATTRIBUTES, {"filter": wanted}):
            self.tally.take(page.body)
            sizes |= {item["id"].name(): item for item in page.items}
        return sizes

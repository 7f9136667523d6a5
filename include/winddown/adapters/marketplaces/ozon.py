"""
Ozon, through its Seller API, for goods in partner warehouses (FBP) or its own (FBO).

The API gives catalogue, orders, totals, inbound supplies and fees. It has no stock per partner warehouse
and no damaged or lost units there, so FBP stock is the partner's own report; nor does it know
costs, so these are the merchant's own sheet.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.files.layouts import Feed, Layout
from include.winddown.adapters.files.reader import read_table
from include.winddown.adapters.http import DEFAULT_LIMITS, UNPACED, Peer
from include.winddown.adapters.marketplaces.costs import read_costs
from include.winddown.adapters.marketplaces.ozon_catalogue import CatalogueReader
from include.winddown.adapters.marketplaces.ozon_codes import in_partner_codes
from include.winddown.adapters.marketplaces.ozon_fees import read_fees
from include.winddown.adapters.marketplaces.ozon_key import check_key
from include.winddown.adapters.marketplaces.ozon_orders import read_orders
from include.winddown.adapters.marketplaces.ozon_stocks import find_scheme, read_fbo_stock, read_totals
from include.winddown.adapters.marketplaces.ozon_supplies import read_supplies
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.turns import Pace
from include.winddown.domain.errors import MarketplaceRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import CATALOGUE, CONDITIONS, ORDERS, STOCK, SUPPLIES, TOTALS
from include.winddown.domain.side_frames import FEES

STOCK_REPORT = Layout(
    name="partner stock report",
    feeds={
        "warehouse_id": Feed(source="warehouse_id"),
        "sku": Feed(source="sku"),
        "offer_id": Feed(source="offer_id"),
        # 1 sellable, 2 damaged by the seller, 3 by the warehouse, 4 lost
        "condition": Feed(
            source="stock_status", values={str(n): name for n, name in enumerate(CONDITIONS, start=1)}
        ),
        "on_hand_qty": Feed(source="quantity"),
        "reserved_qty": Feed(source="reserved"),
        "counted_at": Feed(source="snapshot_at"),
    },
)


@dataclass(frozen=True, kw_only=True)
class Ozon:
    """
    The marketplace Ozon.

    Attributes:
        client_id, api_key: of the merchant's cabinet; never shown.
        address: scheme, host and port.
        costs: the cost sheet, see read_costs.
        stock_report: fetches the partner's stock report, CSV with warehouse_id, offer_id, sku,
            stock_status, quantity, reserved, snapshot_at.
        policy: how many bad rows are borne.
        now: aware.
        limits: how long and how much.
        pace: how often; shared by the tasks of a host.
        warehouses: Ozon's warehouse id → the partner's code for it; empty = ids stay as they are.
    """

    client_id: str = field(repr=False)
    api_key: str = field(repr=False)
    address: str
    costs: bytes = field(repr=False)
    stock_report: Callable[[], bytes]
    policy: Policy
    now: datetime
    limits: Limits = DEFAULT_LIMITS
    pace: Pace = UNPACED
    warehouses: Mapping[str, str] = field(default_factory=dict)

    @property
    def peer(self) -> Peer:
        """Who is spoken with."""
        return Peer(
            who="the marketplace",
            address=self.address,
            headers={"Client-Id": self.client_id, "Api-Key": self.api_key},
            refusal=MarketplaceRefused,
            fix=(
                "check that Client-Id and Api-Key in the connection are valid, not expired and of the right"
                " role, that the key allows this address, that the cabinet's offer is signed, and that the method is not retired"
            ),
            limits=self.limits,
            pace=self.pace,
        )

    def check_access(self) -> str:
        """Prove that the key reads what is needed, changes nothing and lives long enough; see check_key."""
        return check_key(self.peer, self.now)

    def stock(self) -> Pull:
        """
        Pull frames.STOCK: the partner's report, or Ozon's own count when the goods are in its warehouses.

        Raises:
            PeerDown, BadConnection: the report is not to be had.
        """
        scheme, skus = find_scheme(self.peer)
        if scheme == "fbo":
            pull = Pull(frame=STOCK, batches=())
            pull.batches = read_fbo_stock(self.peer, list(skus), self.now, pull)
            return in_partner_codes(pull, self.warehouses)
        return read_table(self.stock_report(), "stock-report.csv", STOCK, STOCK_REPORT, self.policy, self.now)

    def orders(self) -> Pull:
        """Pull frames.ORDERS: a year back, and whatever is dated later than our clock."""
        pull = Pull(frame=ORDERS, batches=())
        pull.batches = read_orders(self.peer, self.now, pull)
        return in_partner_codes(pull, self.warehouses)

    def catalogue(self) -> Pull:
        """Pull frames.CATALOGUE; a product without price, size or cost goes to quarantine."""
        pull = Pull(frame=CATALOGUE, batches=())
        pull.batches = self._catalogue(pull)
        return pull

    def totals(self) -> Pull | None:
        """Pull frames.TOTALS: what Ozon counts of the scheme the goods are in."""
        pull = Pull(frame=TOTALS, batches=())
        pull.batches = read_totals(self.peer, pull)
        return pull

    def supplies(self) -> Pull | None:
        """Pull frames.SUPPLIES: inbound supplies, drafts and what is over too."""
        pull = Pull(frame=SUPPLIES, batches=())
        pull.batches = read_supplies(self.peer, pull)
        return in_partner_codes(pull, self.warehouses)

    def fees(self) -> Pull | None:
        """Pull FEES: prices, and what Ozon asks for a sale in the scheme the goods are in."""
        pull = Pull(frame=FEES, batches=())
        pull.batches = read_fees(self.peer, self.policy, pull)
        return pull

    def _catalogue(self, pull: Pull) -> Iterator[pa.RecordBatch]:
        costs = read_costs(self.costs, self.policy, self.now, pull)
        yield from CatalogueReader(self.peer, costs, self.policy, pull).batches()

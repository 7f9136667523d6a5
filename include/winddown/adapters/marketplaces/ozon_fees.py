"""
What Ozon asks for a sale: POST /v5/product/info/prices (documented September 2026).

The list names products by offer_id; which SKU an offer has in which scheme, the totals tell. Of
goods at partners (FBP) only the commission is documented, of goods in Ozon's own warehouses (FBO)
haulage and the last mile too. `volume_weight` has no documented unit: sizes are in the catalogue.
"""

from collections import defaultdict
from collections.abc import Iterator

import pyarrow as pa

from include.winddown.adapters.http import Peer
from include.winddown.adapters.marketplaces.ozon_flaws import Flaw, in_range, keep_out, refuse_too_many_bad
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.marketplaces.ozon_stocks import find_scheme
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.rows import Cell, Rows
from include.winddown.adapters.strict_json import Part
from include.winddown.adapters.tally import Tally
from include.winddown.domain.amounts import hundredths_of, minor_of
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import shorten
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import CURRENCIES
from include.winddown.domain.ids import Complaint
from include.winddown.domain.side_frames import FEES

PRICES = Listing(path="/v5/product/info/prices", rows=("items",), limit=1000, style="cursor")
COMMISSIONS = {
    "fbp": {"commission_bp": "sales_percent_fbp"},
    "fbo": {
        "commission_bp": "sales_percent_fbo",
        "delivery_minor": "fbo_deliv_to_customer_amount",
        "haul_min_minor": "fbo_direct_flow_trans_min_amount",
        "haul_max_minor": "fbo_direct_flow_trans_max_amount",
    },
}
"""Scheme → our column → Ozon's field."""

FEE_COLUMNS = ("commission_bp", "delivery_minor", "haul_min_minor", "haul_max_minor", "acquiring_minor")
NAMED_MOST = 3


def read_fees(peer: Peer, policy: Policy, pull: Pull) -> Iterator[pa.RecordBatch]:
    """
    Read the prices of the SKUs that the found scheme keeps, archived ones too; one batch a page.

    Args:
        peer: the marketplace.
        policy: how many bad rows are borne.
        pull: its sources, bad rows and notes are filled in.

    Yields:
        FEES.

    Raises:
        PeerDown, MarketplaceRefused, ContractBroken: the read must not be used.
        FileRefused: too many products have no usable price.
    """
    # made when the first batch is asked for: only then is it known who keeps the raw pages
    yield from _Reader(peer, policy, pull).batches()


class _Reader:
    """One pass over the prices."""

    def __init__(self, peer: Peer, policy: Policy, pull: Pull) -> None:
        self.peer = peer
        self.policy = policy
        self.pull = pull
        self.tally = Tally(f"ozon {PRICES.path}", pull.keep_raw)
        self.rounded: list[str] = []
        self.free: list[str] = []

    def batches(self) -> Iterator[pa.RecordBatch]:
        scheme, offers = find_scheme(self.peer)
        awaited: dict[str, list[str]] = defaultdict(list)
        for sku, offer_id in offers.items():
            awaited[offer_id].append(sku)
        rows = Rows(FEES)
        with self.peer.line() as line:
            for visibility in ("ALL", "ARCHIVED"):
                for page in read_list(line, PRICES, {"filter": {"visibility": visibility}}):
                    self.tally.take(page.body)
                    for item in page.items:
                        for sku in awaited.pop(item["offer_id"].name(), ()):
                            self._read(sku, scheme, item, rows)
                    yield rows.batch()
        refuse_too_many_bad(self.pull, self.tally, self.policy)
        self._note(scheme, [sku for skus in awaited.values() for sku in skus])
        self.pull.sources.append(self.tally.source())

    def _read(self, sku: str, scheme: str, item: Part, rows: Rows) -> None:
        prices, fees = _prices(item), self._fees(sku, scheme, item)
        if isinstance(prices, Flaw) or isinstance(fees, Flaw):
            flaw = next(found for found in (prices, fees) if isinstance(found, Flaw))
            keep_out(self.pull, self.tally, sku, flaw)
            return
        if fees["commission_bp"] == 0:
            self.free.append(sku)
        rows.add((sku, item["offer_id"].name(), scheme, *prices, *(fees[name] for name in FEE_COLUMNS)))
        self.tally.ok()

    def _fees(self, sku: str, scheme: str, item: Part) -> dict[str, int | None] | Flaw:
        commissions = _told(item, "commissions")
        fields = COMMISSIONS.get(scheme, {})
        told = {name: commissions and _told(commissions, field) for name, field in fields.items()}
        told["acquiring_minor"] = _told(item, "acquiring")
        fees: dict[str, int | None] = dict.fromkeys(FEE_COLUMNS)
        for name, part in told.items():
            if part is None:
                continue
            found = hundredths_of(part.amount())
            number, is_rounded = (found, False) if isinstance(found, Complaint) else found
            checked = in_range(FEES.column(name), number)
            if isinstance(checked, Complaint):
                return Flaw(column=name, value=part.amount(), complaint=checked)
            fees[name] = checked
            if is_rounded:
                self.rounded.append(f"{sku} ({name} {part.amount()})")
        return fees

    def _note(self, scheme: str, missing: list[str]) -> None:
        """Say what people should know of the read; none of it stops anything."""
        said = {
            "fees are told to more than two decimals and were rounded up": self.rounded,
            f"products have a commission of 0 under {scheme}; look at the tariff before it is relied on": self.free,
            "products of the totals have no price in the list of prices": missing,
        }
        self.pull.notes.extend(
            f"{len(named)} {what}: {shorten(named, NAMED_MOST)}" for what, named in said.items() if named
        )


def _prices(item: Part) -> tuple[Cell, ...] | Flaw:
    """Read price, floor and currency, exactly: here nothing is rounded."""
    told = item["price"]
    amount = told["price"].amount()
    price = in_range(FEES.column("price_minor"), minor_of(amount))
    if isinstance(price, Complaint):
        return Flaw(column="price_minor", value=amount, complaint=price)
    least = _told(told, "min_price")
    floor = minor_of(least.amount() or "0") if least else 0
    if isinstance(floor, Complaint):
        return Flaw(column="min_price_minor", value=least.amount() if least else "", complaint=floor)
    currency = told["currency_code"].text()
    if currency not in CURRENCIES:
        complaint = Complaint(Code.R_CODE, f"not one of {', '.join(CURRENCIES)}; see the cabinet's currency")
        return Flaw(column="currency", value=currency, complaint=complaint)
    return price, floor or None, currency


def _told(part: Part, name: str) -> Part | None:
    """Give a field, or None when it is left out or null: missing never reads as zero."""
    return part[name] if part.fields().get(name) is not None else None

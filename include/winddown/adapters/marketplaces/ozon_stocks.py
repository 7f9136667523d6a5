"""
Stock as Ozon counts it.

Sources: POST /v4/product/info/stocks (totals of every scheme), /v1/product/info/stocks-by-warehouse/fbo
and /v1/analytics/stocks (documented April to October 2026). `present` includes `reserved`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

import pyarrow as pa

from include.winddown.adapters.http import Line, Peer
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.rows import Rows
from include.winddown.adapters.strict_json import Part
from include.winddown.adapters.tally import Tally
from include.winddown.domain.frames import SCHEMES, STOCK, TOTALS

TOTALS_LIST = Listing(path="/v4/product/info/stocks", rows=("items",), limit=1000, style="cursor")
BY_WAREHOUSE = Listing(
    path="/v1/product/info/stocks-by-warehouse/fbo",
    rows=("products",),
    limit=1000,
    style="cursor",
    says_next=True,
)
ANALYTICS = "/v1/analytics/stocks"
ANALYTICS_MOST = 100
KEPT_BY_OTHERS = ("fbp", "fbo")
"""Schemes in which somebody else keeps the goods; the others are the merchant's own warehouses."""

Totals = dict[str, dict[str, tuple[str, int, int]]]
"""SKU → scheme → (offer_id, present, reserved)."""


def read_totals(peer: Peer, pull: Pull) -> Iterator[pa.RecordBatch]:
    """
    Read the totals of the scheme the goods are in; found from the data, not assumed.

    Args:
        peer: the marketplace.
        pull: its sources and notes are filled in.

    Yields:
        frames.TOTALS, one row a SKU.
    """
    tally = Tally(f"ozon {TOTALS_LIST.path}", pull.keep_raw)
    with peer.line() as line:
        totals = _totals(line, tally, pull.notes)
    scheme = scheme_of(totals, pull.notes)
    rows = Rows(TOTALS)
    for sku, by_scheme in totals.items():
        if scheme in by_scheme:
            offer_id, present_qty, reserved_qty = by_scheme[scheme]
            rows.add((sku, offer_id, scheme, present_qty, reserved_qty))
            tally.ok()
    yield rows.batch()
    pull.sources.append(tally.source())


def _totals(line: Line, tally: Tally, notes: list[str]) -> Totals:
    totals: Totals = defaultdict(dict)
    unheard: Counter[str] = Counter()
    for visibility in ("ALL", "ARCHIVED"):
        for page in read_list(line, TOTALS_LIST, {"filter": {"visibility": visibility}}):
            tally.take(page.body)
            for item in page.items:
                for stock in item["stocks"]:
                    _take(totals, item["offer_id"].name(), stock, unheard)
    if unheard:
        notes.append(
            f"stock of kinds nobody knows is left out of the totals: {dict(unheard)}; look at it by hand"
        )
    return totals


def _take(totals: Totals, offer_id: str, stock: Part, unheard: Counter[str]) -> None:
    scheme = stock["type"].text()
    if scheme not in SCHEMES:
        unheard[scheme] += stock["present"].whole()
        return
    by_scheme = totals[stock["sku"].name()]
    _, present_qty, reserved_qty = by_scheme.get(scheme, ("", 0, 0))
    by_scheme[scheme] = (
        offer_id,
        present_qty + stock["present"].whole(),
        reserved_qty + stock["reserved"].whole(),
    )


def scheme_of(totals: Totals, notes: list[str]) -> str:
    """Find who keeps the goods, fbp or fbo: where the pieces are, then where a row is; '' = nobody does."""
    pieces: Counter[str] = Counter()
    for by_scheme in totals.values():
        for scheme in KEPT_BY_OTHERS:
            if scheme in by_scheme:
                pieces[scheme] += by_scheme[scheme][1]
    found = sorted(pieces, key=lambda scheme: -pieces[scheme])
    if len(found) > 1 and pieces[found[1]]:
        notes.append(
            f"the totals hold {pieces[found[0]]} pieces under {found[0]} and {pieces[found[1]]} under"
            f" {found[1]}; this exit is about {found[0]}, the others need an exit of their own"
        )
    return found[0] if found else ""


def find_scheme(peer: Peer) -> tuple[str, dict[str, str]]:
    """Find who keeps the goods, and the SKUs they keep, each with its offer_id."""
    with peer.line() as line:
        totals = _totals(line, Tally(TOTALS_LIST.path), [])
    scheme = scheme_of(totals, [])
    return scheme, {sku: by_scheme[scheme][0] for sku, by_scheme in totals.items() if scheme in by_scheme}


def read_fbo_stock(peer: Peer, skus: Sequence[str], now: datetime, pull: Pull) -> Iterator[pa.RecordBatch]:
    """
    Read stock in Ozon's own warehouses: sellable pieces, and damaged ones as the analytics tell them.

    Args:
        peer: the marketplace.
        skus: which ones.
        now: when it is read, aware; Ozon does not say when it counted.
        pull: its sources are filled in.

    Yields:
        frames.STOCK.
    """
    tally = Tally(f"ozon {BY_WAREHOUSE.path}, {ANALYTICS}", pull.keep_raw)
    with peer.line() as line:
        for chunk in _chunks(skus, BY_WAREHOUSE.limit):
            rows = Rows(STOCK)
            for page in read_list(line, BY_WAREHOUSE, {"skus": chunk}):
                tally.take(page.body)
                for item in page.items:
                    counted = (item["present"].whole(), item["reserved"].whole())
                    _add(rows, tally, item, "sellable", counted, now)
            yield rows.batch()
        for chunk in _chunks(skus, ANALYTICS_MOST):
            yield _damaged(line, chunk, now, tally)
    pull.sources.append(tally.source())


def _damaged(line: Line, skus: Sequence[str], now: datetime, tally: Tally) -> pa.RecordBatch:
    rows = Rows(STOCK)
    reply, raw = line.post(ANALYTICS, {"skus": skus}, repeatable=True)
    tally.take(raw)
    for item in reply["items"]:
        counted = (item["stock_defect_stock_count"].whole(), 0)
        _add(rows, tally, item, "damaged_by_warehouse", counted, now)
    return rows.batch()


def _add(
    rows: Rows, tally: Tally, item: Part, condition: str, counted: tuple[int, int], now: datetime
) -> None:
    if not any(counted):
        return  # the API tells empty shelves too
    place = (item["warehouse_id"].name(), item["sku"].name(), item["offer_id"].name())
    rows.add((*place, condition, *counted, now))
    tally.ok()


def _chunks(skus: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (skus[first : first + size] for first in range(0, len(skus), size))

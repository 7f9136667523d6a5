"""
Orders from Ozon.

Source: POST /v4/posting/fbs/list with integration_type_flow FBP (documented in September 2026);
its statuses are documented, those of /v1/posting/fbp/list are not.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from include.winddown.adapters.http import Line, Peer
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.rows import Cell, Rows
from include.winddown.adapters.strict_json import Part
from include.winddown.adapters.tally import Tally
from include.winddown.domain.amounts import minor_of
from include.winddown.domain.frames import ORDERS

PERIOD = timedelta(days=365)
POSTINGS = Listing(path="/v4/posting/fbs/list", rows=("postings",), limit=100, style="cursor", says_next=True)
BATCH_ROWS = 50_000


def read_orders(peer: Peer, now: datetime, pull: Pull) -> Iterator[pa.RecordBatch]:
    """
    Read every order line of a year, and whatever is dated later than our clock.

    Args:
        peer: the marketplace.
        now: aware.
        pull: its sources are filled in at the end.

    Yields:
        Batches of frames.ORDERS. An order that cannot be read stops the read: it might be
        the one that is still pending.

    Raises:
        PeerDown, MarketplaceRefused, ContractBroken: the read must not be used.
    """
    rows, tally = Rows(ORDERS), Tally(f"ozon {POSTINGS.path}", pull.keep_raw)
    with peer.line() as line:
        for posting in _postings(line, now, tally):
            for row in order_lines(posting):
                rows.add(row)
                tally.ok()
            if len(rows) >= BATCH_ROWS:
                yield rows.batch()
    if len(rows):
        yield rows.batch()
    pull.sources.append(tally.source())


def _postings(line: Line, now: datetime, tally: Tally) -> Iterator[Part]:
    """Go through every posting once; it may move to another page while the list is read."""
    seen: set[str] = set()
    # a clock that runs behind must not hide an open order, so the year ahead is read too
    for since, until in ((now - PERIOD, now), (now, now + PERIOD)):
        wanted = {"since": _utc(since), "to": _utc(until), "integration_type_flow": ["FBP"]}
        for page in read_list(line, POSTINGS, {"filter": wanted, "sort_dir": "ASC"}):
            tally.take(page.body)
            for posting in page.items:
                number = posting["posting_number"].name()
                if number not in seen:
                    seen.add(number)
                    yield posting


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def order_lines(posting: Part) -> list[tuple[Cell, ...]]:
    """
    Turn a posting into rows of frames.ORDERS, one a product.

    Raises:
        ContractBroken: a field is missing or not what it should be, or there is no product.
    """
    head = (posting["posting_number"].name(), posting["status"].text(), posting["in_process_at"].moment())
    warehouse_id = posting["delivery_method"]["warehouse_id"].name()
    rows = [
        _line(head, line_no, warehouse_id, product)
        for line_no, product in enumerate(posting["products"], start=1)
    ]
    if not rows:
        posting["products"].fail("at least one product")
    return rows


def _line(
    head: tuple[str, str, datetime], line_no: int, warehouse_id: str, product: Part
) -> tuple[Cell, ...]:
    number, status, ordered_at = head
    price_minor = minor_of(product["price"].amount())
    if not isinstance(price_minor, int):
        product["price"].fail("an amount of money with at most two decimals")
    return (
        number,
        line_no,
        status,
        ordered_at,
        warehouse_id,
        product["sku"].name(),
        product["offer_id"].name(),
        product["quantity"].whole(low=1),
        price_minor,
        product["currency_code"].text(),
    )

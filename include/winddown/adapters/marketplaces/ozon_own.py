"""
The merchant's own warehouses (FBS, rFBS) as Ozon tells them: stock, postings, returns, chats.

Sources: POST /v4/product/info/stocks, /v4/posting/fbs/list, /v2/returns/rfbs/list, /v1/returns/list and
/v3/chat/list (documented April to October 2026). No list tells the day of a delivery: it is the day
in which a posting is found by last_changed_status_date with status delivered, which is its last one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa

from include.winddown.adapters.http import Line, Peer
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.marketplaces.ozon_orders import PERIOD
from include.winddown.adapters.marketplaces.ozon_postings import FBS
from include.winddown.adapters.marketplaces.ozon_stocks import TOTALS_LIST
from include.winddown.adapters.own_port import Chats
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.rows import Cell, Rows
from include.winddown.adapters.strict_json import Part
from include.winddown.adapters.tally import Tally
from include.winddown.domain.amounts import minor_of
from include.winddown.domain.errors import MarketplaceRefused
from include.winddown.domain.own_frames import OWN_POSTINGS, OWN_RETURNS, OWN_SCHEMES, OWN_STOCK

RFBS_RETURNS = Listing(
    path="/v2/returns/rfbs/list", rows=("returns",), limit=100, style="row_id", row_id="return_id"
)
FBS_RETURNS = Listing(
    path="/v1/returns/list", rows=("returns",), limit=500, style="row_id", row_id="id", says_next=True
)
CHATS = Listing(path="/v3/chat/list", rows=("chats",), limit=100, style="cursor", says_next=True)
WITH_BUYERS = ("BUYER_SELLER", "BUYER_SELLER_SELECT")
OWN_FLOWS = (
    "ozon",
    "aggregator",
    "non_integrated",
    "3pl_tracking",
    "hybrid",
    "hybrid_aggregator",
    "hybrid_non_integrated",
    "hybrid_3pl_tracking",
    "click_and_collect",
)
"""Every documented way of delivery but FBP."""

BATCH_ROWS = 10_000
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class OzonOwn:
    """
    The own warehouses of a cabinet.

    Attributes:
        peer: the marketplace.
        now: aware.
    """

    peer: Peer
    now: datetime

    def stock(self) -> Pull | None:
        """Pull OWN_STOCK; a product that never stood in an own warehouse has no row."""
        pull = Pull(frame=OWN_STOCK, batches=())
        pull.batches = self._stock(pull)
        return pull

    def postings(self, days: int, dated_days: int) -> Pull | None:
        """Pull OWN_POSTINGS; at most a year."""
        pull = Pull(frame=OWN_POSTINGS, batches=())
        pull.batches = self._postings(min(timedelta(days=days), PERIOD), dated_days, pull)
        return pull

    def returns(self, days: int) -> Pull | None:
        """Pull OWN_RETURNS: the claims of rFBS, and the returns of FBS."""
        pull = Pull(frame=OWN_RETURNS, batches=())
        pull.batches = self._returns(self.now - timedelta(days=days), pull)
        return pull

    def chats(self) -> Chats:
        """Count the open chats with buyers that hold something unread."""
        asked = {"filter": {"chat_status": "Opened", "unread_only": True}}
        try:
            with self.peer.line() as line:
                rows = [row for page in read_list(line, CHATS, asked) for row in page.items]
        except MarketplaceRefused as refused:
            return Chats(unread_qty=None, why=f"the key may not read chats: {refused}")
        unread = (row for row in rows if row["chat"]["chat_type"].text() in WITH_BUYERS)
        return Chats(unread_qty=sum(row["unread_count"].whole() > 0 for row in unread))

    def _stock(self, pull: Pull) -> Iterator[pa.RecordBatch]:
        tally, rows = Tally(f"ozon {TOTALS_LIST.path}", pull.keep_raw), Rows(OWN_STOCK)
        found: dict[tuple[str, str], tuple[Cell, ...]] = {}
        with self.peer.line() as line:
            for visibility in ("ALL", "ARCHIVED"):
                for page in read_list(line, TOTALS_LIST, {"filter": {"visibility": visibility}}):
                    tally.take(page.body)
                    for item in page.items:
                        found |= dict(_own_stocks(item))
        rows.extend(list(found.values()))
        tally.ok(len(rows))
        yield rows.batch()
        pull.sources.append(tally.source())

    def _postings(self, period: timedelta, dated_days: int, pull: Pull) -> Iterator[pa.RecordBatch]:
        tally, rows = Tally(f"ozon {FBS.path}", pull.keep_raw), Rows(OWN_POSTINGS)
        since = self.now - period
        with self.peer.line() as line:
            days = self._delivered(line, since, dated_days)
            asked = {**_between(since, self.now), "integration_type_flow": list(OWN_FLOWS)}
            body = {"filter": asked, "sort_dir": "ASC", "with": {"analytics_data": True}}
            seen: set[str] = set()
            for page in read_list(line, FBS, body):
                tally.take(page.body)
                for item in page.items:
                    number = item["posting_number"].name()
                    if number not in seen:  # it may move to another page while the list is read
                        seen.add(number)
                        rows.extend(_posting(item, days.get(number)))
                if len(rows) >= BATCH_ROWS:
                    tally.ok(len(rows))
                    yield rows.batch()
        tally.ok(len(rows))
        yield rows.batch()
        pull.sources.append(tally.source())

    def _delivered(self, line: Line, since: datetime, dated_days: int) -> dict[str, date]:
        """Find the day on which each posting became delivered, for the last days; the reads are not kept."""
        found: dict[str, date] = {}
        midnight = self.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        for days_ago in range(dated_days, -1, -1):
            start = midnight - days_ago * DAY
            asked = {
                **_between(since, self.now),
                "integration_type_flow": list(OWN_FLOWS),
                "statuses": ["delivered"],
                "last_changed_status_date": {"from": _utc(start), "to": _utc(start + DAY - TICK)},
            }
            for page in read_list(line, FBS, {"filter": asked, "sort_dir": "ASC"}):
                found |= {item["posting_number"].name(): start.date() for item in page.items}
        return found

    def _returns(self, since: datetime, pull: Pull) -> Iterator[pa.RecordBatch]:
        tally = Tally(f"ozon {RFBS_RETURNS.path}, {FBS_RETURNS.path}", pull.keep_raw)
        rows = Rows(OWN_RETURNS)
        span = {"from": _utc(since), "to": _utc(self.now)}
        dated = {"time_from": span["from"], "time_to": span["to"]}
        with self.peer.line() as line:
            for page in read_list(line, RFBS_RETURNS, {"filter": {"created_at": span}}):
                tally.take(page.body)
                rows.extend([_claim(item) for item in page.items])
            asked = {"filter": {"return_schema": "FBS", "logistic_return_date": dated}}
            for page in read_list(line, FBS_RETURNS, asked):
                tally.take(page.body)
                rows.extend([_return(item) for item in page.items])
        tally.ok(len(rows))
        yield rows.batch()
        pull.sources.append(tally.source())


def _own_stocks(item: Part) -> Iterator[tuple[tuple[str, str], tuple[Cell, ...]]]:
    for stock in item["stocks"]:
        scheme, sku = stock["type"].text(), stock["sku"].name()
        if scheme in OWN_SCHEMES:
            pieces = (stock["present"].whole(), stock["reserved"].whole())
            yield (sku, scheme), (sku, item["offer_id"].name(), scheme, *pieces)


def _posting(item: Part, delivered_on: date | None) -> list[tuple[Cell, ...]]:
    method = item["delivery_method"]
    told = _inner(item, "analytics_data")
    head = (item["posting_number"].name(), item["status"].text(), item["in_process_at"].moment())
    how = (method["warehouse_id"].name(), method["name"].text(), _words(method, "tpl_provider"))
    dates = (_moment(item, "shipment_date"), _moment(item, "delivering_date"))
    promised = _moment(told, "delivery_date_end") if told else None
    zone = _words(told, "region") if told else None
    return [
        (head[0], line_no, *head[1:], *how, zone, *_product(product), *dates, promised, delivered_on)
        for line_no, product in enumerate(item["products"], start=1)
    ]


def _product(product: Part) -> tuple[Cell, ...]:
    amount = product["price"]["amount"]
    price_minor = minor_of(amount.amount())
    if not isinstance(price_minor, int):
        amount.fail("an amount of money with at most two decimals")
    return (
        product["sku"].name(),
        product["offer_id"].name(),
        product["quantity"].whole(low=1),
        price_minor,
        product["price"]["currency"].text(),
    )


def _claim(item: Part) -> tuple[Cell, ...]:
    product = item["product"]
    ids = (item["posting_number"].name(), product["sku"].name(), product["offer_id"].name())
    return (item["return_id"].name(), "rfbs", *ids, None, item["created_at"].moment())


def _return(item: Part) -> tuple[Cell, ...]:
    product = item["product"]
    ids = (item["posting_number"].name(), product["sku"].name(), product["offer_id"].name())
    at = item["logistic"]["return_date"].moment()
    return (item["id"].name(), "fbs", *ids, product["quantity"].whole(low=1), at)


def _inner(part: Part, name: str) -> Part | None:
    """Give an object, or None when it is left out or null."""
    return part[name] if part.fields().get(name) is not None else None


def _words(part: Part, name: str) -> str | None:
    return (part[name].text() or None) if part.fields().get(name) is not None else None


def _moment(part: Part, name: str) -> datetime | None:
    """Read a time that is left out, null or empty until it is known."""
    return part[name].moment() if part.fields().get(name) else None


def _between(since: datetime, until: datetime) -> dict[str, object]:
    return {"since": _utc(since), "to": _utc(until)}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

"""
Goods on their way into partner warehouses: POST /v1/fbp/order/list and /v1/fbp/draft/list.

Source: documented April to September 2026. What is in the archive is over and is not read.
"""

from collections.abc import Iterator

import pyarrow as pa

from include.winddown.adapters.http import Peer
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.rows import Cell, Rows
from include.winddown.adapters.strict_json import Part
from include.winddown.adapters.tally import Tally
from include.winddown.domain.frames import SUPPLIES

ORDERS = Listing(path="/v1/fbp/order/list", rows=("items",), limit=100, style="count", says_next=True)
DRAFTS = Listing(path="/v1/fbp/draft/list", rows=("items",), limit=100, style="count", says_next=True)


def read_supplies(peer: Peer, pull: Pull) -> Iterator[pa.RecordBatch]:
    """
    Read inbound supplies, drafts too: a draft becomes a supply by one click.

    Args:
        peer: the marketplace.
        pull: its sources are filled in.

    Yields:
        frames.SUPPLIES; a draft that has become an order comes once, as the order.
    """
    tally, rows, seen = Tally(f"ozon {ORDERS.path}, {DRAFTS.path}", pull.keep_raw), Rows(SUPPLIES), set[str]()
    with peer.line() as line:
        for listing in (ORDERS, DRAFTS):
            for page in read_list(line, listing, {}):
                tally.take(page.body)
                for item in page.items:
                    row = _row(item)
                    if row[0] not in seen:
                        seen.add(str(row[0]))
                        rows.add(row)
                        tally.ok()
    yield rows.batch()
    pull.sources.append(tally.source())


def _row(item: Part) -> tuple[Cell, ...]:
    fields = item.fields()
    named = item["supply_id"] if fields.get("supply_id") else item["id"]
    warehouse_id = item["warehouse_id"].name() if fields.get("warehouse_id") else None
    return (named.name(), item["status"].text(), warehouse_id, _units(item), _cancellable(fields))


def _units(item: Part) -> int:
    """Read the pieces announced; a draft does not tell them."""
    summary = item.fields().get("bundle_summary")
    return item["bundle_summary"]["total_quantity"].whole() if summary else 0


def _cancellable(fields: dict[str, object]) -> str:
    told = [fields[name] for name in ("can_be_cancelled", "is_deletable", "is_cancelable") if name in fields]
    if not all(isinstance(flag, bool) for flag in told) or not told:
        return "unknown"
    return "yes" if any(told) else "no"

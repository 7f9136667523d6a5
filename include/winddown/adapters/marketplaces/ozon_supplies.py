"""
Goods on their way into partner warehouses: POST /v1/fbp/draft/list, order/list and archive/list.

Source: documented April to September 2026. The lists are read in the order in which a supply goes
through them, so that one that moves on between two requests is seen at least once.
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
from include.winddown.domain.gate_words import archive_notes

DRAFTS = Listing(path="/v1/fbp/draft/list", rows=("items",), limit=100, style="count", says_next=True)
ORDERS = Listing(path="/v1/fbp/order/list", rows=("items",), limit=100, style="count", says_next=True)
ARCHIVE = Listing(
    path="/v1/fbp/archive/list", rows=("items",), limit=100, style="count", says_next=True, in_text=True
)
LISTS = {"drafts": DRAFTS, "orders": ORDERS, "archive": ARCHIVE}
SUMMARIES = ("bundle_summary", "bundle_sku_summary")


def read_supplies(peer: Peer, pull: Pull) -> Iterator[pa.RecordBatch]:
    """
    Read inbound supplies: drafts too, since one becomes a supply by a click, and those that are over.

    Args:
        peer: the marketplace.
        pull: its sources and notes are filled in.

    Yields:
        frames.SUPPLIES; a supply in several lists comes once, as the furthest tells it.
    """
    tally = Tally(f"ozon {', '.join(listing.path for listing in LISTS.values())}", pull.keep_raw)
    found: dict[str, tuple[Cell, ...]] = {}
    with peer.line() as line:
        for listed_in, listing in LISTS.items():
            for page in read_list(line, listing, {}):
                tally.take(page.body)
                for item in page.items:
                    supply_id = _supply_id(item)
                    found[supply_id] = (supply_id, *_told(item, listed_in), listed_in)
    archived = [row for row in found.values() if row[-1] == "archive"]
    pull.notes.extend(archive_notes((str(row[0]), str(row[1])) for row in archived))
    rows = Rows(SUPPLIES)
    rows.extend(list(found.values()))
    tally.ok(len(rows))
    yield rows.batch()
    pull.sources.append(tally.source())


def _supply_id(item: Part) -> str:
    """Read its id; a draft that was never sent has only its own number."""
    return (item["supply_id"] if item.fields().get("supply_id") else item["id"]).name()


def _told(item: Part, listed_in: str) -> tuple[Cell, ...]:
    fields = item.fields()
    warehouse_id = item["warehouse_id"].name() if fields.get("warehouse_id") else None
    may_end = "no" if listed_in == "archive" else _cancellable(fields)
    return (item["status"].text(), warehouse_id, _units(item), may_end)


def _units(item: Part) -> int:
    """Read the pieces announced; a draft does not tell them."""
    name = next((name for name in SUMMARIES if item.fields().get(name)), None)
    return item[name]["total_quantity"].whole() if name else 0


def _cancellable(fields: dict[str, object]) -> str:
    told = [fields[name] for name in ("can_be_cancelled", "is_deletable", "is_cancelable") if name in fields]
    if not all(isinstance(flag, bool) for flag in told) or not told:
        return "unknown"
    return "yes" if any(told) else "no"

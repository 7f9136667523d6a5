"""
The ways in which Ozon pages its lists.

Source: styles of the Seller API as documented April to October 2026. No list is believed to be
over because a page is short: it is over when the reply says so, when a page is empty or when as
many rows came as the reply counts. Everything else is an incomplete read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from include.winddown.adapters.http import Line
from include.winddown.adapters.pages import ListIncomplete, Page, all_pages
from include.winddown.adapters.strict_json import Part

Style = Literal["cursor", "number", "last_id", "row_id", "count", "offset", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """
    One list of the API.

    Attributes:
        path: of its method.
        rows: where its rows stand in the reply.
        limit: rows of a page, the most that is documented; 0 = the list does not ask for it.
        style: how it goes on: a cursor (number: asked for as one) or a last_id in the reply, the own id of the last row,
            count with last_id, an offset, or a page number.
        says_next: whether has_next is documented.
        row_id: style row_id: the name of that id in a row.
        in_text: style count: whether its numbers are asked for as text.
    """

    path: str
    rows: tuple[str, ...]
    limit: int
    style: Style
    says_next: bool = False
    row_id: str = ""
    in_text: bool = False


def read_list(line: Line, listing: Listing, body: Mapping[str, object]) -> Iterator[Page]:
    """
    Read a list page by page.

    Args:
        line: an open line.
        listing: which list.
        body: what else is asked for, the filter above all.

    Raises:
        ListIncomplete: it cannot be read to its end.
        PeerDown, MarketplaceRefused, ContractBroken: the read must not be used.
    """
    rows = 0
    total = 0
    for page in all_pages(_fetching(line, listing, body)):
        rows += page.items.count()
        total = page.total
        yield page
    if rows < total:
        msg = f"{listing.path}: {rows} rows came, the reply counts {total}; the list is incomplete"
        raise ListIncomplete(msg)


def _fetching(line: Line, listing: Listing, body: Mapping[str, object]) -> Callable[[str], Page]:
    came = 0

    def fetch(cursor: str) -> Page:
        nonlocal came
        asked = {**body, **_position(listing, cursor, came)}
        reply, raw = line.post(listing.path, asked, repeatable=True)
        items = reply
        for name in listing.rows:
            items = items[name]
        came += items.count()
        total = _total(reply if len(listing.rows) < 2 else reply[listing.rows[0]])
        following, has_more = _following(listing, reply, items, cursor, came)
        if has_more and total and came >= total and not listing.says_next:
            has_more = False
        if has_more and not items.count():
            msg = f"{listing.path}: an empty page says that more follows; the list is incomplete"
            raise ListIncomplete(msg)
        return Page(items=items, cursor=following, has_more=has_more, body=raw, total=total)

    return fetch


def _position(listing: Listing, cursor: str, came: int) -> dict[str, object]:
    """Say which page is asked for, in the words of the style."""
    if listing.style == "offset":
        return {"offset": came, "limit": listing.limit}
    if listing.style == "page":
        return {"page": int(cursor or 1), "page_size": listing.limit}
    if listing.style in ("cursor", "number"):
        given = cursor if listing.style == "cursor" else int(cursor or 0)
        return {"cursor": given, "limit": listing.limit}
    if listing.style == "last_id":
        return {"last_id": cursor} | ({"limit": listing.limit} if listing.limit else {})
    if listing.in_text:
        return {"last_id": cursor, "count": str(listing.limit)}
    size = "count" if listing.style == "count" else "limit"
    return {"last_id": int(cursor or 0), size: listing.limit}


def _following(listing: Listing, reply: Part, items: Part, cursor: str, came: int) -> tuple[str, bool]:
    """Give where the next page begins and whether there is one."""
    following = _next_cursor(listing, reply, items, cursor, came)
    if listing.says_next:
        return following, reply["has_next"].flag()
    return following, bool(items.count()) and following != ""


def _next_cursor(listing: Listing, reply: Part, items: Part, cursor: str, came: int) -> str:
    if listing.style == "offset":
        return str(came)
    if listing.style == "page":
        return str(int(cursor or 1) + 1)
    if listing.style == "row_id":
        return list(items)[-1][listing.row_id].name() if items.count() else ""
    holder = reply if len(listing.rows) < 2 else reply[listing.rows[0]]
    found = holder["cursor" if listing.style in ("cursor", "number") else "last_id"]
    return "" if found.value in ("", 0, "0") else found.name()


def _total(holder: Part) -> int:
    """Read how many rows the whole list has; 0 = not said. The field is being renamed."""
    fields = holder.fields()
    told = next((fields[name] for name in ("total_items", "total") if fields.get(name)), 0)
    return Part(told, f"{holder.path}.total").int64()

"""Lists that come in pages: read to the end, or said to be incomplete."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from include.winddown.adapters.http import Line
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.errors import ContractBroken


class ListIncomplete(ContractBroken):
    """A list cannot be read to its end; what is not in it may still exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    One page.

    Attributes:
        items: the list of rows.
        cursor: where the next page begins.
        has_more: whether the peer says that there is one.
        body: the bytes it came in.
        total: rows of the whole list, as the peer counts them; 0 = it does not say.
    """

    items: Part
    cursor: str
    has_more: bool
    body: bytes
    total: int = 0


def all_pages(fetch: Callable[[str], Page]) -> Iterator[Page]:
    """
    Read page after page until the peer says that was all.

    Args:
        fetch: gives the page at a cursor; the first cursor is empty.

    Raises:
        ListIncomplete: a page came twice or the cursor does not move.
    """
    cursor, cursors, prints = "", {""}, set[bytes]()
    while True:
        page = fetch(cursor)
        if page.items.value:
            mark = _mark_of(list(page.items))
            if mark in prints:
                msg = f"{page.items.path}: the page after cursor {cursor[:80]!r} came before; the list is incomplete"
                raise ListIncomplete(msg)
            prints.add(mark)
        yield page
        if not page.has_more:
            return
        if page.cursor in cursors:
            msg = f"{page.items.path}: the cursor stays at {page.cursor[:80]!r}; the list is incomplete"
            raise ListIncomplete(msg)
        cursor = page.cursor
        cursors.add(cursor)


def _mark_of(items: list[Part]) -> bytes:
    """Mark a page by its length and its outer rows: rows do not move from one page to another as a block."""
    outer = [len(items), items[0].value, items[-1].value]
    return hashlib.sha256(json.dumps(outer, sort_keys=True).encode()).digest()


def get_page(line: Line, path: str, cursor_name: str, params: Mapping[str, str | int], cursor: str) -> Page:
    """Read a page of {items, next_cursor}; the cursor is empty at the end."""
    given = {**params, cursor_name: cursor} if cursor else params
    reply, body = line.json("GET", path, params=given)
    following = reply["next_cursor"].text()
    return Page(items=reply["items"], cursor=following, has_more=following != "", body=body)

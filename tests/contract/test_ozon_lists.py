"""Every way of paging: read to the end, or said to be incomplete."""

from pathlib import Path
from typing import Any

import pytest

from include.winddown.adapters.http import Peer
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.pages import ListIncomplete
from include.winddown.domain.errors import MarketplaceRefused
from tests.contract.tiny_server import Answer, tiny

ROWS = [{"id": number} for number in range(1, 8)]
LIMIT = 3
CURSOR = Listing(path="/c", rows=("items",), limit=LIMIT, style="cursor")
CURSOR_NEXT = Listing(path="/n", rows=("items",), limit=LIMIT, style="cursor", says_next=True)
LAST_ID = Listing(path="/l", rows=("result", "items"), limit=LIMIT, style="last_id")
ROW_ID = Listing(path="/r", rows=("items",), limit=LIMIT, style="row_id", says_next=True, row_id="id")
NUMBER = Listing(path="/m", rows=("items",), limit=LIMIT, style="number", says_next=True)
COUNT = Listing(path="/k", rows=("items",), limit=LIMIT, style="count", says_next=True)
OFFSET = Listing(path="/o", rows=("items",), limit=LIMIT, style="offset")
PAGE = Listing(path="/p", rows=("items",), limit=LIMIT, style="page")
ALL = [CURSOR, CURSOR_NEXT, NUMBER, LAST_ID, ROW_ID, COUNT, OFFSET, PAGE]


def served(listing: Listing, body: dict[str, Any]) -> dict[str, Any]:
    """Answer as the documented service does."""
    size = body.get("limit") or body.get("count") or body.get("page_size")
    assert size == LIMIT
    start = {
        "offset": lambda: body["offset"],
        "page": lambda: (body["page"] - 1) * LIMIT,
        "cursor": lambda: int(body["cursor"] or 0),
        "number": lambda: body["cursor"] + 0,
    }.get(listing.style, lambda: int(body["last_id"] or 0))()
    page = ROWS[start : start + LIMIT]
    position = str(start + len(page)) if page else ""
    if listing.rows == ("result", "items"):
        return {"result": {"items": page, "last_id": position, "total": len(ROWS)}}
    answer: dict[str, Any] = {"items": page}
    if listing.style == "cursor":
        answer["cursor"] = position
    if listing.style == "number":
        answer["cursor"] = start + len(page)
    if listing.style == "count":
        answer["last_id"] = position
    if listing.says_next:
        answer["has_next"] = start + LIMIT < len(ROWS)
    return answer


def read(listing: Listing, answering: Any) -> list[int]:
    with tiny(lambda _path, body: Answer(body=answering(listing, body))) as server:
        peer = Peer(
            who="the marketplace",
            address=server.address,
            headers={"Api-Key": "k"},
            refusal=MarketplaceRefused,
            fix="ask",
        )
        with peer.line() as line:
            pages = read_list(line, listing, {"filter": {}})
            return [item["id"].int64() for page in pages for item in page.items]


@pytest.mark.parametrize("listing", ALL, ids=lambda one: one.path)
def test_every_row_comes_once(listing: Listing):
    """Whatever the style, all rows of all pages come, in order."""
    assert read(listing, served) == [row["id"] for row in ROWS]


@pytest.mark.fault("F19", "S2")
@pytest.mark.parametrize("listing", ALL, ids=lambda one: one.path)
def test_a_list_that_does_not_move_is_incomplete(listing: Listing):
    """A service that gives its first page for ever is found out."""

    def stuck(listing: Listing, body: dict[str, Any]) -> dict[str, Any]:
        del body
        first = {
            "cursor": 0 if listing.style == "number" else "",
            "last_id": "",
            "offset": 0,
            "page": 1,
            "limit": LIMIT,
            "count": LIMIT,
        }
        return served(listing, first | ({"page_size": LIMIT} if listing.style == "page" else {}))

    with pytest.raises(ListIncomplete, match="incomplete"):
        read(listing, stuck)


@pytest.mark.parametrize("listing", [CURSOR_NEXT, NUMBER, ROW_ID, COUNT], ids=lambda one: one.path)
def test_an_empty_page_before_the_end_is_incomplete(listing: Listing):
    """An empty page that promises more is no end."""

    def hollow(listing: Listing, body: dict[str, Any]) -> dict[str, Any]:
        return served(listing, body) | {"items": [], "has_next": True}

    with pytest.raises(ListIncomplete, match="an empty page says that more follows"):
        read(listing, hollow)


@pytest.mark.fault("F19", "S2")
@pytest.mark.parametrize("listing", [CURSOR, OFFSET, PAGE, LAST_ID], ids=lambda one: one.path)
def test_fewer_rows_than_counted_are_incomplete(listing: Listing):
    """A list that ends before as many rows came as it counts has lost some."""

    def counted(listing: Listing, body: dict[str, Any]) -> dict[str, Any]:
        answer = served(listing, body)
        holder = answer.get("result", answer)
        holder["total"] = len(ROWS) + 1
        return answer

    with pytest.raises(ListIncomplete, match="7 rows came, the reply counts 8"):
        read(listing, counted)


def test_a_service_with_smaller_pages_is_read_to_its_end(tmp_path: Path):
    """A short page is no end: a service that gives fewer rows than asked for loses none."""
    del tmp_path

    def smaller(listing: Listing, body: dict[str, Any]) -> dict[str, Any]:
        answer = served(listing, body)
        return answer | {"items": answer["items"][:2]}

    assert read(OFFSET, smaller) == [row["id"] for row in ROWS]

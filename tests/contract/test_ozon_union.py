"""Orders from several lists of Ozon, held against each other; and stock and totals."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.winddown.adapters.http import Peer
from include.winddown.adapters.marketplaces.ozon_orders import read_orders
from include.winddown.adapters.marketplaces.ozon_postings import FBO, FBP, FBS
from include.winddown.adapters.marketplaces.ozon_stocks import read_totals
from include.winddown.adapters.ports import Pull
from include.winddown.domain.crosscheck import more_blocking
from include.winddown.domain.errors import MarketplaceRefused
from include.winddown.domain.frames import ORDERS, TOTALS
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.test_ozon import rows_of
from tests.contract.tiny_server import Answer, Tiny, tiny

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def posting(number: str, status: str, **other: Any) -> dict[str, Any]:
    """A posting as every list tells it, with a field nobody knows."""
    product = {"sku": "77", "offer_id": "A", "quantity": 1, "price": {"amount": "9.90", "currency": "RUB"}}
    return {
        "posting_number": number,
        "status": status,
        "in_process_at": "2026-10-01T10:00:00Z",
        "products": [product],
        "delivery_method": {"warehouse_id": 5},
        "analytics_data": {"warehouse_id": 6},
        "field_of_tomorrow": [1],
    } | other


def peer_of(server: Tiny) -> Peer:
    return Peer(
        who="the marketplace",
        address=server.address,
        headers={"Api-Key": "k"},
        refusal=MarketplaceRefused,
        fix="ask",
    )


def orders_from(lists: dict[str, list[dict[str, Any]]]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Read the three lists; gives rows by posting number, and the notes."""

    def answer(path: str, body: dict[str, Any]) -> Answer:
        since, until = body["filter"]["since"], body["filter"]["to"]
        found = [one for one in lists.get(path, []) if since <= one["in_process_at"] <= until]
        given = [] if body["cursor"] else found
        return Answer(body={"postings": given, "cursor": "x" if given else "", "has_next": False})

    with tiny(answer) as server:
        pull = Pull(frame=ORDERS, batches=())
        pull.batches = read_orders(peer_of(server), NOW, pull)
        return {row["posting_number"]: row for row in rows_of(pull)}, pull.notes


def test_lists_that_agree_give_every_posting_once():
    """The documented list gives the row; there is nothing to say."""
    same = [posting("1-1", "delivered"), posting("2-1", "cancelled")]
    rows, notes = orders_from({FBS.path: same, FBP.path: same})
    assert {number: row["warehouse_id"] for number, row in rows.items()} == {"1-1": "5", "2-1": "5"}
    assert notes == []


@pytest.mark.parametrize(
    "said", [("delivered", "awaiting_teleport"), ("awaiting_teleport", "delivered")], ids=["fbp", "fbs"]
)
def test_the_status_that_blocks_counts(said: tuple[str, str]):
    """Delivered here and awaiting there is awaiting, whichever list says it; people hear of it."""
    one, other = said
    rows, (note,) = orders_from({FBS.path: [posting("1-1", one)], FBP.path: [posting("1-1", other)]})
    assert rows["1-1"]["status"] == "awaiting_teleport"
    assert "1 postings have another status" in note
    assert "1-1" in note


def test_a_posting_in_one_list_only_is_kept_and_reported():
    """It counts as that list tells it, so a pending one blocks."""
    rows, notes = orders_from(
        {FBS.path: [posting("1-1", "delivered")], FBP.path: [posting("2-1", "awaiting_packaging")]}
    )
    assert rows["2-1"]["status"] == "awaiting_packaging"
    assert rows["2-1"]["warehouse_id"] == "unknown"
    assert rows["1-1"]["status"] == "delivered"
    assert [note.split(",")[0] for note in notes] == [
        f"1 postings are in {FBS.path} only",
        f"1 postings are in {FBP.path} only",
    ]
    assert "1 of them pending" in notes[1]


def test_postings_of_the_marketplaces_own_warehouses_come_too():
    """Which scheme it is, nobody assumes: all lists are read."""
    rows, notes = orders_from({FBO.path: [posting("3-1", "delivering")]})
    assert (rows["3-1"]["warehouse_id"], rows["3-1"]["price_minor"]) == ("6", 990)
    assert notes == []


def test_a_year_of_many_postings_is_cut_into_windows_and_loses_none():
    """Windows are cut until they hold little; an order at the edge of two comes once."""
    moments = [NOW - timedelta(days=365) + timedelta(hours=5) * step for step in range(1_700)]
    moments += [NOW - timedelta(days=365) + timedelta(days=365) / 2 * part for part in range(1, 2)]
    many = [
        posting(f"{number}-1", "delivered", in_process_at=moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        for number, moment in enumerate(moments)
    ]

    def answer(path: str, body: dict[str, Any]) -> Answer:
        since, until = body["filter"]["since"], body["filter"]["to"]
        found = [one for one in many if since <= one["in_process_at"] <= until and path != FBO.path]
        start = int(body["cursor"] or 0)
        page = found[start : start + body["limit"]]
        following = str(start + len(page)) if page else ""
        return Answer(body={"postings": page, "cursor": following, "has_next": start + 100 < len(found)})

    many.sort(key=lambda one: one["in_process_at"])
    with tiny(answer) as server:
        pull = Pull(frame=ORDERS, batches=())
        pull.batches = read_orders(peer_of(server), NOW, pull)
        numbers = [row["posting_number"] for row in rows_of(pull)]
    assert len(numbers) == len(set(numbers)) == len(many)
    assert pull.notes == []


def test_more_blocking_keeps_the_first_of_equals():
    """Two statuses that block alike leave the documented one."""
    assert more_blocking("awaiting_deliver", "teleporting") == "awaiting_deliver"
    assert more_blocking("delivered", "delivering") == "delivering"


def totals_from(stocks: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    def answer(_path: str, body: dict[str, Any]) -> Answer:
        here = body["filter"]["visibility"] == "ALL" and not body["cursor"]
        items = [{"product_id": 1, "offer_id": "A", "stocks": stocks}] if here else []
        return Answer(body={"items": items, "cursor": "c" if here else "", "total": 1 if here else 0})

    with tiny(answer) as server:
        pull = Pull(frame=TOTALS, batches=())
        pull.batches = read_totals(peer_of(server), pull)
        return rows_of(pull), pull.notes


def test_the_scheme_is_where_the_pieces_are():
    """Own warehouses are no scheme to leave; a second scheme with pieces is named."""
    own = {"type": "rfbs", "present": 50, "reserved": 0, "sku": 1}
    fbp = {"type": "fbp", "present": 2, "reserved": 1, "sku": "1"}
    fbo = {"type": "fbo", "present": 9, "reserved": 0, "sku": 2}
    rows, notes = totals_from([own, fbp])
    assert [(row["sku"], row["scheme"], row["present_qty"], row["reserved_qty"]) for row in rows] == [
        ("1", "fbp", 2, 1)
    ]
    assert notes == []
    rows, (note,) = totals_from([own, fbp, fbo])
    assert [row["sku"] for row in rows] == ["2"]
    assert "2 under fbp" in note


def test_stock_of_an_unknown_kind_is_reported():
    """A kind nobody knows is no total of ours, and is not kept quiet."""
    rows, (note,) = totals_from([{"type": "fbx", "present": 3, "reserved": 0, "sku": 1}])
    assert rows == []
    assert "{'fbx': 3}" in note


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "3") as started:
        yield started


@pytest.fixture(scope="module")
def fbo_world() -> Iterator[Sandbox]:
    with running("--seed", "3", "--scheme", "fbo", "--size", "12") as started:
        yield started


def test_totals_agree_with_the_partners_report(world: Sandbox):
    """What the sandbox's marketplace counts is what its partner counts as sellable."""
    pull = world.calm().ozon().totals()
    assert pull
    rows = {row["sku"]: row["present_qty"] for row in rows_of(pull)}
    shelves: dict[str, int] = {}
    for row in world.stock():
        if row["stock_status"] == "1":
            shelves[row["sku"]] = shelves.get(row["sku"], 0) + int(row["quantity"])
    assert rows == shelves | {sku: 0 for sku in rows if sku not in shelves}


def test_goods_in_the_marketplaces_own_warehouses_are_found(fbo_world: Sandbox):
    """Under FBO stock and orders come from the API alone, in the same frames."""
    ozon = fbo_world.ozon()
    rows = rows_of(ozon.stock())
    told = sum(int(row["quantity"]) for row in fbo_world.stock() if row["stock_status"] != "4")
    assert sum(row["on_hand_qty"] for row in rows) == told  # of lost pieces the API says nothing
    assert len({(row["warehouse_id"], row["sku"], row["condition"]) for row in rows}) == len(rows)
    orders = rows_of(ozon.orders())
    assert len({row["posting_number"] for row in orders}) == fbo_world.truth()["orders"]
    totals = ozon.totals()
    assert totals
    assert {row["scheme"] for row in rows_of(totals)} == {"fbo"}

"""The sandbox's goods: supplies, totals, the marketplace's own warehouses, removals, accruals, cursors."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "30") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


WAYS = {"DIRECT_BY_SELLER": "direct", "DROP_OFF": "drop-off", "PICK_UP": "pick-up"}


def test_supplies_arrive_or_are_cancelled():
    """An order is cancelled while it may be, arrives when it is not, and a draft can be deleted."""
    with running("--seed", "12", "--size", "20") as world:
        world.faults(supply_orders=3, supply_drafts=1)
        assert world.truth()["open_supplies"] == 4
        orders = world.ok("/v1/fbp/order/list", {"count": 2, "last_id": 0})
        assert orders["has_next"]
        orders["items"] += world.ok("/v1/fbp/order/list", {"count": 2, "last_id": orders["last_id"]})["items"]
        assert all(order["can_be_cancelled"] for order in orders["items"])
        first = orders["items"][0]
        way = WAYS[first["delivery_details"]["supply_type"]]
        body = {"supply_id": first["supply_id"]}
        assert world.ok(f"/v1/fbp/order/{way}/cancel", body)["is_error"] is False
        state = world.ok("/v1/fbp/order/get", body)["cancellation_state"]
        assert state["cancellation_status"] == "CONFIRMATION"
        (draft,) = world.ok("/v1/fbp/draft/list", {"count": 10})["items"]
        way = WAYS[draft["delivery_details"]["supply_type"]]
        world.ok(f"/v1/fbp/draft/{way}/delete", {"supply_id": draft["supply_id"]})
        before = world.truth()["units_on_hand"]
        world.advance(2, settle=True)
        second = world.ok("/v1/fbp/order/list", {"count": 10})["items"][0]
        way = WAYS[second["delivery_details"]["supply_type"]]
        refused = world.ok(f"/v1/fbp/order/{way}/cancel", {"supply_id": second["supply_id"]})
        assert refused["is_error"]
        assert refused["error"] == {"order_errors": ["ACCEPTANCE_ALREADY_STARTED"]}
        end = world.advance(3, settle=True)
        assert (end["open_supplies"], end["broken_shelves"]) == (0, [])
        assert end["units_on_hand"] == before + 20
        done = world.ok("/v1/fbp/archive/list", {"count": "10", "last_id": ""})["items"]
        assert {item["status"] for item in done} == {"COMPLETED", "CANCELLED_BY_SELLER"}


def every(sandbox: Sandbox, path: str, body: dict[str, Any], rows: str, cursor: str) -> list[dict[str, Any]]:
    """All rows of a list without has_next."""
    found: list[dict[str, Any]] = []
    while (page := sandbox.ok(path, body))[rows]:
        found += page[rows]
        body = body | {cursor: page[cursor]}
    return found


def test_totals_agree_with_the_partners_report(sandbox: Sandbox):
    """Per SKU, the marketplace's total is the sum of the report's shelves, archived products too."""
    report: dict[str, list[int]] = {}
    for row in sandbox.stock():
        if row["stock_status"] == "1":
            total = report.setdefault(row["sku"], [0, 0])
            total[0] += int(row["quantity"])
            total[1] += int(row["reserved"])
    told = {}
    for visibility in ("ALL", "ARCHIVED"):
        body = {"filter": {"visibility": visibility}, "limit": 7, "cursor": ""}
        for item in every(sandbox, "/v4/product/info/stocks", body, "items", "cursor"):
            stock = item["stocks"][0]
            told[str(stock["sku"])] = [stock["present"], stock["reserved"]]
    assert told == report


def test_totals_drift_only_on_order(sandbox: Sandbox):
    """A partner that reports late leaves the marketplace with another total."""
    body = {"filter": {}, "limit": 1}
    before = sandbox.ok("/v4/product/info/stocks", body)["items"][0]["stocks"][0]["present"]
    sandbox.faults(ozon={"totals_drift": 1})
    assert sandbox.ok("/v4/product/info/stocks", body)["items"][0]["stocks"][0]["present"] == before + 1
    assert sandbox.ok("/v4/product/info/stocks", body)["items"][0]["stocks"][0]["present"] == before


def test_the_marketplaces_own_warehouses():
    """An FBO world tells stock by warehouse, its own postings, and removals in Russian."""
    with running("--seed", "13", "--size", "10", "--scheme", "fbo") as world:
        now = world.truth()["now"]
        year = {"since": f"{int(now[:4]) - 1}{now[4:19]}Z", "to": f"{now[:19]}Z"}
        listed = {"filter": year, "limit": 100}
        assert world.ok("/v3/posting/fbo/list", listed)["postings"]
        assert world.ok("/v1/posting/fbp/list", listed)["postings"] == []
        items = world.ok("/v4/product/info/stocks", {"filter": {}, "limit": 1000})["items"]
        assert {stock["type"] for item in items for stock in item["stocks"]} == {"fbo"}
        sku = str(items[0]["stocks"][0]["sku"])
        shelves = world.ok("/v1/product/info/stocks-by-warehouse/fbo", {"skus": [sku]})["products"]
        assert sum(shelf["present"] for shelf in shelves) == items[0]["stocks"][0]["present"]
        analysed = world.ok("/v1/analytics/stocks", {"skus": [sku]})["items"]
        assert sum(row["valid_stock_count"] for row in analysed) == items[0]["stocks"][0]["present"]
        world.desk().create(world.request("r", qty=5))
        states = []
        for _ in range(3):
            body = {"date_from": now[:10], "date_to": now[:10], "limit": 500, "last_id": ""}
            rows = world.ok("/v1/removal/from-stock/list", body)["returns_summary_report_rows"]
            states.append({row["return_state"] for row in rows})
            assert isinstance(rows[0]["sku"], str)
            world.advance(4, settle=True)
        assert states == [{"Собирается на складе"}, {"В пути"}, {"Завершено"}]
        assert world.ok("/v1/removal/from-supply/list", body)["returns_summary_report_rows"] == []


def test_a_day_of_accruals(sandbox: Sandbox):
    """Every posting that left has its accrual on its day; a last_id belongs to one day."""
    now = sandbox.truth()["now"]
    for number in range(1, 40):
        day = _days_before(now, number)
        told = sandbox.ok("/v1/finance/accrual/by-day", {"date": day, "last_id": ""})
        if told["accruals"]:
            break
    assert told["accruals"][0]["posting"]["delivery_schema"] == "FBP"
    other = {"date": _days_before(day, 1), "last_id": told["last_id"]}
    assert sandbox.ask("/v1/finance/accrual/by-day", other).status_code == 400


def _days_before(day: str, count: int) -> str:
    return (date.fromisoformat(day[:10]) - timedelta(days=count)).isoformat()


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("missing_cursor", lambda page: "last_id" not in page),
        ("empty_cursor", lambda page: page["last_id"] == ""),
    ],
)
def test_cursors_go_wrong_on_order(sandbox: Sandbox, fault: str, seen: Callable[[dict[str, Any]], bool]):
    """A cursor is missing or empty once, and is well again."""
    sandbox.faults(ozon={fault: 1})
    pages = [sandbox.ok("/v3/product/list", {"limit": 2})["result"] for _ in range(2)]
    assert seen(pages[0])
    assert pages[1]["last_id"] not in ("", "0")


def test_orders_come_oldest_or_newest_first(sandbox: Sandbox):
    """The direction is kept across pages, and both ways give the same postings."""
    now = sandbox.truth()["now"]
    period = {"since": f"{int(now[:4]) - 1}{now[4:]}", "to": now}
    walks = []
    for direction in ("ASC", "DESC"):
        body = {"filter": period, "limit": 100, "cursor": "", "sort_dir": direction}
        postings = every(sandbox, "/v1/posting/fbp/list", body, "postings", "cursor")
        walks.append([(posting["in_process_at"], posting["posting_number"]) for posting in postings])
    assert walks[0] == sorted(walks[0])
    assert [moment for moment, _number in walks[1]] == sorted((m for m, _number in walks[0]), reverse=True)
    assert sorted(walks[1]) == walks[0]


@pytest.mark.parametrize("path", ["/v4/posting/fbs/list", "/v1/posting/fbp/list"])
def test_a_status_nobody_knows_comes_on_order(sandbox: Sandbox, path: str):
    """The first posting of one page has a status that is not documented."""
    now = sandbox.truth()["now"]
    body = {"filter": {"since": f"{int(now[:4]) - 1}{now[4:]}", "to": now}, "limit": 5}
    sandbox.faults(ozon={"unknown_status": 1})
    pages = [sandbox.ok(path, body)["postings"] for _ in range(2)]
    assert [page[0]["status"] == "awaiting_teleport" for page in pages] == [True, False]


def test_a_world_has_as_many_days_of_orders_as_wanted():
    """With one day of history no order is older than that day."""
    with running("--seed", "5", "--size", "40", "--history", "1") as world:
        yesterday = _days_before(world.truth()["now"], 1)
        now = world.truth()["now"]
        period = {"since": f"{int(now[:4]) - 1}{now[4:]}", "to": now}
        postings = world.ok("/v1/posting/fbp/list", {"filter": period, "limit": 100})["postings"]
        assert {posting["in_process_at"][:10] for posting in postings} <= {yesterday, now[:10]}

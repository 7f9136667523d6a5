"""The sandbox's prices, promotions and own warehouses behave as documented."""

from collections.abc import Iterator
from typing import Any

import pytest

from include.sandbox.prices import gap_is_wide
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "30", "--rate", "100000") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


def products(sandbox: Sandbox) -> list[dict[str, Any]]:
    return sandbox.ok("/v5/product/info/prices", {"filter": {}, "limit": 1000})["items"]


def price_of(sandbox: Sandbox, product_id: int) -> dict[str, Any]:
    (item,) = sandbox.ok("/v5/product/info/prices", {"filter": {"product_id": [product_id]}, "limit": 1})[
        "items"
    ]
    return item["price"]


def imported(sandbox: Sandbox, *prices: dict[str, Any]) -> list[dict[str, Any]]:
    return sandbox.ok("/v1/product/import/prices", {"prices": list(prices)})["result"]


def test_each_price_of_a_batch_answers_for_itself(sandbox: Sandbox):
    """Status 200 says nothing: a good price is taken, its neighbours are refused with a code each."""
    first, second = products(sandbox)[:2]
    results = imported(
        sandbox,
        {"product_id": first["product_id"], "price": "100.00", "old_price": "150"},
        {"offer_id": "NOBODY", "price": "1"},
        {"offer_id": second["offer_id"], "price": "-1"},
        {"offer_id": second["offer_id"], "price": "10", "currency_code": "CNY"},
        {"offer_id": second["offer_id"], "price": "100", "old_price": "110"},
    )
    assert [result["updated"] for result in results] == [True, False, False, False, False]
    assert all(result["errors"] for result in results[1:])
    assert price_of(sandbox, first["product_id"])["price"] == 100.0
    assert price_of(sandbox, first["product_id"])["old_price"] == 150.0


def test_a_product_takes_ten_prices_an_hour(sandbox: Sandbox):
    """The eleventh is refused inside a 200; a day later there is room again."""
    product_id = products(sandbox)[2]["product_id"]
    taken = [imported(sandbox, {"product_id": product_id, "price": "500"})[0] for _ in range(11)]
    assert [one["updated"] for one in taken] == [True] * 10 + [False]
    assert taken[-1]["errors"][0]["message"] == "error limiting: acquire limit per item"
    sandbox.advance(1, settle=True)
    assert imported(sandbox, {"product_id": product_id, "price": "500"})[0]["updated"]


@pytest.mark.parametrize("count", [0, 1001])
def test_a_batch_of_prices_has_a_size(sandbox: Sandbox, count: int):
    """Between one and a thousand prices go into a call."""
    body = {"prices": [{"offer_id": "x", "price": "1"}] * count}
    assert sandbox.ask("/v1/product/import/prices", body, admin=True).status_code == 400


@pytest.mark.parametrize(
    ("price", "old_price", "wide"),
    [
        (400, 420, False),
        (400, 421, True),
        (950, 1000, False),
        (949, 1000, True),
        (20_000, 20_500, False),
        (20_000, 20_501, True),
        (100, 1000, False),
        (101, 1000, True),
    ],
)
def test_a_crossed_out_price_keeps_its_distance(price: int, old_price: int, wide: bool):  # noqa: FBT001
    """More than 20 roubles, 5 % or 500 roubles by price, and always below 90 %."""
    assert gap_is_wide(price * 100, old_price * 100) is wide


def test_a_markdown_sells_faster():
    """The same days of the same world sell more at half the price."""
    sold = []
    for halved in (False, True):
        with running("--seed", "11", "--size", "40") as world:
            if halved:
                prices = [
                    {"product_id": one["product_id"], "price": f"{one['price']['price'] / 2:.2f}"}
                    for one in products(world)
                ]
                assert all(result["updated"] for result in imported(world, *prices))
            before = world.truth()["units_on_hand"]
            sold.append(before - world.advance(10)["units_on_hand"])
    assert sold[1] > sold[0] * 1.3


def test_a_product_is_archived_and_comes_back(sandbox: Sandbox):
    """The reply only says that it was asked; the catalogue says what became of it."""
    product_id = products(sandbox)[0]["product_id"]
    for path, archived in (("/v1/product/archive", True), ("/v1/product/unarchive", False)):
        assert sandbox.ok(path, {"product_id": [product_id]}) == {"result": True}
        (item,) = sandbox.ok("/v3/product/info/list", {"product_id": [product_id]})["items"]
        assert item["is_archived"] is archived


def test_a_promotion_takes_what_is_cheap_enough(sandbox: Sandbox):
    """A product takes part below the maximum, which changes its card; a dearer one is rejected."""
    (sale, voucher) = sandbox.http.get("/v1/actions", headers=sandbox.keys("admin_api_key")).json()["result"]
    assert (sale["is_voucher_action"], voucher["is_voucher_action"]) == (False, True)
    body = {"action_id": sale["id"], "limit": 100, "last_id": ""}
    one, other = sandbox.ok("/v2/actions/candidates", body)["products"][3:5]
    wanted = [
        {"product_id": one["id"], "action_price": one["max_action_price"]},
        {"product_id": other["id"], "action_price": other["price"]},
    ]
    told = sandbox.ok("/v1/actions/products/update", {"action_id": sale["id"], "products": wanted})
    assert told["active_product_ids"] == [str(one["id"])]
    assert told["rejected"][0]["product_id"] == other["id"]
    taking_part = sandbox.ok("/v2/actions/products", body)["products"]
    assert [item["id"] for item in taking_part] == [one["id"]]
    assert price_of(sandbox, one["id"])["price"] == float(one["max_action_price"]["amount"])
    only_voucher = {"action_id": sale["id"], "product_ids": [one["id"]]}
    assert sandbox.ask("/v2/actions/products/deactivate", only_voucher, admin=True).status_code == 400


def test_own_stock_is_taken_pair_by_pair(sandbox: Sandbox):
    """A pair may be told once in 30 seconds, a foreign warehouse not at all; each says for itself."""
    (place,) = sandbox.ok("/v2/warehouse/list", {"limit": 200})["warehouses"]
    first = products(sandbox)[5]
    item = {"offer_id": first["offer_id"], "stock": 7, "warehouse_id": place["warehouse_id"]}
    results = sandbox.ok("/v2/products/stocks", {"stocks": [item, item, item | {"warehouse_id": 1}]})[
        "result"
    ]
    assert [result["updated"] for result in results] == [True, False, False]
    codes = [result["errors"][0]["code"] for result in results[1:]]
    assert codes == ["TOO_MANY_REQUESTS", "WAREHOUSE_NOT_FOUND"]
    body = {"filter": {"product_id": [first["product_id"]]}, "limit": 1}
    stocks = sandbox.ok("/v4/product/info/stocks", body)["items"][0]["stocks"]
    assert [(one["type"], one["present"]) for one in stocks][1:] == [("rfbs", 7)]

"""The same assertions on the documented examples and on the sandbox: field names, types, paging."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from include.sandbox.seeding import PLACES
from include.sandbox.shapes import methods
from tests.contract.documented import LISTS, RECORDED, dig, hold_to_the_documents
from tests.contract.sandbox_server import Sandbox, running

FBO = (
    "/v1/product/info/stocks-by-warehouse/fbo",
    "/v1/analytics/stocks",
    "/v3/posting/fbo/list",
    "/v1/removal/from-stock/list",
    "/v1/removal/from-supply/list",
)
WAYS = {"DIRECT_BY_SELLER": "direct", "DROP_OFF": "drop-off", "PICK_UP": "pick-up"}
VOUCHER = 71_343
OURS, SPARE = "Ours", "To spare"


def promote_ourselves(world: Sandbox) -> None:
    """Two promotions of the merchant's own: one with half of the products, one to spare."""
    now = datetime.fromisoformat(world.truth()["now"])
    period = {"date_start": now.isoformat(), "date_end": (now + timedelta(days=30)).isoformat()}
    ours, _spare = (
        world.ok("/v1/seller-actions/create/discount", {"title": title, "min_action_percent": 5, **period})
        for title in (OURS, SPARE)
    )
    joining = [
        {"sku": int(item["sku"]), "discount_percent": 10}
        for item in world.ok("/v3/product/list", {"limit": 5})["result"]["items"]
    ]
    world.ok("/v1/seller-actions/products/add", {**ours, "products": joining})


@pytest.fixture(scope="module")
def fbp() -> Iterator[Sandbox]:
    with running("--seed", "14", "--size", "12") as world:
        world.faults(supply_orders=6, supply_drafts=9, own_sales_days=60)
        joining = [
            {"product_id": item["product_id"], "action_price": {"amount": "1.00", "currency": "RUB"}}
            for item in world.ok("/v3/product/list", {"limit": 5})["result"]["items"]
        ]
        world.ok("/v1/actions/products/update", {"action_id": VOUCHER, "products": joining})
        (place,) = world.ok("/v2/warehouse/list", {"limit": 200})["warehouses"]
        own = [
            {"product_id": one["product_id"], "warehouse_id": place["warehouse_id"], "stock": 4}
            for one in joining
        ]
        world.ok("/v2/products/stocks", {"stocks": own})
        promote_ourselves(world)
        yield world


@pytest.fixture(scope="module")
def fbo() -> Iterator[Sandbox]:
    with running("--seed", "14", "--size", "40", "--scheme", "fbo") as world:
        world.desk().create(world.request("r1", qty=2))
        row = world.full_shelf(status="2")
        line = {"sku": row["sku"], "condition": "damaged_by_seller", "quantity": 1}
        body = {"client_reference": "r2", "warehouse_id": row["warehouse_id"], "destination": "OWN-1"}
        body |= {"handling_class": "standard", "lines": [line]}
        token = world.bearer("partner_token")
        reply = world.http.post("/partner/v1/return-requests", json=body, headers=token)
        assert reply.status_code == 201
        yield world


def places(world: Sandbox) -> dict[str, Any]:
    """What the placeholders of the recorded requests stand for in a world."""
    now = datetime.fromisoformat(world.truth()["now"])
    product = world.ok("/v3/product/list", {"limit": 1})["result"]["items"][0]
    known = {
        "$product_id": product["product_id"],
        "$sku": int(product["sku"]),
        "$warehouse_id": min(PLACES),
        "$offer_id": product["offer_id"],
        "$now": now.isoformat(),
        "$today": now.date().isoformat(),
        "$year_ago": (now - timedelta(days=365)).isoformat(),
        "$sold_on": (now - timedelta(days=20)).date().isoformat(),
        "$action_id": VOUCHER,
    }
    period = {"since": known["$year_ago"], "to": known["$now"]}
    postings = world.ok("/v1/posting/fbp/list", {"filter": period, "limit": 1})["postings"]
    for posting in postings:
        known["$posting_number"] = posting["posting_number"]
    for order in world.ok("/v1/fbp/order/list", {"count": 1})["items"]:
        known["$supply_id"] = order["supply_id"]
    for action in world.ok("/v1/seller-actions/list", {"limit": 100})["actions"]:
        name = {OURS: "$seller_action_id", SPARE: "$spare_action_id"}.get(
            action["action_parameters"]["title"]
        )
        known |= {name: action["action_id"]} if name else {}
    for draft in world.ok("/v1/fbp/draft/list", {"count": 20})["items"]:
        known[f"$draft_{WAYS[draft['delivery_details']['supply_type']]}"] = draft["supply_id"]
    return known


def filled(request: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """A recorded request with what its placeholders stand for."""
    text = json.dumps(request)
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(f'"{name}"', json.dumps(known[name]))
    assert '"$' not in text, text
    return json.loads(text)


def answer_of(world: Sandbox, path: str) -> dict[str, Any]:
    if methods()[path].http == "GET":
        return world.http.get(path, headers=world.keys("admin_api_key")).json()
    return world.ok(path, filled(RECORDED[path]["request"], places(world)))


def test_every_documented_method_is_recorded():
    """Each method the sandbox serves has an example with its source and date."""
    assert set(RECORDED) == set(methods())
    assert all(example["source"] and example["date"] for example in RECORDED.values())


@pytest.mark.parametrize("path", sorted(RECORDED))
def test_the_recorded_example_is_as_documented(path: str):
    """The documented example has the documented shape."""
    hold_to_the_documents(path, RECORDED[path]["response"])


@pytest.mark.parametrize("path", sorted(RECORDED))
def test_the_sandbox_answers_as_documented(path: str, fbp: Sandbox, fbo: Sandbox):
    """The sandbox's answer to the recorded request has the documented shape."""
    hold_to_the_documents(path, answer_of(fbo if path in FBO else fbp, path))


def sized(path: str, request: dict[str, Any], size: int) -> dict[str, Any]:
    """A request for pages of so many rows."""
    if "count" in request:
        return request | {"count": size if path != "/v1/fbp/archive/list" else str(size)}
    return request | {"limit": size} if "limit" in request else request


BY_ROW = {"/v2/returns/rfbs/list", "/v1/returns/list"}
"""These go on after the id of the last row, which is no field of the page: test_ozon_own walks them."""


@pytest.mark.parametrize("path", sorted(set(LISTS) - {"/v1/seller-actions/list"} - BY_ROW))
def test_a_list_is_walked_to_its_end(path: str, fbp: Sandbox, fbo: Sandbox):
    """Small pages give the rows of one large page, once each, and the end is said as documented."""
    world = fbo if path in FBO else fbp
    request = filled(RECORDED[path]["request"], places(world))
    rows, (cursor, *more) = LISTS[path]
    given = "last_id" if cursor.endswith("last_id") else "cursor"
    whole = dig(world.ok(path, sized(path, request, 100)), rows)
    walked: list[Any] = []
    for _ in range(len(whole) + 2):
        page = world.ok(path, sized(path, request, 3 if len(whole) < 30 else 40))
        walked += dig(page, rows)
        over = not page["has_next"] if "has_next" in more else not dig(page, rows)
        if over or len(walked) >= 100:
            break
        following = dig(page, cursor)
        request |= {given: str(following) if path == "/v1/fbp/archive/list" else following}
    assert walked[: len(whole)] == whole
    assert over or len(whole) == 100


def test_the_openapi_document_describes_every_method(fbp: Sandbox):
    """Each method is in /openapi.json with the schema of its request, its answer and its refusals."""
    document = fbp.http.get("/openapi.json").json()
    assert "OzonError" in document["components"]["schemas"]
    for path, method in methods().items():
        told = document["paths"][path][method.http.lower()]
        answer = told["responses"]["200"]["content"]["application/json"]["schema"]
        assert set(answer["properties"]) == set(method.response)
        assert {"400", "403", "429"} <= set(told["responses"])
        assert method.http == "GET" or "requestBody" in told


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v3/product/list", {"limit": "many"}),
        ("/v3/product/list", {"limit": 1001}),
        ("/v4/product/info/stocks", {"limit": 10}),
        ("/v4/product/info/stocks", {"filter": {}, "limit": 10, "cursor": "not a cursor"}),
        ("/v1/analytics/stocks", {"skus": list(range(1, 102))}),
        ("/v1/product/info/stocks-by-warehouse/fbo", {"limit": 10}),
        ("/v1/posting/fbp/list", {"limit": 10}),
        ("/v4/posting/fbs/unfulfilled/list", {"filter": {}, "limit": 10}),
        ("/v1/fbp/order/get", {}),
        ("/v1/removal/from-stock/list", {"date_from": "yesterday", "date_to": "2026-01-01", "limit": 5}),
        ("/v1/removal/from-stock/list", {"date_from": "2026-01-01", "date_to": "2026-01-01", "limit": 501}),
        ("/v2/products/stocks", {"stocks": [{"offer_id": "x"}] * 101}),
        ("/v1/product/archive", {"product_id": list(range(101))}),
        ("/v1/finance/accrual/by-day", {"date": "2021-12-31", "last_id": ""}),
        ("/v2/actions/products", {"limit": 10}),
        ("/v1/seller-actions/list", {"limit": 101}),
        ("/v1/seller-actions/list", {"limit": 10, "search": "ab"}),
        ("/v1/seller-actions/create/discount", {"title": "x", "min_action_percent": 5}),
        ("/v1/seller-actions/products/list", {"action_id": 9001, "limit": 101}),
        ("/v1/seller-actions/products/add", {"action_id": 9001, "products": [{"sku": 1}] * 101}),
        ("/v1/seller-actions/products/delete", {"action_id": 9001, "skus": ["1"] * 101}),
    ],
)
def test_what_is_out_of_bounds_is_refused(fbp: Sandbox, path: str, body: dict[str, Any]):
    """A request beyond the documented limits is 400 with code 3 and details."""
    reply = fbp.ask(path, body, admin=True)
    assert (reply.status_code, reply.json()["code"]) == (400, 3)
    assert reply.json()["details"] == []

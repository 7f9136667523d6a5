"""The sandbox's doors refuse, throttle and misbehave as documented and as told."""

import json

import pytest

from tests.contract.sandbox_server import Sandbox, running

YEAR = {"since": "2026-01-01T00:00:00Z", "to": "2026-12-31T00:00:00Z"}


@pytest.fixture(scope="module")
def small():
    with running("--seed", "2", "--size", "8") as world:
        yield world


def test_its_openapi_names_every_door(small: Sandbox):
    """The document at /openapi.json has the paths the adapters speak to."""
    paths = small.http.get("/openapi.json").json()["paths"]
    assert {
        "/v3/product/list",
        "/v4/posting/fbs/list",
        "/partner/v1/return-requests",
        "/partner/v1/events",
        "/dock/v1/counts",
    } <= set(paths)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v3/product/list", {"limit": 0}, 400, 3),
        ("/v3/product/list", [], 400, 3),
        ("/v4/posting/fbs/list", {"limit": 10}, 400, 3),
        ("/v4/posting/fbs/list", {"limit": 101, "filter": YEAR}, 400, 3),
        ("/v9/nothing", {}, 404, 5),
    ],
)
def test_the_marketplace_door_refuses_in_the_documented_shape(
    small: Sandbox, path: str, body: object, status: int, code: int
):
    """An error has code and message, whatever the reason."""
    keys = {"Client-Id": small.greeting["client_id"], "Api-Key": small.greeting["api_key"]}
    reply = small.http.post(path, json=body, headers=keys)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert isinstance(reply.json()["message"], str)


def test_throttling_looks_like_the_marketplaces(small: Sandbox):
    """Status 429 has code 8 and Retry-After, and comes as often as ordered."""
    keys = {"Client-Id": small.greeting["client_id"], "Api-Key": small.greeting["api_key"]}
    small.faults(ozon={"throttle_429": 2})
    replies = [small.http.post("/v3/product/list", json={"limit": 1}, headers=keys) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [429, 429, 200]
    assert replies[0].json() == {"code": 8, "message": "You have reached request rate limit per second"}
    assert replies[0].headers["retry-after"] == "1"


def test_ids_come_as_numbers_and_as_text(small: Sandbox):
    """An int64 is now a number, now a text, as with the real service."""
    keys = {"Client-Id": small.greeting["client_id"], "Api-Key": small.greeting["api_key"]}
    reply = small.http.post("/v3/product/list", json={"limit": 100}, headers=keys)
    assert {type(item["sku"]) for item in reply.json()["result"]["items"]} == {int, str}


@pytest.mark.parametrize("path", ["/world/state", "/partner/v1/events", "/dock/v1/counts"])
def test_every_door_asks_for_its_own_token(small: Sandbox, path: str):
    """No token is 401, another door's is 403."""
    assert small.http.get(path).status_code == 401
    own = {"/world": "world_token", "/partn": "partner_token", "/dock/": "dock_token"}[path[:6]]
    others = {"world_token", "partner_token", "dock_token"} - {own}
    for name in others:
        assert small.http.get(path, headers=small.bearer(name)).status_code == 403
    assert small.http.get(path, headers=small.bearer(own)).status_code == 200


def test_an_unknown_fault_is_refused(small: Sandbox):
    """A mistyped fault is named instead of never happening."""
    body = {"create": {"throttle": 1}}
    reply = small.http.post("/world/faults", json=body, headers=small.bearer("world_token"))
    assert reply.status_code == 422
    assert "throttle_429" in json.loads(reply.content)["message"]

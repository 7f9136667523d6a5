"""The sandbox lets in and refuses as the marketplace does: keys, roles, limits, methods switched off."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from include.sandbox.doors.ozon_retired import RETIRED
from include.sandbox.limits import Limits, Rate
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "2", "--size", "6", "--limits") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


def days_left(sandbox: Sandbox) -> float:
    told = sandbox.ask("/v1/roles", {}).json()["expires_at"]
    return (datetime.fromisoformat(told) - datetime.now(UTC)) / timedelta(days=1)


def test_a_key_tells_its_roles_and_its_end(sandbox: Sandbox):
    """A new key lives three months; its roles name the methods they open, reading ones here."""
    (role,) = sandbox.ask("/v1/roles", {}).json()["roles"]
    assert role["name"] == "Admin read only"
    assert "/v4/product/info/stocks" in role["methods"]
    assert "/v1/product/archive" not in role["methods"]
    assert 89 < days_left(sandbox) <= 90


def test_the_key_changes_on_order(sandbox: Sandbox):
    """Other roles and another end, until calm is ordered."""
    sandbox.faults(key={"roles": ["Admin", "Finance"], "expires_in_days": 5})
    names = [role["name"] for role in sandbox.ask("/v1/roles", {}).json()["roles"]]
    assert names == ["Admin", "Finance"]
    assert 4.9 < days_left(sandbox) <= 5
    assert days_left(sandbox.calm()) > 89


def test_an_unknown_role_is_refused(sandbox: Sandbox):
    """A mistyped role is named instead of never being missed."""
    order = {"key": {"roles": ["Owner"]}}
    reply = sandbox.http.post("/world/faults", json=order, headers=sandbox.bearer("world_token"))
    assert reply.status_code == 422


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"expires_in_days": -1}, "Api-key is deactivated"),
        ({"refused": "deactivated"}, "Api-key is deactivated"),
        ({"refused": "ip_restricted"}, "Api-Key is restricted to specific IP addresses"),
        ({"refused": "offer_not_signed"}, "Offer not signed"),
        ({"refused": "invalid"}, "Invalid Api-Key"),
        ({"roles": ["Finance"]}, "Api-Key is missing a required role for a method"),
    ],
)
def test_a_key_without_the_right_is_refused_as_documented(sandbox: Sandbox, change: dict, message: str):
    """403 with code 7 and the documented words."""
    sandbox.faults(key=change)
    reply = sandbox.ask("/v3/product/list", {"limit": 1})
    assert (reply.status_code, reply.json()["code"], reply.json()["details"]) == (403, 7, [])
    assert reply.json()["message"].startswith(message)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, 16),
        ({"Client-Id": "abc", "Api-Key": "x"}, 400, 3),
        ({"Client-Id": "77", "Api-Key": "x"}, 404, 5),
    ],
)
def test_a_wrong_client_is_refused(sandbox: Sandbox, headers: dict[str, str], status: int, code: int):
    """No headers, a Client-Id that is no number, and one nobody knows, are three refusals."""
    reply = sandbox.http.post("/v1/roles", json={}, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_a_wrong_key_is_refused(sandbox: Sandbox):
    """A known Client-Id with another key is 403."""
    headers = sandbox.keys() | {"Api-Key": "wrong"}
    assert sandbox.http.post("/v1/roles", json={}, headers=headers).status_code == 403


def test_the_reading_key_cannot_write(sandbox: Sandbox):
    """Writing needs the key with the role Admin."""
    assert sandbox.ask("/v1/product/archive", {"product_id": [500_000_000]}).status_code == 403


@pytest.mark.parametrize("path", RETIRED)
def test_a_retired_method_says_so(sandbox: Sandbox, path: str):
    """A method that was switched off answers 400 with code 9, as seen."""
    reply = sandbox.ask(path, {})
    told = {"code": 9, "message": "obsolete method cannot be used", "details": []}
    assert (reply.status_code, reply.json()) == (400, told)


def test_more_requests_than_allowed_are_throttled():
    """One too many within a second is 429 with code 8 and Retry-After, and is counted."""
    with running("--seed", "2", "--size", "3", "--rate", "2") as world:
        replies = [world.ask("/v1/roles", {}) for _ in range(12)]
        late = [reply for reply in replies if reply.status_code == 429]
        assert late
        told = {"code": 8, "message": "You have reached request rate limit per second"}
        assert late[0].json() == told
        assert late[0].headers["retry-after"] == "1"
        assert world.truth()["ozon_requests"] == 12
        assert world.truth()["ozon_throttled"] == len(late)


def test_fifty_requests_a_second_pass_and_the_next_one_does_not():
    """The bucket of a Client-Id holds fifty; a day of the world fills it, another client has its own."""
    day = 0
    limits = Limits(lambda: day)
    assert [limits.ask("7", "/v3/product/list") for _ in range(50)] == [0] * 50
    assert limits.ask("7", "/v3/product/list") == 1
    assert limits.ask("8", "/v3/product/list") == 0
    day = 1
    assert limits.ask("7", "/v3/product/list") == 0
    assert (limits.requests, limits.throttled) == (53, 1)


def test_a_method_has_its_own_limit():
    """The stock of own warehouses may be told 80 times a minute."""
    limits = Limits(lambda: 0, 1000)
    waits = [limits.ask("7", "/v2/products/stocks") for _ in range(81)]
    assert [wait > 0 for wait in waits] == [False] * 80 + [True]


def test_an_item_has_its_own_limit():
    """One item may be written so often in a period, another one still can."""
    limits = Limits(lambda: 0)
    assert [limits.item("a", Rate(2, 3600)) for _ in range(3)] == [True, True, False]
    assert limits.item("b", Rate(2, 3600))


def test_without_limits_nothing_is_throttled():
    """Zero requests a second means no limit at all."""
    limits = Limits(lambda: 0, 0)
    assert [limits.ask("7", "/v2/products/stocks") for _ in range(200)] == [0] * 200

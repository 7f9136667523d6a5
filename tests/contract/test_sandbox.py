"""The sandbox keeps its own promises: it adds up, it repeats, it remembers, it misbehaves as told."""

import json
import signal
import socket
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from include.sandbox.seeding import PLACES
from tests.contract.sandbox_server import ROOT, Sandbox, running

YEAR = {"since": "2026-01-01T00:00:00Z", "to": "2026-12-31T00:00:00Z"}


def all_postings(world: Sandbox) -> list[dict[str, Any]]:
    """Every posting, by the younger of the two order lists."""
    keys = {"Client-Id": world.greeting["client_id"], "Api-Key": world.greeting["api_key"]}
    state = world.truth()
    middle = state["now"][:4]
    period = {"since": f"{int(middle) - 1}-07-01T00:00:00Z", "to": f"{middle}-07-01T00:00:00Z"}
    later = {"since": f"{middle}-07-01T00:00:01Z", "to": f"{int(middle) + 1}-07-01T00:00:00Z"}
    found: list[dict[str, Any]] = []
    for wanted in (period, later):
        cursor = ""
        while True:
            body = {"filter": wanted, "cursor": cursor, "limit": 100}
            page = world.http.post("/v1/posting/fbp/list", json=body, headers=keys).json()
            if not page["postings"]:
                break
            found += page["postings"]
            cursor = page["cursor"]
    return found


def sold_by_sku(world: Sandbox) -> Counter[str]:
    """Pieces that left with orders, as the marketplace tells it."""
    gone: Counter[str] = Counter()
    for posting in all_postings(world):
        if posting["status"] in ("delivering", "delivered"):
            for product in posting["products"]:
                gone[str(product["sku"])] += product["quantity"]
    return gone


def initial_by_sku(world: Sandbox) -> Counter[str]:
    put: Counter[str] = Counter()
    for key, qty in world.truth(shelves=True)["initial"].items():
        put[key.split("|")[1]] += qty
    return put


def told_by_sku(world: Sandbox) -> Counter[str]:
    """On hand + sold + shipped, each as its own door tells it."""
    told = sold_by_sku(world)
    for row in world.stock():
        told[row["sku"]] += int(row["quantity"])
    for event in world.desk().events():
        told[event.sku] += event.qty
    return told


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_no_piece_is_lost_or_invented_whatever_happens(seed: str):
    """Per SKU, what was put in = on hand + sold + shipped, by what the doors say, on every day."""
    with running("--seed", seed, "--size", "30") as world:
        initial = initial_by_sku(world)
        assert +told_by_sku(world) == +initial
        for number in range(6):
            world.desk().create(world.request(f"r{number}", qty=30, rank=number))
            assert world.advance(2, settle=number > 3)["broken_shelves"] == []
            assert +told_by_sku(world) == +initial
        end = world.advance(20, settle=True)
        assert (end["open_orders"], end["open_requests"]) == (0, 0)
        assert end["units_shipped"] == end["units_accepted"] == end["units_received"] + end["units_lost"]
        assert +told_by_sku(world) == +initial


def test_a_new_world_has_nothing_pending():
    """At the start every order has left or was cancelled, and no piece is reserved."""
    with running("--seed", "6") as world:
        assert {posting["status"] for posting in all_postings(world)} <= {
            "delivering",
            "delivered",
            "cancelled",
        }
        assert {row["reserved"] for row in world.stock()} == {"0"}
        assert {row["warehouse_id"] for row in world.stock()} == set(PLACES)


def test_planted_orders_reserve_and_settle_away():
    """Planted orders are pending and tie pieces; days without buyers let them run out."""
    with running("--seed", "6", "--size", "10") as world:
        numbers = world.faults(pending_orders=3, unknown_status_orders=1)["planted_orders"]
        assert len(set(numbers)) == world.truth()["open_orders"] == 4
        assert sum(int(row["reserved"]) for row in world.stock()) == 4
        assert world.advance(3, settle=True)["open_orders"] == 0


def test_the_same_seed_makes_the_same_world():
    """Two worlds of one seed have the same goods and fate; another seed has another."""
    worlds = []
    for seed in ("7", "7", "8"):
        with running("--seed", seed, "--size", "20") as world:
            world.desk().create(world.request("r", qty=20))
            end = world.advance(10)
            stock = [(row["sku"], row["quantity"]) for row in world.stock()]
            worlds.append((stock, {key: end[key] for key in end if key.startswith("units")}))
    assert worlds[0] == worlds[1]
    assert worlds[0] != worlds[2]


def test_a_restart_continues_the_same_world(tmp_path: Path):
    """The state file brings back time, goods, requests, events and tokens; it is for its owner only."""
    file = tmp_path / "world.json"
    arguments = ("--seed", "9", "--size", "20", "--state", str(file))
    with running(*arguments) as world:
        world.desk().create(world.request("r", qty=5))
        world.advance(4)
        before = (world.truth(shelves=True), world.stock(), list(world.desk().events()))
        first = world.greeting
    with running(*arguments) as world:
        assert (world.truth(shelves=True), world.stock(), list(world.desk().events())) == before
        assert {**world.greeting, "address": ""} == {**first, "address": ""}
        assert world.desk().create(world.request("r", qty=5)).accepted is None
        assert Path(world.greeting["costs_csv"]).read_bytes() == world.http.get("/world/costs.csv").content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["world.costs.csv", "world.json"]


def test_nothing_acknowledged_is_forgotten_by_a_kill(tmp_path: Path):
    """A request that was answered is in the file, even if the process is killed right after."""
    arguments = ("--seed", "9", "--size", "10", "--state", str(tmp_path / "world.json"))
    with running(*arguments) as world:
        assert world.desk().create(world.request("r")).accepted is not None
        world.process.kill()
    with running(*arguments) as world:
        assert len(world.desk().find("r").matches) == 1


def test_a_mirror_accepts_what_it_does_not_know():
    """With --mirror any SKU in any warehouse is accepted in full, shipped and counted."""
    with running("--seed", "9", "--size", "10", "--mirror") as world:
        request = world.request("r", qty=900, warehouse_id="WH-ANY")
        accepted = world.desk().create(request).accepted
        assert accepted is not None
        assert accepted.lines[0].accepted_qty == 900
        end = world.advance(12, settle=True)
        assert end["units_shipped"] == 900
        assert end["units_received"] + end["units_lost"] == 900
        assert end["broken_shelves"] == []


def run_refused(*arguments: str) -> str:
    command = [sys.executable, "-m", "include.sandbox", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    assert done.stdout == ""
    return done.stderr


def test_another_seed_than_the_files_is_refused(tmp_path: Path):
    """A state file is never mistaken for another world; the message says which seed it has."""
    file = tmp_path / "world.json"
    with running("--seed", "9", "--size", "5", "--state", str(file)):
        pass
    assert "start with --seed 9" in run_refused("--seed", "1", "--state", str(file))


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"seed": 1, "products": [{}]}'])
def test_a_broken_state_file_is_refused(tmp_path: Path, content: str):
    """A file that holds no world is named and left as it is."""
    file = tmp_path / "world.json"
    file.write_text(content)
    assert "is not the file of a world" in run_refused("--seed", "1", "--state", str(file))
    assert file.read_text() == content


def test_a_taken_port_is_named():
    """A port in use ends the start with a sentence."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        assert f"port {port} is taken" in run_refused("--port", port)


def test_sigterm_ends_it_even_while_a_peer_waits():
    """A connection that is left hanging does not keep the server alive."""
    with running("--seed", "9", "--size", "5") as world:
        world.faults(partner={"hang": True})
        assert not world.desk().find("r").complete
        world.process.send_signal(signal.SIGTERM)
        assert world.process.wait(timeout=10) in (0, -signal.SIGTERM)


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

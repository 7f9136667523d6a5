"""The sandbox's world adds up, whatever happens in it, and repeats itself by its seed."""

from collections import Counter
from typing import Any

import pytest

from include.sandbox.seeding import PLACES
from tests.contract.sandbox_server import Sandbox, running


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

"""Own stock told to the sandbox through the ledger: once, whatever gets lost, and read back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.winddown.adapters.marketplaces.ozon_shelves import OzonShelves
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.domain.cabinet import differences
from include.winddown.domain.errors import MarketplaceRefused, OutcomeUnknown
from include.winddown.domain.policy import Policy
from include.winddown.domain.publish import Item, Stands
from include.winddown.runtime import doors
from include.winddown.steps import publishing
from tests.contract.sandbox_server import QUICK, Sandbox, running

ZONE = {"fee_minor": 300, "cost_minor": 250, "promised_days": 3, "transit_days": 3}
DELIVERY = {
    "by": "self",
    "warehouse": "Own shelf",
    "method": "Own courier",
    "origin": "Moscow",
    "zones": {"m": ZONE},
}


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "8", "--size", "130") as started:
        yield started


@contextmanager
def desk_of(world: Sandbox, key: str = "admin_api_key", horizon_s: float = 30.0) -> Iterator[OzonShelves]:
    ozon = world.ozon(api_key=world.greeting[key], limits=QUICK)
    with ozon.peer.line() as line:
        yield OzonShelves(line, ozon.client_id, horizon_s)


@pytest.fixture
def shop(
    world: Sandbox, engine: Engine, approved_plan_id: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> "Shop":
    from upath import UPath

    assert approved_plan_id
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))
    monkeypatch.setattr(publishing, "standing_plan", lambda _exit_id: (None, approved_plan_id))
    return Shop(world.calm(), engine)


class Shop:
    """The shop's articles, and what is told of them."""

    def __init__(self, world: Sandbox, engine: Engine) -> None:
        self.world, self.engine = world, engine
        reply = world.ok("/v3/product/list", {"limit": 1000, "filter": {"visibility": "ALL"}})
        self.skus = {str(one["sku"]): one["offer_id"] for one in reply["result"]["items"]}
        with desk_of(world) as desk:
            (place,) = desk.places()
        self.place = place.warehouse_id
        for first in range(0, len(self.skus), 100):  # a world is shared; every test begins at nothing
            self.put(dict.fromkeys(list(self.skus)[first : first + 100], 0))

    def put(self, wanted: dict[str, int]) -> None:
        stocks = [
            {"offer_id": self.skus[sku], "warehouse_id": int(self.place), "stock": qty}
            for sku, qty in wanted.items()
        ]
        assert all(
            one["updated"] for one in self.world.ok("/v2/products/stocks", {"stocks": stocks})["result"]
        )

    def stands(self) -> dict[str, int]:
        with desk_of(self.world) as desk:
            read = desk.stands(list(self.skus), self.place)
        assert read.complete
        return {sku: one.free_qty for sku, one in read.stands.items() if one.free_qty}

    def items(self, count: int, qty: int = 5) -> list[Item]:
        return [Item(sku=sku, offer_id=self.skus[sku], qty=qty) for sku in list(self.skus)[:count]]

    def publish(self, items: list[Item], digest: str = "e" * 64, **other: Any) -> dict[str, str]:
        with desk_of(self.world, **other) as desk:
            return publishing.publish("demo-1", digest, items, self.place, desk)

    def states(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(text("select state from effect where kind = 'own_stock'")))


def test_the_cabinet_is_read(world: Sandbox) -> None:
    """Warehouse and method are found by their names; what is otherwise is named."""
    with desk_of(world) as desk:
        places, ways = desk.places(), desk.ways()
    assert differences(Policy.of({"delivery": DELIVERY}).delivery, places, ways) == []
    for change, words in (
        ({"warehouse": "Other"}, "0 warehouses are called 'Other'"),
        ({"method": "Post"}, "0 delivery methods of it are called 'Post'"),
        ({"cut_off": "15:00"}, "its cut-off is 14:00, not 15:00"),
        ({"working_days": "1,2"}, "Monday, Tuesday, Wednesday, Thursday, Friday, not Monday, Tuesday"),
        ({"by": "third_party", "provider": "P", "service": "S", "tariff": "T"}, "of the kind non_integrated"),
    ):
        (found,) = differences(Policy.of({"delivery": DELIVERY | change}).delivery, places, ways)
        assert words in found


def test_what_came_home_is_added_to_what_stands(shop: Shop) -> None:
    """In groups of a hundred, read back; again nothing is told, and nothing counts twice."""
    items = shop.items(120)
    shop.put({items[0].sku: 7})
    assert set(shop.publish(items).values()) == {"done"}
    assert shop.states() == ["confirmed"] * 2
    expected = dict.fromkeys((one.sku for one in items), 5) | {items[0].sku: 12}
    assert shop.stands() == expected
    assert set(shop.publish(items).values()) == {"done"}
    assert shop.stands() == expected


def test_a_product_that_cannot_be_moved_is_named(shop: Shop) -> None:
    """CB_DELIVERY_ONLY_FBP stops one product, not the others."""
    shop.world.faults(stocks={"only_fbp": 1})
    items = shop.items(3)
    became = shop.publish(items)
    assert became == {items[0].sku: "not_movable", items[1].sku: "done", items[2].sku: "done"}
    assert shop.stands() == {items[1].sku: 5, items[2].sku: 5}


@pytest.mark.parametrize("fault", ["drop_reply_after_acting", "error_502_after", "garbled_200"])
def test_a_lost_reply_is_looked_up_and_not_told_again(shop: Shop, fault: str) -> None:
    """What stands is the proof."""
    shop.world.faults(stocks={fault: 1})
    items = shop.items(2)
    with pytest.raises(OutcomeUnknown, match="1 groups of own stock are not settled yet"):
        shop.publish(items)
    assert shop.states() == ["unknown"]
    assert set(shop.publish(items).values()) == {"done"}
    assert shop.stands() == dict.fromkeys((one.sku for one in items), 5)


@pytest.mark.parametrize("fault", ["throttle_429", "error_503_before"])
def test_what_did_not_arrive_is_told_later(shop: Shop, fault: str) -> None:
    """A refusal before anything was done leaves it ready or unknown; it stands in the end, once."""
    shop.world.faults(stocks={fault: 1})
    items = shop.items(2)
    with pytest.raises(OutcomeUnknown):
        shop.publish(items, horizon_s=0.0)
    assert set(shop.publish(items, horizon_s=0.0).values()) == {"done"}
    assert shop.stands() == dict.fromkeys((one.sku for one in items), 5)


def test_what_somebody_else_told_is_left_alone(shop: Shop) -> None:
    """A stock that is neither base nor target is a conflict; it is named and not overwritten."""
    shop.world.faults(stocks={"throttle_429": 1})
    items = shop.items(2)
    with pytest.raises(OutcomeUnknown):
        shop.publish(items)
    shop.put({items[0].sku: 3})
    became = shop.publish(items)
    assert became == {items[0].sku: "conflict: 3 pieces stand there, not 5", items[1].sku: "done"}
    assert shop.stands() == {items[0].sku: 3, items[1].sku: 5}


def test_a_key_that_only_reads_tells_nothing(shop: Shop) -> None:
    """The marketplace refuses it before anything is done."""
    with pytest.raises(MarketplaceRefused, match="refuses 1 groups of own stock"):
        shop.publish(shop.items(2), key="api_key")
    assert shop.stands() == {}


def test_a_second_return_adds_only_what_is_new(shop: Shop) -> None:
    """What was told under another digest is not told again."""
    items = shop.items(1)
    shop.publish(items)
    rows = {
        row["sku"]: row["told_qty"]
        for row in publishing.ask_rows(shop.engine, "publish_told", exit_id="demo-1")
    }
    assert rows == {items[0].sku: 5}
    left, _ = publishing.left_to_tell({items[0].sku: 8}, rows, shop.skus)
    shop.publish(left, "f" * 64)
    assert shop.stands() == {items[0].sku: 8}
    assert Stands(free_qty=8, reserved_qty=0)
    assert EffectLedger(shop.engine).open("demo-1") == []

"""Prices at Ozon: read and set once, against the sandbox and against a server that answers nonsense."""

from collections.abc import Iterator

import pytest

from include.winddown.adapters.marketplaces.ozon_prices import OzonPrices
from include.winddown.domain.effects import Outcome
from include.winddown.domain.errors import ContractBroken, MarketplaceRefused
from include.winddown.domain.prices import NewPrice
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.test_ozon_union import peer_of
from tests.contract.tiny_server import Answer, tiny

ONE = NewPrice(offer_id="A", price_minor=1005, old_price_minor=0, currency="RUB")


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "12") as started:
        yield started


@pytest.fixture
def desk(world: Sandbox) -> Iterator[OzonPrices]:
    with world.calm().ozon(api_key=world.greeting["admin_api_key"]).peer.line() as line:
        yield OzonPrices(line, world.greeting["client_id"])


@pytest.fixture
def offers(world: Sandbox) -> dict[str, int]:
    reply = world.calm().ok("/v5/product/info/prices", {"filter": {}, "limit": 1000})
    return {item["offer_id"]: round(item["price"]["price"] * 100) for item in reply["items"]}


def test_prices_are_read_by_offer(desk: OzonPrices, offers: dict[str, int]):
    """Each price that is asked for, to the kopeck; one that is not there is not in a complete read."""
    asked = [*list(offers)[:3], "NO-SUCH"]
    read = desk.prices(asked)
    assert read.complete
    assert {one.offer_id: one.price_minor for one in read.prices.values()} == {
        o: offers[o] for o in asked[:3]
    }
    assert {one.currency for one in read.prices.values()} == {"RUB"}


def test_archived_products_are_read_too(world: Sandbox, desk: OzonPrices, offers: dict[str, int]):
    """A product that is archived has a price; a list of all products leaves it out."""
    offer = list(offers)[5]
    reply = world.ok("/v5/product/info/prices", {"filter": {"offer_id": [offer]}, "limit": 10})
    world.ok("/v1/product/archive", {"product_id": [reply["items"][0]["product_id"]]})
    read = desk.prices([offer, *list(offers)[:2]])
    assert {one.price_minor for one in read.prices.values()} == {offers[o] for o in read.prices}
    assert offer in read.prices


def test_prices_are_set_and_each_answers_for_itself(desk: OzonPrices, offers: dict[str, int]):
    """A price that is refused is named with Ozon's code; the others are in force."""
    (good, minor), (bad, _) = list(offers.items())[3:5]
    prices = [
        NewPrice(offer_id=good, price_minor=minor // 2, old_price_minor=minor, currency="RUB"),
        NewPrice(offer_id=bad, price_minor=minor // 2, old_price_minor=0, currency="USD"),
    ]
    reply = desk.set_prices(prices, "ours")
    assert reply.outcome is Outcome.OK
    assert [(one.item_id, one.is_done) for one in reply.answers] == [(good, True), (bad, False)]
    assert reply.answers[1].errors[0].startswith("CURRENCY_MISMATCH")
    assert desk.prices([good]).prices[good].price_minor == minor // 2


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("throttle_429", Outcome.NOT_SENT),
        ("error_503_before", Outcome.UNKNOWN),
        ("drop_before_acting", Outcome.UNKNOWN),
        ("redirect_307", Outcome.UNKNOWN),
        ("drop_reply_after_acting", Outcome.UNKNOWN),
        ("error_502_after", Outcome.UNKNOWN),
        ("garbled_200", Outcome.UNKNOWN),
        ("hang", Outcome.UNKNOWN),
    ],
)
def test_prices_are_sent_once_whatever_comes_back(
    world: Sandbox, desk: OzonPrices, offers: dict[str, int], fault: str, outcome: Outcome
):
    """Every reply is read by the table of ADR 4, and nothing is sent a second time."""
    offer, minor = list(offers.items())[-1]
    world.faults(prices={fault: 1})
    before = world.truth()["ozon_requests"]
    price = NewPrice(offer_id=offer, price_minor=minor, old_price_minor=0, currency="RUB")
    assert desk.set_prices([price], "ours").outcome is outcome
    assert world.truth()["ozon_requests"] == before + 1


def test_a_read_that_failed_proves_nothing(world: Sandbox, desk: OzonPrices, offers: dict[str, int]):
    """A read that is not complete says so and why."""
    world.faults(ozon={"down": True})
    read = desk.prices(list(offers)[:2])
    assert not read.complete
    assert "gives no usable answer" in read.detail


def test_a_key_that_only_reads_is_denied(world: Sandbox, offers: dict[str, int]):
    """Nothing happened, and a person mends the key."""
    with world.calm().ozon().peer.line() as line:
        price = NewPrice(offer_id=min(offers), price_minor=100, old_price_minor=0, currency="RUB")
        assert OzonPrices(line, "1").set_prices([price], "ours").outcome is Outcome.DENIED
    with world.ozon(api_key="wrong").peer.line() as line, pytest.raises(MarketplaceRefused):
        OzonPrices(line, "1").prices(["A"])


@pytest.mark.parametrize(
    "body",
    [
        {"result": []},
        {"result": [{"offer_id": "B", "updated": True, "errors": []}]},
        {"result": [{"offer_id": "A", "updated": "yes", "errors": []}]},
        {"code": 9, "message": "obsolete method cannot be used"},
    ],
)
def test_an_answer_about_other_items_is_no_answer(body: dict):
    """A success about other items, or without the documented shape, leaves the outcome unknown."""
    with tiny(lambda _path, _body: Answer(body=body)) as server, peer_of(server).line() as line:
        assert OzonPrices(line, "1").set_prices([ONE], "ours").outcome is Outcome.UNKNOWN
    assert server.asked[0][1]["prices"][0] == {
        "offer_id": "A",
        "price": "10.05",
        "currency_code": "RUB",
        "old_price": "0",
    }


def test_a_refused_call_is_refused(world: Sandbox, desk: OzonPrices):
    """A call that Ozon refuses in its own words did nothing."""
    many = [ONE] * 1001
    reply = desk.set_prices(many, "ours")
    assert (reply.outcome, reply.answers) == (Outcome.REJECTED, ())
    assert world.greeting["client_id"] in desk.manner.account


def test_a_price_that_is_no_amount_stops_the_read():
    """What cannot be read as money is never taken for a price."""
    item = {"offer_id": "A", "price": {"price": "12,5", "currency_code": "RUB"}}
    answer = Answer(body={"items": [item], "cursor": "", "total": 1})
    wrong = pytest.raises(ContractBroken, match="an amount of money")
    with tiny(lambda _path, _body: answer) as server, peer_of(server).line() as line, wrong:
        OzonPrices(line, "1").prices(["A"])

"""The merchant's own promotions, against the sandbox."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.winddown.adapters.http import Line
from include.winddown.adapters.marketplaces import ozon_seller_actions as actions
from include.winddown.adapters.marketplaces.ozon_seller_actions import NewDiscount, Offer
from include.winddown.domain.errors import MarketplaceRefused, OutcomeUnknown
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.test_ozon_union import peer_of
from tests.contract.tiny_server import Answer, tiny


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "150") as started:
        yield started


@pytest.fixture
def line(world: Sandbox) -> Iterator[Line]:
    with world.calm().ozon(api_key=world.greeting["admin_api_key"]).peer.line() as opened:
        yield opened


@pytest.fixture
def new(world: Sandbox, request: pytest.FixtureRequest) -> NewDiscount:
    """A promotion that runs now, under a title of the test's own."""
    now = datetime.fromisoformat(world.truth()["now"])
    return NewDiscount(
        title=request.node.name,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=20),
        percent_min=10,
    )


def status_of(line: Line, action_id: str) -> str | None:
    found = {action.action_id: action.status for action in actions.seller_actions(line)}
    return found.get(action_id)


def test_a_discount_is_made_filled_switched_and_put_away(line: Line, new: NewDiscount):
    """From creation to archive: it begins empty and paused, and is found by title and times."""
    action_id = actions.create_discount(line, new)
    (found,) = actions.find_discounts(line, new)
    assert (found.action_id, found.kind, found.status) == (action_id, "DISCOUNT", "PAUSED")
    assert (found.starts_at, found.ends_at) == (new.starts_at, new.ends_at)
    assert list(actions.action_products(line, action_id)) == []
    actions.switch_action(line, action_id, is_on=True)
    assert status_of(line, action_id) == "ACTIVE"
    actions.switch_action(line, action_id, is_on=False)
    assert status_of(line, action_id) == "PAUSED"
    actions.archive_action(line, action_id)
    assert status_of(line, action_id) is None


def test_every_product_answers_for_itself(line: Line, new: NewDiscount):
    """Prices and percentages are taken; too small a discount, an unknown SKU or another price is told by item."""
    action_id = actions.create_discount(line, new)
    first, second, third, *_ = actions.action_products(line, action_id, actions.CANDIDATES)
    usual_minor = round(float(str(first.told["base_price"])) * 100)
    offers = [
        Offer(sku=first.skus[0], price_minor=usual_minor // 2),
        Offer(sku=second.skus[0], percent=12.5),
        Offer(sku=third.skus[0], percent=9),
        Offer(sku="1", percent=50),
    ]
    answers = list(actions.add_products(line, action_id, offers, "RUB"))
    assert [one.item_id for one in answers] == [offer.sku for offer in offers]
    assert [one.is_done for one in answers] == [True, True, False, False]
    assert answers[3].errors == ("not in the promotion after it was sent",)
    there = {product.skus[0]: product.action_price for product in actions.action_products(line, action_id)}
    assert set(there) == {first.skus[0], second.skus[0]}
    assert round(float(there[first.skus[0]]) * 100) == usual_minor // 2
    gone = actions.remove_products(line, action_id, [first.skus[0], "1"])
    assert [one.is_done for one in gone] == [True, True]
    assert [one.skus for one in actions.action_products(line, action_id)] == [second.skus]


def test_the_price_holds_while_it_is_on(line: Line, new: NewDiscount):
    """Buyers see the promotion's price from switching it on to putting it away."""
    action_id = actions.create_discount(line, new)
    product = next(actions.action_products(line, action_id, actions.CANDIDATES))
    usual = float(str(product.told["price"]))

    def price() -> float:
        body = {"filter": {"offer_id": [product.offer_id]}, "limit": 1}
        reply, _ = line.post("/v5/product/info/prices", body, repeatable=True)
        (item,) = list(reply["items"])
        return float(item["price"]["price"].amount())

    assert all(
        one.is_done
        for one in actions.add_products(line, action_id, [Offer(sku=product.skus[0], percent=50)], "RUB")
    )
    assert price() == usual
    actions.switch_action(line, action_id, is_on=True)
    assert price() == pytest.approx(usual / 2, abs=0.01)
    actions.archive_action(line, action_id)
    assert price() == usual


def test_lists_are_read_page_by_page(line: Line, new: NewDiscount):
    """More products than a page or a request takes: all are sent, and all are listed, by a cursor that is a number."""
    action_id = actions.create_discount(line, new)
    fit = [one.skus[0] for one in actions.action_products(line, action_id, actions.CANDIDATES)]
    assert len(fit) == len(set(fit)) > actions.PRODUCTS_MOST
    answers = list(
        actions.add_products(line, action_id, [Offer(sku=sku, percent=10.5) for sku in fit], "RUB")
    )
    assert [one.item_id for one in answers] == fit
    assert all(one.is_done for one in answers)
    assert len(actions.remove_products(line, action_id, fit)) == len(fit)
    assert list(actions.action_products(line, action_id)) == []


def test_a_lost_reply_is_looked_up_not_sent_again(world: Sandbox, line: Line, new: NewDiscount):
    """The promotion is there once although no answer came; the list tells its id."""
    world.faults(ozon={"drop_reply_after_acting": 1})
    with pytest.raises(OutcomeUnknown, match="look it up"):
        actions.create_discount(line, new)
    (found,) = actions.find_discounts(line, new)
    assert found.title == new.title
    assert actions.find_discounts(line, replace(new, ends_at=new.ends_at + timedelta(days=2))) == []


def test_a_seller_from_the_cis_is_refused(world: Sandbox, line: Line, new: NewDiscount):
    """The refusal is an error, and nothing was made."""
    world.faults(ozon={"cis_seller": 1})
    with pytest.raises(MarketplaceRefused, match="not available for sellers from CIS"):
        actions.create_discount(line, new)
    assert actions.find_discounts(line, new) == []


def test_a_status_nobody_knows_stays_text(world: Sandbox, line: Line):
    """It is given as Ozon says it."""
    world.faults(ozon={"unknown_status": 1})
    assert "FROZEN" in {action.status for action in actions.seller_actions(line)}


def test_what_cannot_be_is_not_sent(line: Line, new: NewDiscount):
    """An empty or long title, an end before the start, an offer with two prices or none."""
    for wrong in (
        replace(new, title=""),
        replace(new, title="x" * 257),
        replace(new, ends_at=new.starts_at),
    ):
        with pytest.raises(ValueError, match="needs a title of 1 to 256"):
            actions.create_discount(line, wrong)
    for offer in (Offer(sku="1"), Offer(sku="1", price_minor=1, percent=1)):
        with pytest.raises(ValueError, match="exactly one"):
            list(actions.add_products(line, "9001", [offer], "RUB"))
    assert actions.find_discounts(line, new) == []


def test_an_empty_success_is_one_and_an_error_in_a_200_is_not():
    """The documents show no body for success; none and {} are taken, an error object is not."""
    said = [b"", b"{}", b'{"code": 3, "message": "action is over"}']
    with (
        tiny(lambda _path, _body: Answer(body=said.pop(0))) as server,
        peer_of(server).line() as line,
    ):
        actions.switch_action(line, "9", is_on=True)
        actions.archive_action(line, "9")
        with pytest.raises(MarketplaceRefused, match="action is over"):
            actions.switch_action(line, "9", is_on=False)
    assert server.asked[0][1] == {"action_id": 9, "is_turn_on": True}


def test_a_refused_request_does_not_hide_those_before_it():
    """What the first requests did is answered, then the refusal is raised."""

    def answer(path: str, body: dict) -> Answer:
        if path == actions.ADD:
            return Answer(body={}) if len(body["products"]) == 100 else Answer(body={"code": 3}, status=400)
        rows = [{"sku": ["0"], "offer_id": "A", "action_price": 1.5}]
        return Answer(body={"products": rows, "cursor": 1, "has_next": False})

    told = []
    offers = [Offer(sku=str(number), percent=10) for number in range(101)]
    with tiny(answer) as server, peer_of(server).line() as line, pytest.raises(MarketplaceRefused):
        told.extend(actions.add_products(line, "9", offers, "RUB"))
    assert [one.is_done for one in told] == [True] + 99 * [False]
    assert len(server.asked) == 3


def test_times_are_sent_in_utc(new: NewDiscount):
    """Whatever zone a time has, it is sent as UTC to the second."""
    zoned = replace(
        new,
        starts_at=datetime.fromisoformat("2026-12-01T00:00:00+03:00"),
        ends_at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    with (
        tiny(lambda _path, _body: Answer(body={"action_id": "77"})) as server,
        peer_of(server).line() as line,
    ):
        assert actions.create_discount(line, zoned) == "77"
    assert server.asked[0][1]["date_start"] == "2026-11-30T21:00:00Z"

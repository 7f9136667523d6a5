"""What can be changed at Ozon and what else it tells, against the sandbox."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from include.winddown.adapters.http import Line
from include.winddown.adapters.marketplaces import ozon_reports as reports
from include.winddown.adapters.marketplaces import ozon_writes as writes
from include.winddown.adapters.marketplaces.ozon_supplies import DRAFTS
from include.winddown.adapters.marketplaces.ozon_supplies import ORDERS as SUPPLY_ORDERS
from include.winddown.domain.errors import MarketplaceRefused, OutcomeUnknown
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.test_ozon_union import peer_of
from tests.contract.tiny_server import Answer, tiny


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "12") as started:
        yield started


@pytest.fixture(scope="module")
def fbo_world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "12", "--scheme", "fbo") as started:
        yield started


@pytest.fixture
def line(world: Sandbox) -> Iterator[Line]:
    with world.calm().ozon(api_key=world.greeting["admin_api_key"]).peer.line() as opened:
        yield opened


@pytest.fixture
def products(line: Line) -> list[dict]:
    reply, _ = line.post("/v5/product/info/prices", {"filter": {}, "limit": 1000}, repeatable=True)
    return [item.fields() for item in reply["items"]]


def test_products_take_part_in_a_promotion(line: Line, products: list[dict]):
    """A product that is taken is listed; one that is not says why."""
    action = reports.promotions(line)[0]["id"].name()
    candidates = list(reports.promotion_products(line, action, reports.CANDIDATES))
    assert candidates
    chosen = candidates[0]["id"].name()
    highest = round(float(candidates[0]["max_action_price"]["amount"].amount()) * 100)
    done, refused = writes.promote(line, action, [(chosen, highest), ("1", 100)], "RUB")
    assert (done.is_done, refused.is_done) == (True, False)
    assert refused.errors
    assert chosen in {one["id"].name() for one in reports.promotion_products(line, action)}
    assert products


def test_only_a_promo_code_lets_products_out(line: Line):
    """Deactivation is for promo codes; elsewhere the refusal is an error."""
    action, voucher = (one["id"].name() for one in reports.promotions(line)[:2])
    with pytest.raises(MarketplaceRefused):
        writes.demote(line, action, ["1"])
    (answer,) = writes.demote(line, voucher, ["1"])
    assert not answer.is_done


def test_own_stock_is_told(line: Line, products: list[dict]):
    """Stock of an own warehouse is taken, of a partner's it is refused item by item."""
    own = next(reports.own_warehouses(line))["warehouse_id"].name()
    stocks = [
        writes.OwnStock(offer_id=products[2]["offer_id"], warehouse_id=place, free_qty=3)
        for place in (own, "999999")
    ]
    done, refused = writes.set_own_stock(line, stocks)
    assert (done.is_done, refused.is_done) == (True, False)
    assert refused.errors


def test_delivery_methods_are_read(line: Line):
    """There are some, and every one belongs to an own warehouse."""
    places = {one["warehouse_id"].name() for one in reports.own_warehouses(line)}
    methods = list(reports.delivery_methods(line))
    assert methods
    assert {one["warehouse_id"].name() for one in methods} <= places
    assert {one["status"].text() for one in methods} == {"ACTIVE"}


def test_a_supply_that_is_gone_is_refused(line: Line):
    """What is not there can be neither cancelled nor deleted."""
    for act in (writes.cancel_supply, writes.delete_draft):
        with pytest.raises(MarketplaceRefused, match="not found"):
            act(line, "direct", "no-such-supply")


def test_a_cancellation_is_sent_once():
    """An unclear answer is looked up, never sent again; an error in a 200 is an error."""
    body = {"is_error": True, "error": {"order_errors": ["ACCEPTANCE_ALREADY_STARTED"]}, "row_version": 1}
    answers = [Answer(body=body), Answer(body={}, status=500)]
    with tiny(lambda _path, _body: answers.pop(0)) as server, peer_of(server).line() as line:
        told = writes.cancel_supply(line, "pick-up", "s-1")
        assert told.errors == ("ACCEPTANCE_ALREADY_STARTED",)
        with pytest.raises(OutcomeUnknown):
            writes.cancel_supply(line, "pick-up", "s-1")
    assert len(server.asked) == 2


def test_an_unknown_way_is_named(line: Line):
    """A way of delivery nobody knows never becomes a path."""
    with pytest.raises(ValueError, match="no way of delivery"):
        writes.cancel_supply(line, "../roles", "s-1")


def test_removals_keep_their_words():
    """States stay Russian text, lower-case, known or not; an empty box state is not packed yet."""
    rows = [
        {
            "return_id": "7",
            "box_id": 0,
            "sku": "12314324",
            "return_state": " Можно забирать все ",
            "box_state": "Уехала на Луну",
            "quantity_for_return": 4,
            "field_of_tomorrow": 1,
        }
    ]

    def answer(path: str, body: dict) -> Answer:
        given = rows if "from-stock" in path and not body["last_id"] else []
        return Answer(body={"returns_summary_report_rows": given, "last_id": "x" if given else ""})

    today = datetime.now(UTC).date()
    with tiny(answer) as server, peer_of(server).line() as line:
        (found,) = reports.removals(line, today - timedelta(days=30), today)
    assert (found.return_state, found.box_state) == ("можно забирать все", "уехала на луну")
    assert (found.sku, found.requested_qty, found.told["field_of_tomorrow"]) == ("12314324", 4, 1)


def test_removals_and_accruals_of_the_sandbox_are_read(fbo_world: Sandbox, line: Line):
    """Both lists are read to their end."""
    today = datetime.now(UTC).date()
    with fbo_world.ozon().peer.line() as reading:
        assert list(reports.removals(reading, today - timedelta(days=60), today)) == []
    days = [list(reports.accruals(line, today - timedelta(days=back))) for back in range(1, 6)]
    assert any(days)


def test_supply_lists_of_the_sandbox_are_empty_at_first(line: Line):
    """The count style is spoken as documented."""
    for listing in (SUPPLY_ORDERS, DRAFTS):
        assert list(reports._rows(line, listing, {})) == []

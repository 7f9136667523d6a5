"""Inbound supplies are cancelled and deleted, against the sandbox's live supplies."""

from collections.abc import Callable, Iterator

import pytest

from include.winddown.adapters.http import Line
from include.winddown.adapters.marketplaces import ozon_writes as writes
from include.winddown.domain.errors import MarketplaceRefused, OutcomeUnknown
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.test_ozon import rows_of
from tests.contract.test_ozon_union import peer_of
from tests.contract.tiny_server import Answer, tiny

WAY_OF = {"DIRECT_BY_SELLER": "direct", "DROP_OFF": "drop-off", "PICK_UP": "pick-up"}
Seen = dict[str, tuple[str, str, str]]


@pytest.fixture
def world() -> Iterator[Sandbox]:
    """A world with three supply orders and three drafts, one for each way of delivery."""
    with running("--seed", "12", "--size", "6") as started:
        started.faults(supply_orders=3, supply_drafts=3)
        yield started


@pytest.fixture
def line(world: Sandbox) -> Iterator[Line]:
    with world.ozon(api_key=world.greeting["admin_api_key"]).peer.line() as opened:
        yield opened


def named(world: Sandbox, kind: str) -> dict[str, str]:
    """The supplies in a list, order or draft: way of delivery to id."""
    items = world.ok(f"/v1/fbp/{kind}/list", {"count": 100})["items"]
    return {WAY_OF[item["delivery_details"]["supply_type"]]: item["supply_id"] for item in items}


def seen(world: Sandbox) -> Seen:
    """What the next snapshot reads: id to status, whether it can be cancelled, and the list it is in."""
    pull = world.ozon().supplies()
    assert pull is not None
    return {
        row["supply_id"]: (row["status"], row["can_be_cancelled"], row["listed_in"]) for row in rows_of(pull)
    }


def cutting(world: Sandbox) -> Callable[..., Answer]:
    """Hand a call on to the sandbox, which acts, and lose its reply."""

    def answer(path: str, body: dict) -> Answer:
        assert world.ask(path, body, admin=True).status_code == 200
        return Answer(body={}, status=0)

    return answer


@pytest.mark.parametrize("way", writes.WAYS)
def test_a_cancelled_supply_is_seen_as_cancelled(world: Sandbox, line: Line, way: str):
    """Asked for, it cannot be cancelled again; when the partner has agreed, the archive says so."""
    supply_id = named(world, "order")[way]
    assert seen(world)[supply_id] == ("READY_TO_SUPPLY", "yes", "orders")
    assert writes.cancel_supply(line, way, supply_id) == writes.ItemAnswer(item_id=supply_id, is_done=True)
    assert seen(world)[supply_id] == ("READY_TO_SUPPLY", "no", "orders")
    world.advance(1, settle=True)
    after = seen(world)
    assert after[supply_id] == ("CANCELLED_BY_SELLER", "no", "archive")
    assert [after[other][2] for kind, other in named(world, "order").items() if kind != way] == ["orders"] * 2


@pytest.mark.parametrize("way", writes.WAYS)
def test_a_deleted_draft_is_seen_no_more(world: Sandbox, line: Line, way: str):
    """It is in no list, and the others stay."""
    supply_id = named(world, "draft")[way]
    before = seen(world)
    assert before[supply_id] == ("NEW", "yes", "drafts")
    assert writes.delete_draft(line, way, supply_id).is_done
    assert seen(world) == {name: row for name, row in before.items() if name != supply_id}


def test_a_supply_on_its_way_is_refused(world: Sandbox, line: Line):
    """Ozon's word is given back, and nothing changes."""
    world.advance(2, settle=True)
    before = seen(world)
    for way, supply_id in named(world, "order").items():
        assert before[supply_id] == ("IN_TRANSIT_TO_STORAGE_WAREHOUSE", "no", "orders")
        told = writes.cancel_supply(line, way, supply_id)
        assert (told.is_done, told.errors) == (False, ("ACCEPTANCE_ALREADY_STARTED",))
    assert seen(world) == before


def test_another_way_or_kind_is_refused(world: Sandbox, line: Line):
    """A supply is cancelled by its own way of delivery, and a draft is no order."""
    orders, drafts = named(world, "order"), named(world, "draft")
    before = seen(world)
    assert writes.cancel_supply(line, "direct", orders["pick-up"]).errors == ("WRONG_SUPPLY_TYPE",)
    with pytest.raises(MarketplaceRefused, match="is of type PICK_UP"):
        writes.delete_draft(line, "direct", drafts["pick-up"])
    for act, supply_id in ((writes.cancel_supply, drafts["direct"]), (writes.delete_draft, orders["direct"])):
        with pytest.raises(MarketplaceRefused, match="not found"):
            act(line, "direct", supply_id)
    assert seen(world) == before


def test_a_reading_key_cancels_nothing(world: Sandbox):
    """The key of the connection cannot do it: writing needs another one."""
    before = seen(world)
    with (
        world.ozon().peer.line() as reading,
        pytest.raises(MarketplaceRefused, match="missing a required role"),
    ):
        writes.cancel_supply(reading, "direct", named(world, "order")["direct"])
    assert seen(world) == before


@pytest.mark.parametrize(
    ("act", "kind", "gone"),
    [
        (writes.cancel_supply, "order", ("READY_TO_SUPPLY", "no", "orders")),
        (writes.delete_draft, "draft", None),
    ],
)
def test_a_lost_reply_leaves_the_outcome_to_the_next_read(
    world: Sandbox, act: Callable[..., object], kind: str, gone: object
):
    """It was done and nobody heard: said to be unknown, sent once, and the list tells."""
    supply_id = named(world, kind)["drop-off"]
    with tiny(cutting(world)) as server, peer_of(server).line() as cut:
        with pytest.raises(OutcomeUnknown, match=rf"may or may not have done POST /v1/fbp/{kind}/drop-off/"):
            act(cut, "drop-off", supply_id)
        assert len(server.asked) == 1
    assert seen(world).get(supply_id) == gone


@pytest.mark.parametrize("fault", ["drop", "error_500", "garbled_200", "hang", "drip", "redirect_307"])
def test_an_unclear_answer_is_no_answer(world: Sandbox, line: Line, fault: str):
    """It was not done and nobody can tell: said to be unknown, not tried again, and the list tells."""
    supply_id = named(world, "order")["direct"]
    world.faults(ozon={fault: 1})
    with pytest.raises(OutcomeUnknown, match="look it up before it is sent again"):
        writes.cancel_supply(line, "direct", supply_id)
    assert seen(world)[supply_id] == ("READY_TO_SUPPLY", "yes", "orders")

"""The receiving dock over HTTP, against the sandbox."""

from collections import Counter
from collections.abc import Iterator

import pytest

from include.winddown.adapters.docks import dock_api
from include.winddown.adapters.docks.dock_api import DockApi
from include.winddown.adapters.http import PeerDown
from include.winddown.adapters.pages import ListIncomplete
from include.winddown.domain.errors import BadConnection, ContractBroken
from tests.contract.sandbox_server import QUICK, Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "5") as started:
        for number in range(6):
            started.desk().create(started.request(f"r{number}", qty=20, rank=number))
        started.advance(12, settle=True)
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


@pytest.mark.fault("F18", "S11")
def test_what_was_shipped_is_received_or_lost(sandbox: Sandbox):
    """Counted pieces and lost ones add up to what was shipped, and each count is closed once."""
    truth, events = sandbox.truth(), list(sandbox.dock().events())
    assert sum(event.qty for event in events) == truth["units_received"]
    assert truth["units_received"] + truth["units_lost"] == truth["units_shipped"] == 120
    closed = Counter(event.request_no for event in events if event.kind == "count_closed")
    assert set(closed.values()) == {1}
    assert len(closed) == truth["return_requests"]


def test_a_closed_count_names_no_goods(sandbox: Sandbox):
    """The end of a count has no sku, no condition and no pieces; the object is kept as it came."""
    closing = next(event for event in sandbox.dock().events() if event.kind == "count_closed")
    assert (closing.sku, closing.condition, closing.qty, closing.source) == ("", "", 0, "dock")
    assert closing.raw["count_id"] == closing.event_id
    assert closing.happened_at.tzinfo is not None


def test_reading_twice_gives_the_same_page_by_page(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch):
    """Ids are stable, whatever the size of the pages."""
    whole = list(sandbox.dock().events())
    monkeypatch.setattr(dock_api, "PAGE_SIZE", 2)
    assert list(sandbox.dock().events()) == whole


@pytest.mark.fault("F19", "S11", "S12")
@pytest.mark.parametrize("fault", ["repeat_page", "stuck_cursor"])
def test_a_list_that_does_not_move_on_is_not_used(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, fault: str
):
    """Counts are never left out silently."""
    monkeypatch.setattr(dock_api, "PAGE_SIZE", 2)
    sandbox.faults(dock={fault: True})
    with pytest.raises(ListIncomplete):
        list(sandbox.dock().events())


def test_a_missing_field_is_named_with_its_path(sandbox: Sandbox):
    """A count without its request breaks the contract."""
    sandbox.faults(dock={"missing_field": 1})
    with pytest.raises(ContractBroken, match=r"items\[0\]\.request_no is 'missing'"):
        list(sandbox.dock().events())


@pytest.mark.fault("F14", "S11")
@pytest.mark.fault("F22", "S11")
def test_a_dock_that_is_down_is_transient(sandbox: Sandbox):
    """A dock that does not answer is named; a later run may succeed."""
    sandbox.faults(dock={"down": True})
    with pytest.raises(PeerDown, match="the receiving dock at"):
        list(sandbox.dock().events())


@pytest.mark.fault("F21", "S11")
def test_a_wrong_token_is_refused(sandbox: Sandbox):
    """The partner's token does not open the dock."""
    with pytest.raises(BadConnection, match="status 403"):
        list(DockApi(sandbox.address, sandbox.greeting["partner_token"], QUICK).events())

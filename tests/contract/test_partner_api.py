"""The return desk over HTTP, against the sandbox."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from include.winddown.adapters.desks import partner_api
from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.http import PeerDown
from include.winddown.adapters.pages import ListIncomplete
from include.winddown.domain.effects import Outcome, RequestLine
from include.winddown.domain.errors import BadConnection, ContractBroken
from tests.contract.sandbox_server import QUICK, Sandbox, named, running

NOTHING_LISTENS = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "3") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


@pytest.fixture(scope="module")
def later_world() -> Iterator[Sandbox]:
    """A world of its own, because time moves in it."""
    with running("--seed", "8") as started:
        for number in range(3):
            started.desk().create(started.request(f"r{number}", qty=3))
        started.advance(4)
        yield started


@pytest.fixture
def shipping(later_world: Sandbox) -> Sandbox:
    return later_world.calm()


@pytest.fixture
def reference() -> str:
    return uuid4().hex


def test_an_accepted_request_is_ok_and_found_again(sandbox: Sandbox, reference: str):
    """A request that is accepted comes back with its number, and a look-up finds exactly it."""
    request = sandbox.request(reference, qty=2)
    reply = sandbox.desk().create(request)
    assert reply.outcome is Outcome.OK
    assert reply.accepted is not None
    assert [(line.sku, line.requested_qty) for line in reply.accepted.lines] == [(request.lines[0].sku, 2)]
    found = sandbox.desk().find(named(reference))
    assert found.complete
    assert found.matches == (reply.accepted,)


@pytest.mark.fault("F18", "S7", "S8")
def test_no_more_is_accepted_than_is_free(sandbox: Sandbox, reference: str):
    """The desk agrees to what is free of a line, not to what was asked."""
    free_qty = int(sandbox.full_shelf("2")["quantity"])
    row = sandbox.full_shelf("2")
    line = RequestLine(sku=row["sku"], condition="damaged_by_seller", qty=free_qty + 5)
    request = replace(sandbox.request(reference, warehouse_id=row["warehouse_id"]), lines=(line,))
    accepted = sandbox.desk().create(request).accepted
    assert accepted is not None
    assert [line.accepted_qty for line in accepted.lines] == [free_qty]


@pytest.mark.fault("F13", "S7", "S8")
@pytest.mark.fault("F14", "S7", "S8")
@pytest.mark.fault("F15", "S7", "S8")
@pytest.mark.fault("F16", "S7", "S8")
@pytest.mark.fault("F17", "S7", "S8")
@pytest.mark.fault("F22", "S8")
@pytest.mark.parametrize(
    ("fault", "outcome", "made"),
    [
        ("drop_reply_after_acting", Outcome.UNKNOWN, 1),
        ("error_502_after", Outcome.UNKNOWN, 1),
        ("garbled_200", Outcome.UNKNOWN, 1),
        ("hang", Outcome.UNKNOWN, 1),
        ("drop_before_acting", Outcome.UNKNOWN, 0),
        ("error_503_before", Outcome.UNKNOWN, 0),
        ("redirect_307", Outcome.UNKNOWN, 0),
        ("throttle_429", Outcome.NOT_SENT, 0),
    ],
)
def test_every_reply_is_classified_and_the_look_up_tells_the_truth(
    sandbox: Sandbox, reference: str, fault: str, outcome: Outcome, made: int
):
    """Whatever is unclear is UNKNOWN, throttling is NOT_SENT; whether it was made, the look-up says."""
    before = sandbox.truth()["return_requests"]
    sandbox.faults(create={fault: 1})
    reply = sandbox.desk().create(sandbox.request(reference))
    assert reply.outcome is outcome
    assert reply.accepted is None
    found = sandbox.desk().find(named(reference))
    assert (found.complete, len(found.matches)) == (True, made)
    assert sandbox.truth()["return_requests"] == before + made


@pytest.mark.fault("F23", "S7", "S8")
def test_a_write_is_sent_once(sandbox: Sandbox, reference: str):
    """Two failures are met by two creates, so neither was repeated behind our back."""
    sandbox.faults(create={"error_503_before": 2})
    request = sandbox.request(reference)
    outcomes = [sandbox.desk().create(request).outcome for _ in range(3)]
    assert outcomes == [Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.OK]


def test_a_second_create_never_makes_a_second_request(sandbox: Sandbox, reference: str):
    """The same reference twice is one request; the second reply is looked up, not believed."""
    before = sandbox.truth()["return_requests"]
    request = sandbox.request(reference)
    assert sandbox.desk().create(request).outcome is Outcome.OK
    second = sandbox.desk().create(request)
    assert second.outcome is Outcome.UNKNOWN
    assert "already used" in second.detail
    assert len(sandbox.desk().find(named(reference)).matches) == 1
    assert sandbox.truth()["return_requests"] == before + 1


@pytest.mark.fault("F21", "S6", "S7", "S8", "S10")
def test_a_refused_token_is_denied(sandbox: Sandbox, reference: str):
    """A wrong token is DENIED on a write; on a read it names the connection's password as the fix."""
    desk = PartnerApi(sandbox.address, "not-the-token", QUICK)
    assert desk.create(sandbox.request(reference)).outcome is Outcome.DENIED
    with pytest.raises(BadConnection, match="its password is the access token"):
        desk.find(named(reference))


def test_refused_content_is_rejected(sandbox: Sandbox, reference: str):
    """Content the desk refuses with a reason is REJECTED, and the reason is kept."""
    reply = sandbox.desk().create(sandbox.request(reference, warehouse_id="WH-NOWHERE"))
    assert reply.outcome is Outcome.REJECTED
    assert "WH-NOWHERE is not one of" in reply.detail


@pytest.mark.fault("F22", "S7")
def test_nothing_listening_is_not_sent(sandbox: Sandbox, reference: str):
    """No connection proves that nothing was sent."""
    reply = PartnerApi(NOTHING_LISTENS, "token", QUICK).create(sandbox.request(reference))
    assert reply.outcome is Outcome.NOT_SENT


@pytest.mark.fault("F19", "S6", "S10")
@pytest.mark.parametrize("trouble", ["down", "stuck_cursor"])
def test_a_list_not_read_to_its_end_proves_no_absence(sandbox: Sandbox, reference: str, trouble: str):
    """A look-up that could not read every page says so."""
    sandbox.faults(partner={trouble: True})
    assert not sandbox.desk().find(named(reference)).complete


def test_a_broken_list_still_gives_what_it_showed(sandbox: Sandbox, reference: str):
    """Positive evidence counts even from an incomplete list."""
    sandbox.desk().create(sandbox.request(reference))
    sandbox.faults(partner={"stuck_cursor": True})
    found = sandbox.desk().find(named(reference))
    assert (found.complete, len(found.matches)) == (False, 1)


@pytest.mark.fault("F13", "S6", "S10", "S11")
@pytest.mark.fault("F14", "S6", "S10", "S11")
@pytest.mark.fault("F16", "S6", "S10", "S11")
@pytest.mark.fault("F17", "S6", "S10", "S11")
@pytest.mark.fault("F23", "S6", "S10", "S11")
@pytest.mark.parametrize("fault", ["throttle_429", "error_500", "drop", "garbled_200", "hang"])
def test_a_read_survives_a_passing_fault(sandbox: Sandbox, reference: str, fault: str):
    """A read is repeated after throttling, a server error, a cut, garbage or silence."""
    sandbox.faults(partner={fault: 1})
    assert sandbox.desk().find(named(reference)).complete


@pytest.mark.parametrize("fault", ["down", "drip"])
def test_a_lasting_fault_says_where_and_what_to_check(sandbox: Sandbox, fault: str):
    """After the last try the error is transient and names the address and the check."""
    sandbox.faults(partner={fault: True})
    with pytest.raises(PeerDown, match=rf"return desk at {sandbox.address}.*check that it is up"):
        sandbox.desk().stock_report()


def test_a_reply_over_the_byte_cap_is_not_read(sandbox: Sandbox):
    """A reply larger than any honest one is given up."""
    with pytest.raises(PeerDown, match="larger than 100 bytes"):
        sandbox.desk(replace(QUICK, bytes_max=100, attempts=1)).stock_report()


def test_a_200_that_is_an_error_is_an_error(sandbox: Sandbox):
    """An error body under status 200 is not data."""
    sandbox.faults(partner={"obsolete_200": 1})
    with pytest.raises(BadConnection, match="obsolete method"):
        list(sandbox.desk().events())


def test_no_secret_is_logged_or_shown(sandbox: Sandbox, reference: str, caplog: pytest.LogCaptureFixture):
    """The log has method, path, status and duration, never a token or a body; nor has a repr."""
    desk = sandbox.desk()
    with caplog.at_level(logging.DEBUG, logger="include"):
        desk.create(sandbox.request(reference))
    assert "POST /partner/v1/return-requests -> 201" in caplog.text
    assert sandbox.greeting["partner_token"] not in caplog.text + repr(desk.peer)
    assert reference not in caplog.text


@pytest.mark.parametrize("token", ["", " ", "two\nlines", "•••"])
def test_a_token_no_header_can_carry_is_refused_at_once(token: str):
    """A blank, broken or masked token is named before anything is sent, and not shown."""
    with pytest.raises(BadConnection, match="signs no key has"):
        PartnerApi(NOTHING_LISTENS, token)


@pytest.mark.parametrize("address", ["ftp://desk", "https://user:pass@desk", "https://desk/path", "desk"])
def test_an_address_that_is_none_is_refused_at_once(address: str):
    """Only scheme, host and port make an address."""
    with pytest.raises(BadConnection, match="address of the return desk"):
        PartnerApi(address, "token")


def test_shipped_is_what_was_accepted(shipping: Sandbox):
    """Every accepted line is reported as shipped once, with stable ids."""
    events = list(shipping.desk().events())
    assert sum(event.qty for event in events) == shipping.truth()["units_accepted"]
    assert {event.kind for event in events} == {"shipped"}
    assert len({event.event_id for event in events}) == len(events)
    assert events == list(shipping.desk().events())


def test_every_page_is_read(shipping: Sandbox, monkeypatch: pytest.MonkeyPatch):
    """One event a page gives the same events."""
    whole = list(shipping.desk().events())
    monkeypatch.setattr(partner_api, "PAGE_SIZE", 1)
    assert len(whole) > 1
    assert list(shipping.desk().events()) == whole


@pytest.mark.fault("F19", "S11")
def test_a_page_that_repeats_stops_the_read(shipping: Sandbox, monkeypatch: pytest.MonkeyPatch):
    """A page that came before makes the list incomplete."""
    monkeypatch.setattr(partner_api, "PAGE_SIZE", 1)
    shipping.faults(partner={"repeat_page": 1})
    with pytest.raises(ListIncomplete, match="came before"):
        list(shipping.desk().events())


@pytest.mark.fault("F20", "S6", "S10", "S11")
def test_a_missing_field_is_named_with_its_path(shipping: Sandbox):
    """A reply that lacks a documented field breaks the contract; the path says where."""
    shipping.faults(partner={"missing_field": 1})
    with pytest.raises(ContractBroken, match=r"reply\.items\[0\]\.quantity is 'missing'"):
        list(shipping.desk().events())


def test_a_peer_that_asks_for_a_long_pause_is_left_alone(sandbox: Sandbox):
    """A pause longer than we wait ends the read at once, for a later run."""
    sandbox.faults(partner={"throttle_429": 1})
    with pytest.raises(PeerDown, match="status 429"):
        sandbox.desk(replace(QUICK, pause_max_s=0.1, attempts=5)).stock_report()
    assert Limits().pause_max_s < Limits().total_s

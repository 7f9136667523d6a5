"""A request is brought about exactly once: real ledger, real desk, and everything that goes wrong between."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.epochs import EpochStore
from include.winddown.domain.effects import (
    Accepted,
    AcceptedLine,
    Manner,
    Outcome,
    Reply,
    ReturnRequest,
)
from include.winddown.domain.errors import WinddownError
from include.winddown.domain.lookup import SENDS_MAX
from include.winddown.domain.stands import Stand
from include.winddown.steps.ledger import Bringing
from tests.contract.intents import KEY, OTHER, intent
from tests.contract.sandbox_server import QUICK, Sandbox, running

NOTHING_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A world of its own: the key of the effect is the same in every test."""
    with running("--seed", "5") as started:
        yield started


@pytest.fixture
def wanted(sandbox: Sandbox) -> ReturnRequest:
    return sandbox.request(KEY, qty=3)


def bring(ledger: EffectLedger, desk: object, wanted: ReturnRequest) -> tuple[Stand, str]:
    return Bringing(ledger, desk, "WH-2-standard-001", wanted).go()


def units(engine: Engine) -> list[tuple[int, int]]:
    """Requested and moved pieces, as the database has them."""
    with engine.connect() as connection:
        lines = connection.scalar(text("select coalesce(sum(requested_qty), 0) from return_line"))
        moved = connection.scalar(
            text("select coalesce(sum(qty), 0) from movement where to_node = 'IN_REMOVAL'")
        )
    return [(int(lines or 0), int(moved or 0))]


def test_once_is_once(engine: Engine, ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest):
    """Three tries make one request, one line of three pieces and one movement."""
    came = [bring(ledger, sandbox.desk(), wanted) for _ in range(3)]
    assert {outcome for outcome, _ in came} == {Stand.DONE}
    assert len({detail for _, detail in came}) == 1
    assert sandbox.truth()["return_requests"] == 1
    assert units(engine) == [(3, 3)]


@pytest.mark.fault("F15", "S7", "S8")
@pytest.mark.fault("F16", "S7", "S8")
@pytest.mark.fault("F17", "S7", "S8")
@pytest.mark.parametrize("fault", ["drop_reply_after_acting", "error_502_after", "garbled_200", "hang"])
def test_a_lost_reply_is_looked_up(
    engine: Engine, ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest, fault: str
):
    """The desk acted and we did not hear it: the next try finds the request and sends nothing."""
    sandbox.faults(create={fault: 1})
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.WAITING
    assert units(engine) == [(0, 0)]
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.DONE
    assert sandbox.truth()["return_requests"] == 1
    assert units(engine) == [(3, 3)]


@pytest.mark.fault("F14", "S7", "S8", "S10")
@pytest.mark.fault("F17", "S7", "S8")
@pytest.mark.parametrize("fault", ["error_503_before", "drop_before_acting", "redirect_307"])
def test_what_was_not_done_is_sent_again_only_after_the_horizon(
    ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest, fault: str
):
    """Unknown stays unknown until two complete reads after the horizon show that nothing is there."""
    sandbox.faults(create={fault: 1})
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.WAITING
    assert bring(ledger, sandbox.desk(), wanted) == (Stand.WAITING, "not found at the desk yet")
    assert sandbox.truth()["return_requests"] == 0
    assert bring(ledger, sandbox.desk(horizon_s=0), wanted)[0] is Stand.DONE
    assert sandbox.truth()["return_requests"] == 1


@pytest.mark.fault("F13", "S7", "S8")
@pytest.mark.fault("F22", "S6", "S7")
def test_throttling_and_a_desk_that_is_down_leave_it_ready(
    ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest
):
    """Nothing was sent, so the next try may send at once."""
    sandbox.faults(create={"throttle_429": 1})
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.WAITING
    assert bring(ledger, PartnerApi(NOTHING_LISTENS, "token", QUICK), wanted)[0] is Stand.WAITING
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.DONE


@pytest.mark.fault("F14", "S10")
@pytest.mark.fault("F19", "S10")
@pytest.mark.fault("F22", "S10")
def test_an_incomplete_list_never_proves_absence(
    ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest
):
    """Even after the horizon an unknown request is not re-sent on half a read."""
    sandbox.faults(create={"error_502_after": 1})
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.WAITING
    sandbox.faults(partner={"down": True})
    assert bring(ledger, sandbox.desk(horizon_s=0), wanted)[0] is Stand.WAITING
    sandbox.calm()
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.DONE
    assert sandbox.truth()["return_requests"] == 1


def test_a_request_that_stands_already_is_taken_over(
    engine: Engine, ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest
):
    """Look before you send: a request made by a worker that died afterwards is found, not repeated."""
    sandbox.desk().create(wanted)
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.DONE
    assert sandbox.truth()["return_requests"] == 1
    assert units(engine) == [(3, 3)]


@pytest.mark.fault("F1", "S7")
@pytest.mark.fault("F25", "S7")
def test_a_worker_that_died_while_sending_leaves_it_unknown(
    ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest
):
    """A claim whose lease has run out is looked up, never sent again at once."""
    assert ledger.claim(KEY, lease_seconds=0.0) is not None
    assert bring(ledger, sandbox.desk(), wanted) == (Stand.WAITING, "not found at the desk yet")
    assert sandbox.truth()["return_requests"] == 0


@pytest.mark.fault("F3", "S5")
@pytest.mark.fault("F5", "S5")
def test_a_live_claim_of_another_worker_is_left_alone(
    ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest
):
    """Two workers never send the same request."""
    assert ledger.claim(KEY, lease_seconds=60.0) is not None
    assert bring(ledger, sandbox.desk(), wanted) == (Stand.WAITING, "it is being sent by another worker")
    assert sandbox.truth()["return_requests"] == 0


def test_one_request_of_a_warehouse_at_a_time(ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest):
    """While one is unknown the next one with its conflict key waits."""
    ledger.intend(intent(OTHER, request={"shipment_no": "WH-2-standard-002"}))
    sandbox.faults(create={"error_503_before": 1})
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.WAITING
    other = replace(wanted, client_reference=OTHER)
    came = Bringing(ledger, sandbox.desk(), "WH-2-standard-002", other).go()
    assert came == (Stand.WAITING, "another request of this warehouse is under way, or the ledger is frozen")


def test_a_refusal_stays_a_refusal(ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest):
    """Refused content is not sent a second time; the reason is kept."""
    nowhere = replace(wanted, warehouse_id="WH-NOWHERE")
    first = bring(ledger, sandbox.desk(), nowhere)
    assert first[0] is Stand.REFUSED
    assert bring(ledger, sandbox.desk(), nowhere) == first
    assert sandbox.truth()["return_requests"] == 0


@pytest.mark.fault("F20", "S10")
@pytest.mark.fault("F24", "S6", "S10")
def test_another_content_under_our_reference_takes_a_person(
    engine: Engine, ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest
):
    """The desk holds something else under our key: nothing is confirmed, nothing is sent, a person is asked."""
    sandbox.desk().create(replace(wanted, lines=(replace(wanted.lines[0], qty=1),)))
    stand, detail = bring(ledger, sandbox.desk(), wanted)
    assert stand is Stand.ESCALATED
    assert "not the request we made" in detail
    assert bring(ledger, sandbox.desk(), wanted) == (stand, detail)
    assert units(engine) == [(0, 0)]
    assert sandbox.truth()["return_requests"] == 1


def test_what_was_sent_too_often_takes_a_person(
    ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest
):
    """Five sends that may have left and never showed up: the sixth is a person's decision."""
    sandbox.faults(create={"error_503_before": SENDS_MAX + 1})
    desk = sandbox.desk(horizon_s=0)
    came = [bring(ledger, desk, wanted) for _ in range(SENDS_MAX + 1)]
    assert [stand for stand, _ in came] == [*[Stand.WAITING] * SENDS_MAX, Stand.ESCALATED]
    assert "may have been sent 5 times" in came[-1][1]
    assert sandbox.truth()["return_requests"] == 0


@pytest.mark.fault("F11", "S5", "S6", "S7", "S8", "S9", "S10")
def test_a_frozen_ledger_sends_nothing(
    engine: Engine, ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest
):
    """It still looks up and confirms what stands; sending waits for a person."""
    EpochStore(engine).freeze("a backup was restored", "engineer")
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.WAITING
    assert sandbox.truth()["return_requests"] == 0
    EpochStore(engine).open_again("every request was compared with the desk", "engineer")
    assert bring(ledger, sandbox.desk(), wanted)[0] is Stand.DONE


@pytest.mark.fault("F21", "S6")
def test_a_look_that_fails_leaves_it_ready(ledger: EffectLedger, sandbox: Sandbox, wanted: ReturnRequest):
    """A refused token before the send: nothing has left, so nothing is unknown."""
    with pytest.raises(WinddownError):
        bring(ledger, PartnerApi(sandbox.address, "wrong", QUICK), wanted)
    assert (ledger.get(KEY).state, ledger.get(KEY).sends) == ("ready", 0)


class AnswersOtherwise:
    """A desk that confirms more pieces than were asked for."""

    manner = Manner(account="desk", horizon_s=0)

    def find(self, request: ReturnRequest) -> object:  # noqa: ARG002  the name belongs to the port
        from include.winddown.adapters.ports import Found

        return Found(complete=True, matches=())

    def create(self, request: ReturnRequest) -> Reply:
        line = AcceptedLine(sku=request.lines[0].sku, condition="sellable", requested_qty=99, accepted_qty=99)
        return Reply(
            outcome=Outcome.OK, detail="created", accepted=Accepted(request_no="RR-9", lines=(line,))
        )


@pytest.mark.fault("F20", "S8", "S9")
def test_a_yes_to_something_else_is_no_yes(engine: Engine, ledger: EffectLedger, wanted: ReturnRequest):
    """A reply that does not repeat our lines is UNKNOWN."""
    assert bring(ledger, AnswersOtherwise(), wanted)[0] is Stand.WAITING
    assert units(engine) == [(0, 0)]

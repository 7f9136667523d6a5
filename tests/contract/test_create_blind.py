"""A desk that keeps no reference of ours: a request is known by its content only."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.stores.effect_people import EffectPeople
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.domain.effects import ReturnRequest
from include.winddown.domain.stands import Stand
from include.winddown.steps.ledger import Bringing
from tests.contract.intents import KEY, OTHER, intent
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running("--seed", "5") as started:
        yield started


@pytest.fixture
def desk(sandbox: Sandbox) -> PartnerApi:
    return sandbox.desk(knows_reference=False, horizon_s=0)


@pytest.fixture
def wanted(sandbox: Sandbox) -> ReturnRequest:
    return sandbox.request(KEY, qty=3)


def bring(ledger: EffectLedger, desk: PartnerApi, wanted: ReturnRequest) -> tuple[Stand, str]:
    return Bringing(ledger, desk, "WH-2-standard-001", wanted).go()


def bring_twin(ledger: EffectLedger, desk: PartnerApi, wanted: ReturnRequest) -> tuple[Stand, str]:
    """Bring a second shipment about that holds the very same goods."""
    ledger.intend(intent(OTHER, request={"shipment_no": "WH-2-standard-002"}))
    twin = replace(wanted, client_reference=OTHER)
    return Bringing(ledger, desk, "WH-2-standard-002", twin).go()


def test_our_reference_does_not_reach_it(sandbox: Sandbox, desk: PartnerApi, wanted: ReturnRequest):
    """Nothing there is under our key; the content finds it all the same."""
    desk.create(wanted)
    assert not sandbox.desk().find(wanted).matches
    assert len(desk.find(wanted).matches) == 1
    assert [one.client_reference for one in desk.standing()] == [""]


@pytest.mark.parametrize(
    "change",
    [{"warehouse_id": "WH-X"}, {"destination": "ELSEWHERE"}, {"handling_class": "fragile"}, {"lines": ()}],
)
def test_only_the_same_goods_between_the_same_places_are_alike(
    desk: PartnerApi, wanted: ReturnRequest, change: dict[str, object]
):
    """Another place, class or piece makes another request."""
    desk.create(wanted)
    assert not desk.find(replace(wanted, **change)).matches


@pytest.mark.parametrize("fault", ["drop_reply_after_acting", "error_502_after", "garbled_200", "hang"])
def test_a_lost_reply_is_found_by_its_content(
    sandbox: Sandbox, ledger: EffectLedger, desk: PartnerApi, wanted: ReturnRequest, fault: str
):
    """The desk acted and we did not hear it: nothing is sent a second time."""
    sandbox.faults(create={fault: 1})
    assert [bring(ledger, desk, wanted)[0] for _ in range(2)] == [Stand.WAITING, Stand.DONE]
    assert sandbox.truth()["return_requests"] == 1


def test_two_shipments_of_the_same_goods_are_two_requests(
    sandbox: Sandbox, ledger: EffectLedger, desk: PartnerApi, wanted: ReturnRequest
):
    """What belongs to one effect is not taken for another, also when a reply is lost."""
    assert bring(ledger, desk, wanted)[0] is Stand.DONE
    sandbox.faults(create={"drop_reply_after_acting": 1})
    came = [bring_twin(ledger, desk, wanted)[0] for _ in range(2)]
    assert came == [Stand.WAITING, Stand.DONE]
    assert sandbox.truth()["return_requests"] == 2
    assert ledger.get(KEY).remote_id != ledger.get(OTHER).remote_id


@pytest.mark.fault("F24", "S6", "S7")
def test_what_stood_before_is_not_ours_and_not_doubled(
    sandbox: Sandbox, ledger: EffectLedger, desk: PartnerApi, wanted: ReturnRequest
):
    """Somebody asked for the same goods by hand: a person says which it is before anything is sent."""
    desk.create(wanted)
    stand, detail = bring(ledger, desk, wanted)
    assert (stand, "nobody knows whose it is" in detail) == (Stand.ESCALATED, True)
    assert sandbox.truth()["return_requests"] == 1


def test_a_person_may_let_it_be_sent_beside_what_stood(
    sandbox: Sandbox, engine: Engine, ledger: EffectLedger, desk: PartnerApi, wanted: ReturnRequest
):
    """What made it stop counts from then on as another's; the lost reply of ours is still found."""
    desk.create(wanted)
    bring(ledger, desk, wanted)
    EffectPeople(engine).resend(KEY, "engineer", "RR-000001 was made by hand last week")
    sandbox.faults(create={"drop_reply_after_acting": 1})
    assert [bring(ledger, desk, wanted)[0] for _ in range(2)] == [Stand.WAITING, Stand.DONE]
    assert sandbox.truth()["return_requests"] == 2
    assert ledger.get(KEY).remote_id == "RR-000002"


@pytest.mark.fault("F1", "S6")
@pytest.mark.fault("F24", "S8", "S10")
def test_a_worker_that_died_before_it_looked_claims_nothing_foreign(
    sandbox: Sandbox, ledger: EffectLedger, desk: PartnerApi, wanted: ReturnRequest
):
    """Nobody knows what stood before, so a look-alike is a person's to judge."""
    ledger.claim(KEY, 0)
    desk.create(wanted)
    assert bring(ledger, desk, wanted)[0] is Stand.ESCALATED
    assert sandbox.truth()["return_requests"] == 1


@pytest.mark.fault("F3", "S6")
@pytest.mark.fault("F7", "S6", "S7")
def test_a_worker_that_lost_its_claim_while_looking_does_not_send(
    ledger: EffectLedger, desk: PartnerApi, wanted: ReturnRequest, sandbox: Sandbox
):
    """What it saw is committed under its fence right before the send; without the fence it stops."""

    class Slow:
        """A look so slow that the lease runs out meanwhile and another worker goes on."""

        manner = desk.manner
        create = desk.create

        def find(self, request: ReturnRequest) -> object:
            ledger.record(KEY, 1, outcome("unknown"), "taken away")
            return desk.find(request)

    assert bring(ledger, Slow(), wanted) == (Stand.WAITING, "another worker has taken this effect up")
    assert sandbox.truth()["return_requests"] == 0


def outcome(name: str) -> object:
    from include.winddown.domain.effects import Outcome

    return Outcome(name)

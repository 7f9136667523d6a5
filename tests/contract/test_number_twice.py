"""A desk that names one number for two requests: the second is a person's, and nothing is sent again."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from include.winddown.adapters.ports import Found
from include.winddown.adapters.stores.effect_people import EffectPeople
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.domain.effects import (
    Accepted,
    AcceptedLine,
    Manner,
    Outcome,
    Reply,
    RequestLine,
    ReturnRequest,
)
from include.winddown.domain.stands import Stand
from include.winddown.steps.ledger import Bringing
from tests.contract.intents import KEY, OTHER, attempts, intent

TWICE = "number RR-1 already belongs to another effect; ask the desk what it means"


@dataclass(slots=True)
class OneNumberDesk:
    """Answers to every request with one number; `is_heard` is whether the answer arrives."""

    manner: Manner = field(default_factory=lambda: Manner(account="desk", horizon_s=0))
    is_heard: bool = True
    number: str = "RR-1"
    kept: dict[str, ReturnRequest] = field(default_factory=dict)

    def create(self, request: ReturnRequest) -> Reply:
        self.kept[request.client_reference] = request
        if not self.is_heard:
            return Reply(outcome=Outcome.UNKNOWN, detail="read timeout")
        return Reply(outcome=Outcome.OK, detail="201", accepted=self._accepted(request))

    def find(self, request: ReturnRequest) -> Found:
        kept = self.kept.get(request.client_reference)
        return Found(complete=True, matches=(self._accepted(kept),) if kept else ())

    def _accepted(self, request: ReturnRequest) -> Accepted:
        lines = tuple(
            AcceptedLine(
                sku=line.sku, condition=line.condition, requested_qty=line.qty, accepted_qty=line.qty
            )
            for line in request.lines
        )
        return Accepted(request_no=self.number, lines=lines)


@pytest.fixture
def desk() -> OneNumberDesk:
    return OneNumberDesk()


def bring(ledger: EffectLedger, desk: OneNumberDesk, key: str) -> tuple[Stand, str]:
    return bringing(ledger, desk, key).go()


def bringing(ledger: EffectLedger, desk: OneNumberDesk, key: str) -> Bringing:
    wanted = ReturnRequest(
        client_reference=key,
        warehouse_id="WH-2",
        destination="own",
        handling_class="standard",
        lines=(RequestLine(sku="SKU-1", condition="sellable", qty=1),),
    )
    shipment_no = "WH-2-standard-001" if key == KEY else "WH-2-standard-002"
    return Bringing(ledger, desk, shipment_no, wanted)


@pytest.fixture
def twin(ledger: EffectLedger, desk: OneNumberDesk) -> str:
    """A second request, once the first stands as RR-1."""
    assert bring(ledger, desk, KEY) == (Stand.DONE, "request RR-1")
    ledger.intend(intent(OTHER, request={"shipment_no": "WH-2-standard-002"}))
    return OTHER


def test_a_number_given_twice_is_a_persons(
    ledger: EffectLedger, engine: Engine, desk: OneNumberDesk, twin: str
):
    """Not an error of every run from now on: people are told the number, and later runs leave it alone."""
    assert bring(ledger, desk, twin) == (Stand.ESCALATED, TWICE)
    there = ledger.get(twin)
    assert (there.state, there.reply) == ("escalated", {"detail": TWICE, "numbers": ["RR-1"]})
    assert attempts(engine) == [(1, "ok", "request RR-1"), (1, "unknown", TWICE)]
    assert bring(ledger, desk, twin) == (Stand.ESCALATED, TWICE)
    assert ledger.get(twin).sends == 1
    assert (ledger.get(KEY).state, ledger.get(KEY).remote_id) == ("confirmed", "RR-1")


def test_a_look_up_that_finds_a_taken_number_is_a_persons(
    ledger: EffectLedger, desk: OneNumberDesk, twin: str
):
    """The answer was lost, and what stands under our reference has the number of another request."""
    desk.is_heard = False
    assert bring(ledger, desk, twin)[0] is Stand.WAITING
    assert bringing(ledger, desk, twin).look() == (Stand.ESCALATED, TWICE)
    assert ledger.get(twin).state == "escalated"


def test_a_look_before_the_send_that_finds_a_taken_number_is_a_persons(
    ledger: EffectLedger, desk: OneNumberDesk, twin: str
):
    """Whatever put it there: nothing is sent beside it."""
    desk.create(bringing(ledger, desk, twin)._wanted)
    assert bring(ledger, desk, twin) == (Stand.ESCALATED, TWICE)
    assert ledger.get(twin).state == "escalated"


def test_a_person_settles_it_by_the_right_number(
    ledger: EffectLedger, engine: Engine, desk: OneNumberDesk, twin: str
):
    """Once the desk has put its number right it is confirmed; while it has not, it stays with the person."""
    bring(ledger, desk, twin)
    EffectPeople(engine).decided(twin, "engineer", "it stands as RR-1")
    assert bringing(ledger, desk, twin).take("RR-1") == (Stand.ESCALATED, TWICE)
    desk.number = "RR-2"
    assert bringing(ledger, desk, twin).take("RR-2") == (Stand.DONE, "request RR-2")
    assert ledger.get(twin).remote_id == "RR-2"


def test_a_person_gives_it_up(ledger: EffectLedger, engine: Engine, desk: OneNumberDesk, twin: str):
    """One request for both shipments is an answer too: the second is never sent."""
    bring(ledger, desk, twin)
    EffectPeople(engine).cancel(twin, "engineer", "the desk put both into RR-1")
    assert bring(ledger, desk, twin)[0] is not Stand.DONE
    assert ledger.get(twin).state == "cancelled"

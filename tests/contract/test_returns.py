"""Return requests as the desk keeps them, in a real PostgreSQL."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.tables import movement, return_line, return_request
from include.winddown.domain.effects import Accepted, AcceptedLine, Outcome
from tests.contract.intents import ACCEPTED, KEY, SHIPMENT, attempts


@pytest.mark.fault("F18", "S9")
def test_a_confirmed_request_moves_its_units(ledger: EffectLedger, engine: Engine) -> None:
    """Effect, request, lines and STOCK→IN_REMOVAL of the accepted pieces are one commit."""
    fence = ledger.claim(KEY, 60)
    assert ledger.record_request(KEY, fence, **SHIPMENT, accepted=ACCEPTED, detail="201")
    with engine.connect() as connection:
        request = connection.execute(select(return_request)).one()
        lines = connection.execute(select(return_line).order_by(return_line.c.sku)).all()
        moves = connection.execute(select(movement)).all()
    assert (request.request_no, request.plan_id, request.shipment_no) == (
        "RR-1",
        "plan-1",
        "WH-2-standard-001",
    )
    assert [(line.requested_qty, line.accepted_qty) for line in lines] == [(10, 8), (6, 0)]
    assert [(move.sku, move.from_node, move.to_node, move.qty) for move in moves] == [
        ("SKU-1", "STOCK", "IN_REMOVAL", 8)
    ]
    assert ledger.get(KEY).state == "confirmed"
    assert attempts(engine) == [(1, "ok", "201")]


def test_a_request_is_confirmed_once(ledger: EffectLedger, engine: Engine) -> None:
    """A second confirmation, with or without a fence, writes nothing."""
    fence = ledger.claim(KEY, 60)
    ledger.record_request(KEY, fence, **SHIPMENT, accepted=ACCEPTED, detail="201")
    assert not ledger.record_request(KEY, fence, **SHIPMENT, accepted=ACCEPTED, detail="201")
    assert not ledger.record_request(KEY, None, **SHIPMENT, accepted=ACCEPTED, detail="found")
    with engine.connect() as connection:
        assert len(connection.execute(select(movement)).all()) == 1


@pytest.mark.fault("F18", "S10")
@pytest.mark.parametrize("state", ["ready", "unknown"])
def test_a_found_request_moves_its_units_too(ledger: EffectLedger, engine: Engine, state: str) -> None:
    """A look-up confirms from ready and from unknown, in the same single commit."""
    if state == "unknown":
        ledger.record(KEY, ledger.claim(KEY, 60), Outcome.UNKNOWN, "reset")
    assert ledger.record_request(KEY, None, **SHIPMENT, accepted=ACCEPTED, detail="found by reference")
    with engine.connect() as connection:
        assert len(connection.execute(select(movement)).all()) == 1


def test_a_look_up_does_not_confirm_under_a_sender(ledger: EffectLedger) -> None:
    """While somebody is sending, only the holder of the fence may confirm."""
    ledger.claim(KEY, 60)
    assert not ledger.record_request(KEY, None, **SHIPMENT, accepted=ACCEPTED, detail="found")
    assert ledger.get(KEY).state == "sending"


@pytest.mark.fault("F12", "S9")
def test_a_request_that_cannot_be_written_leaves_the_effect_alone(
    ledger: EffectLedger, engine: Engine
) -> None:
    """More accepted than requested is stopped by the database, and nothing is half-written."""
    line = AcceptedLine(sku="SKU-1", condition="sellable", requested_qty=10, accepted_qty=11)
    fence = ledger.claim(KEY, 60)
    greedy = Accepted(request_no="RR-1", lines=(line,))
    with pytest.raises(IntegrityError, match="return_line_accepted_qty_ck"):
        ledger.record_request(KEY, fence, **SHIPMENT, accepted=greedy, detail="201")
    assert ledger.get(KEY).state == "sending"
    with engine.connect() as connection:
        assert connection.execute(select(return_request)).all() == []

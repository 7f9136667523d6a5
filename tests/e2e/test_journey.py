"""The whole journey in real Airflow, on PostgreSQL, against the sandbox over HTTP."""

from datetime import UTC, datetime

import pytest

from include.local.journey import Journey
from include.local.progress import Progress
from include.local.subject import demo_subject
from tests.e2e.people import Office


def lost(office: Office) -> int:
    """Pieces that the books call lost on returns."""
    (row,) = office.rows("select sum(lost_qty)::int as qty from booked_line where exit_id = :exit_id")
    return row["qty"]


@pytest.mark.fault("F5", "S5", "S7", "S12", "S13")
@pytest.mark.fault("F6", "S12", "S13")
def test_a_journey_accounts_for_every_unit_and_a_second_one_creates_nothing_twice(stack):
    """From snapshot to reconciliation, twice: the desk holds exactly the requests we know of."""
    subject = demo_subject(datetime.now(UTC).date())
    office = Office(stack, subject.exit_id)
    first = Journey(stack, subject, Progress(), robot=True).go()
    truth = stack.world.state()
    units, requests, prices = first["units"], first["requests"], first["prices"]
    assert first["gate"] == {"cleared": True, "blocking_orders": []}
    assert units["on_hand"] == sum(units[name] for name in ("return", "markdown", "dispose", "hold")) > 0
    assert requests["created"] == truth["return_requests"] > 0
    assert requests["units_requested"] == units["return"] == truth["units_requested"]
    assert requests["units_shipped"] == truth["units_shipped"] == units["return"]
    assert requests["units_received"] == truth["units_received"]
    assert prices["changed"] == truth["prices_changed"] > 0
    assert prices["refused"] == prices["conflicts"] == prices["waiting"] == 0
    assert lost(office) == truth["units_shipped"] - truth["units_received"]
    assert first["conservation_ok"]
    assert first["discrepancies"] > 0

    for dag_id in ("create_returns", "mark_down", "reconcile_returns"):
        again = office.ended(dag_id, {"exit_id": subject.exit_id})
        assert again.state() == "success"
    again_there = stack.world.state()
    assert again_there["return_requests"] == requests["created"]
    assert again_there["prices_written"] == truth["prices_written"]

    second = Journey(stack, subject, Progress(), robot=True).go()
    truth = stack.world.state()
    assert second["snapshot_id"] != first["snapshot_id"]
    assert second["requests"]["created"] == truth["return_requests"]
    assert second["requests"]["units_requested"] == truth["units_requested"]
    assert second["conservation_ok"]
    assert lost(office) == truth["units_shipped"] - truth["units_received"]
    assert len(office.rows("select 1 from exit where exit_id = :exit_id")) == 1


def test_a_rejected_plan_creates_nothing(stack):
    """Rejecting ends the plan; the run itself is no failure."""
    office = Office(stack, "rejected")
    office.open()
    before = stack.world.state()["return_requests"]
    assert office.snapshot().state() == "success"
    run = office.answer(office.plan(), "Reject")
    assert run.state() == "success"
    assert not run.succeeded("seal")
    assert office.plan_states() == ["rejected"]
    decided = office.rows(
        "select decision, user_name from approval join plan using (plan_id) where exit_id = :exit_id"
    )
    assert decided == [{"decision": "rejected", "user_name": "approver"}]
    assert not office.has_runs("create_returns")
    assert stack.world.state()["return_requests"] == before

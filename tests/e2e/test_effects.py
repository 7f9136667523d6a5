"""Effects in real Airflow: what needs a person, a frozen ledger, two runs at once."""

from dataclasses import replace

import pytest

from include.local.runs import Run
from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.epochs import EpochStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.effects import effect_key
from include.winddown.steps.requests import KIND, request_of
from tests.e2e.file_exports import put_up
from tests.e2e.people import Office, database, end, note

WHY = "the desk was asked by phone and said so"


def first_request(office: Office):
    """The request that the plan's first shipment will be."""
    with database(office.stack) as engine:
        [plan_id] = [
            row["plan_id"] for row in office.rows("select plan_id from plan where exit_id = :exit_id")
        ]
        plan = PlanStore(engine).get(plan_id)
        shipment = PlanStore(engine).shipments(plan_id)[0]
    return request_of(effect_key(office.exit_id, KIND, plan.digest, shipment["shipment_no"]), shipment)


def desk(office: Office) -> PartnerApi:
    sandbox = office.stack.settings.mirror
    return PartnerApi(sandbox.address, sandbox.partner_token)


def returns(office: Office) -> Run:
    """The create_returns run that the approval started, once it has ended."""
    office.stack.wait_for("create_returns", lambda: office.has_runs("create_returns"))
    api = office.stack.api("operator")
    run = Run(api, "create_returns", office.run_ids("create_returns")[0], office.stack.crew.check)
    end(run)
    return run


@pytest.mark.fault("F24", "S10")
def test_what_only_a_person_can_find_out_is_settled_by_the_approver(stack):
    """Another content stands under our reference: one request stops, the others are made, a person decides."""
    office, run = put_up(stack, "escalated")
    office.question(run)
    wanted = first_request(office)
    line = replace(wanted.lines[0], qty=wanted.lines[0].qty + 1)
    desk(office).create(replace(wanted, lines=(line, *wanted.lines[1:])))
    office.answer(run, "Approve")
    assert "PersonNeeded" in note(returns(office))
    with database(stack) as engine:
        assert EffectLedger(engine).get(wanted.client_reference).state == "escalated"

    settling = Run(
        stack.api("operator"),
        "settle_effect",
        stack.api("operator").trigger("settle_effect", {"effect": wanted.client_reference[:10]}),
        stack.crew.check,
    )
    question = office.question(settling, "decide")
    assert question["subject"].startswith(f"[effect {wanted.client_reference[:12]}]")
    approver = stack.api("approver")
    approver.answer(question, "It stands", number="RR-999999", why=WHY).raise_for_status()

    def has_state(state: str) -> bool:
        with database(stack) as engine:
            return EffectLedger(engine).get(wanted.client_reference).state == state

    office.insist(settling, lambda: has_state("cancelled"), "Give it up", number="", why=WHY)
    assert end(settling) == "success"
    [decided] = office.rows(
        "select by_user, effect_note.detail from effect_note join effect using (effect_key)"
        " where exit_id = :exit_id and effect_note.kind = 'decided' order by note_no desc limit 1"
    )
    assert decided == {"by_user": "approver", "detail": f"given up: {WHY}"}
    assert office.ended("create_returns", {"exit_id": office.exit_id}).state() == "success"


@pytest.mark.fault("F11", "S5", "S7")
def test_a_frozen_ledger_sends_nothing_until_the_approver_opens_it(stack):
    """The run says so, the comparison is shown, and afterwards everything is sent once."""
    office, run = put_up(stack, "frozen")
    with database(stack) as engine:
        EpochStore(engine).freeze("a backup was restored", "engineer")
    before = stack.mirror.state()["return_requests"]
    office.answer(run, "Approve")
    assert "LedgerFrozen" in note(returns(office))
    assert stack.mirror.state()["return_requests"] == before

    thawing = Run(
        stack.api("operator"),
        "thaw_ledger",
        stack.api("operator").trigger("thaw_ledger", {}),
        stack.crew.check,
    )
    question = office.question(thawing, "decide")
    assert "a backup was restored" in question["body"].replace("\\", "")

    def is_open() -> bool:
        with database(stack) as engine:
            return EpochStore(engine).current().is_open

    office.insist(thawing, is_open, "Open the ledger", why=WHY)
    assert end(thawing) == "success"
    with database(stack) as engine:
        assert EpochStore(engine).current().by_user == "approver"

    api = stack.api("operator")
    both = [api.trigger("create_returns", {"exit_id": office.exit_id}) for _ in range(2)]
    states = [end(Run(api, "create_returns", run_id, stack.crew.check)) for run_id in both]
    assert states == ["success", "success"]
    made = stack.mirror.state()["return_requests"] - before
    [counted] = office.rows("select count(*) as n from return_request where exit_id = :exit_id")
    assert made == counted["n"] > 0


@pytest.mark.fault("F14", "S10")
def test_what_is_unknown_is_resolved_by_itself(stack):
    """resolve_effects looks it up, sends nothing, and the reconciliation follows."""
    office, run = put_up(stack, "unknown")
    stack.mirror.faults(create={"drop_reply_after_acting": 1})
    office.answer(run, "Approve")
    returns(office)
    resolving = office.ended("resolve_effects", {})
    assert resolving.state() == "success"
    states = office.rows("select distinct state from effect where exit_id = :exit_id")
    assert states == [{"state": "confirmed"}]

"""A warehouse without an API, in real Airflow: papers, a question, a bad answer, a good one, a request that stands."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from upath import UPath

from include.local.runs import Run
from include.local.stack import Stack
from include.local.subject import POLICY, demo_subject
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.plan import digest_plan
from tests.contract.plans import SHIPMENTS, approve, decisions, plan_lines, shipment_lines
from tests.e2e.people import PARKED_S, Office, database

FORM = dict.fromkeys(("request_no", "accepted", "refusal", "act_no", "act_on", "act_file"), "")


def questions(
    stack: Stack, run: Run, are_there: Callable[[list[dict[str, Any]]], bool]
) -> list[dict[str, Any]]:
    """Wait for open questions, and until Airflow can take an answer to each."""
    api = stack.api("approver")
    stack.wait_for("the questions", lambda: are_there(api.open_questions(run.dag_id, run.run_id)))
    time.sleep(PARKED_S)
    return api.open_questions(run.dag_id, run.run_id)


def approve_a_plan(stack: Stack, exit_id: str) -> None:
    """Put a small approved plan into the database, so that only the returns are left to be made."""
    form = dict(demo_subject(datetime.now(UTC).date()).form)
    days = {name: date.fromisoformat(str(form[name])) for name in ("opened_on", "deadline_on")}
    wanted = {"exit_id": exit_id, "desk_conn": "documents_desk", "policy": Policy(**POLICY), **days}
    facts = {"exit_id": exit_id}
    tables = (plan_lines(), shipment_lines(), decisions())
    with database(stack) as engine:
        ExitStore(engine).add(Exit(**form | wanted))
        snapshots = SnapshotStore(engine, UPath(stack.settings.var / "store"))
        snapshot_id = snapshots.begin(exit_id, None)
        snapshots.seal(snapshot_id, datetime.now(UTC))
        PlanStore(engine).propose(
            plan_id=f"plan-{exit_id}",
            exit_id=exit_id,
            snapshot_id=snapshot_id,
            digest=digest_plan(facts, *(table.to_pandas() for table in tables)),
            summary={"units": {"return": 20}, "facts": facts},
            lines=tables[0].to_batches(),
            shipments=SHIPMENTS,
            shipment_lines=tables[1].to_batches(),
            decisions=tables[2].to_batches(),
        )
        approve(engine, f"plan-{exit_id}")


def returns_of(stack: Stack, office: Office) -> Run:
    """A run of create_returns that asks people."""
    approve_a_plan(stack, office.exit_id)
    api = stack.api("operator")
    run_id = api.trigger("create_returns", {"exit_id": office.exit_id})
    run = Run(api, "create_returns", run_id, stack.crew.check)
    stack.wait_for("the handing over", lambda: run.succeeded("waiting"))
    return run


def test_a_bad_answer_is_asked_again_and_a_good_one_makes_the_request_stand(stack: Stack):
    """Request, question, bad answer, the same question with the error in words, answer, confirmed."""
    office = Office(stack, "by-papers")
    run = returns_of(stack, office)
    effects = office.rows("select effect_key, state from effect where exit_id = :exit_id")
    assert {row["state"] for row in effects} == {"unknown"}
    open_ones = questions(stack, run, lambda found: len(found) == len(effects))
    assert {one["subject"][1:13] for one in open_ones} == {row["effect_key"][:12] for row in effects}
    assert run.succeeded("publish")

    key = type_an_answer(stack, run, open_ones[0])
    stands = "select request_no from return_request where exit_id = :exit_id and effect_key like :key || '%'"
    stack.wait_for("the request", lambda: bool(office.rows(stands, key=key)))
    assert office.rows(stands, key=key) == [{"request_no": "WH-77"}]
    typed = (
        "select user_name, problem <> '' as is_bad, act_no from desk_answer where effect_key like :key || '%'"
    )
    assert office.rows(typed + " order by answer_no", key=key) == [
        {"user_name": "approver", "is_bad": True, "act_no": ""},
        {"user_name": "approver", "is_bad": False, "act_no": "A-1"},
    ]

    stack.world.clerk(stack.settings.inbox)
    for one in open_ones[1:]:
        stack.api("approver").answer(one, "In the inbox").raise_for_status()
    stack.wait_for("the end", lambda: run.state() in {"success", "failed"})
    assert run.state() == "success", run.problem()
    states = office.rows("select state, count(*) as n from effect where exit_id = :exit_id group by state")
    assert states == [{"state": "confirmed", "n": len(effects)}]


def type_an_answer(stack: Stack, run: Run, question: dict[str, Any]) -> str:
    """Answer badly, then well; gives the beginning of the reference."""
    approver = stack.api("approver")
    bad = FORM | {"request_no": "WH-77", "accepted": "no-such-sku;sellable;1"}
    approver.answer(question, "Answered", **bad).raise_for_status()

    def is_again(one: dict[str, Any]) -> bool:
        return one["subject"] == question["subject"] and "was not asked for" in one["body"]

    found = questions(stack, run, lambda asked: any(map(is_again, asked)))
    again = next(one for one in found if is_again(one))
    assert again["params"]["request_no"]["value"] == "WH-77"
    good = FORM | {"request_no": "WH-77", "act_no": "A-1", "act_on": "2026-11-20"}
    approver.answer(again, "Answered", **good).raise_for_status()
    return str(question["subject"][1:13])

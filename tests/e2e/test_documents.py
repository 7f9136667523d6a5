"""A warehouse without an API, in real Airflow: papers, a question, a bad answer, a good one, a request that stands."""

import time
from collections.abc import Callable
from typing import Any

from include.local.runs import Run
from include.local.stack import Stack
from tests.e2e.people import PARKED_S, Office

FORM = dict.fromkeys(("request_no", "accepted", "refusal", "act_no", "act_on", "act_file"), "")


def questions(
    stack: Stack, run: Run, are_there: Callable[[list[dict[str, Any]]], bool]
) -> list[dict[str, Any]]:
    """Wait for open questions, and until Airflow can take an answer to each."""
    api = stack.api("approver")
    stack.wait_for("the questions", lambda: are_there(api.open_questions(run.dag_id, run.run_id)))
    time.sleep(PARKED_S)
    return api.open_questions(run.dag_id, run.run_id)


def returns_of(stack: Stack, office: Office) -> Run:
    """From opening the exit to a run of create_returns that asks people."""
    stack.world.clerk(stack.settings.inbox, "late")
    office.open()
    assert office.snapshot().state() == "success"
    assert office.answer(office.plan(), "Approve").state() == "success"
    stack.wait_for("the returns", lambda: office.has_runs("create_returns"))
    [run_id] = [run["dag_run_id"] for run in office._runs("create_returns")]
    run = Run(stack.api("operator"), "create_returns", run_id, stack.crew.check)
    stack.wait_for("the handing over", lambda: run.succeeded("waiting"))
    return run


def test_a_bad_answer_is_asked_again_and_a_good_one_makes_the_request_stand(stack: Stack):
    """Request, question, bad answer, the same question with the error in words, answer, confirmed."""
    office = Office(stack, "by-papers", desk_conn="documents_desk")
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

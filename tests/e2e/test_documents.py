"""A warehouse without an API, in real Airflow: papers, a question, a bad answer, a good one, a request that stands."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

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


def answer_until(stack: Stack, run: Run, subject: str, is_done: Callable[[], object], **answer: str) -> None:
    """Answer a question until the answer has come through: Airflow 3.3.2 loses one that comes too early."""
    approver = stack.api("approver")
    option = answer.pop("option", "Answered")

    def has_come() -> bool:
        for one in approver.open_questions(run.dag_id, run.run_id):
            age = datetime.now(UTC) - datetime.fromisoformat(one["created_at"])
            if one["subject"] == subject and age > timedelta(seconds=2 * PARKED_S):
                approver.answer(one, option, **answer)
        return bool(is_done())

    stack.wait_for(f"the answer to {subject}", has_come)


def approve_a_plan(stack: Stack, exit_id: str) -> None:
    """Put a small approved plan into the database, so that only the returns are left to be made."""
    form = dict(demo_subject(datetime.now(UTC).date()).form)
    days = {name: date.fromisoformat(str(form[name])) for name in ("opened_on", "deadline_on")}
    wanted = {"exit_id": exit_id, "desk_conn": "exports_documents_desk", "policy": Policy(**POLICY), **days}
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
    """Request, question, bad answer with the reason kept, the question again, answer, confirmed."""
    office, api = Office(stack, "by-papers"), stack.api("approver")
    run = returns_of(stack, office)
    effects = office.rows("select effect_key, state from effect where exit_id = :exit_id")
    assert {row["state"] for row in effects} == {"unknown"}
    stack.wait_for("the questions", lambda: len(api.open_questions(run.dag_id, run.run_id)) == len(effects))
    subjects = [one["subject"] for one in api.open_questions(run.dag_id, run.run_id)]
    assert {subject[1:13] for subject in subjects} == {row["effect_key"][:12] for row in effects}
    assert run.succeeded("publish")

    first, key = subjects[0], subjects[0][1:13]
    typed = (
        "select user_name, problem <> '' as is_bad, act_no from desk_answer where effect_key like :key || '%'"
    )
    bad = FORM | {"request_no": "WH-77", "accepted": "no-such-sku;sellable;1"}
    answer_until(stack, run, first, lambda: office.rows(typed, key=key), **bad)

    def asked_again() -> bool:
        tries = [task["try_number"] for task in run.tasks() if task["state"] == "awaiting_input"]
        return max(tries, default=1) > 1

    stack.wait_for("the question again", asked_again)
    good = FORM | {"request_no": "WH-77", "act_no": "A-1", "act_on": "2026-11-20"}
    stands = "select request_no from return_request where exit_id = :exit_id and effect_key like :key || '%'"
    answer_until(stack, run, first, lambda: office.rows(stands, key=key), **good)
    assert office.rows(stands, key=key) == [{"request_no": "WH-77"}]
    answers = office.rows(typed + " order by answer_no", key=key)
    assert answers[0] == {"user_name": "approver", "is_bad": True, "act_no": ""}
    assert answers[-1] == {"user_name": "approver", "is_bad": False, "act_no": "A-1"}

    stack.mirror.clerk(stack.settings.inbox)
    states = "select state from effect where exit_id = :exit_id and effect_key like :key || '%'"
    for subject in subjects[1:]:
        other = subject[1:13]
        answer_until(
            stack,
            run,
            subject,
            lambda other=other: office.rows(states, key=other) == [{"state": "confirmed"}],
            option="In the inbox",
            **FORM,
        )
    stack.wait_for("the end", lambda: run.state() in {"success", "failed"})
    assert run.state() == "success", run.problem()

"""Ask, hear and seal on a real PostgreSQL: who is asked about a plan, and whose answer makes it approved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from include.winddown.adapters.stores.approvals import ApprovalStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.tables import exit_
from include.winddown.domain.errors import BadExit, NothingToDo, PlanNotApproved
from include.winddown.domain.plan import digest_plan
from include.winddown.runtime import doors
from include.winddown.steps import approval
from include.winddown.steps.approval import FIRST, SECOND, ask, hear, seal
from tests.contract.plans import decisions, plan_lines, shipment_lines

PEOPLE = {"ada": "7", "ben": "8", "zoe": "9"}
FACTS = {"exit_id": "demo-1", "deadline_on": "2027-01-31", "destination": "own-warehouse", "authors": ["zoe"]}
SUMMARY = {
    "units": dict.fromkeys(("return", "markdown", "dispose", "hold"), 5),
    "units_by_warehouse": {},
    "list_value_minor": 1,
    "resale_minor": 2,
    "revenue_minor": 3,
    "at_stake_minor": 500_000,
    "shipments": 2,
    "unread_stock_rows": 0,
    "sample": [],
    "approved_before": [],
}


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> list[str]:
    """The plans the world was told of; the installation's approvers are PEOPLE."""
    told: list[str] = []
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "approvers", lambda: dict(PEOPLE))
    monkeypatch.setattr(approval, "announce", lambda *_, plan_id, **__: told.append(plan_id))
    return told


@pytest.fixture
def put_up(engine: Engine, plan_of: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Put a plan up for approval, with changes of its facts."""

    def make(**changes: Any) -> str:
        facts = FACTS | {"approvals_needed": 1} | changes
        frames = [table.to_pandas() for table in (plan_lines(), shipment_lines(), decisions())]
        PlanStore(engine).propose(
            **plan_of(digest=digest_plan(facts, *frames), summary=SUMMARY | {"facts": facts})
        )
        return "plan-1"

    return make


def two(put_up: Callable[..., str]) -> str:
    """Put up a plan that needs two people."""
    return put_up(approvals_needed=2, policy={"approval_second_above_minor": 100})


def asked(plan_id: str, task_id: str = FIRST, ti_id: str = "", asking_no: int = 2) -> dict[str, Any]:
    instance = {"ti_id": ti_id or f"ti-{task_id}", "dag_run_id": "run-1", "asking_no": asking_no}
    return ask(plan_id, {"task_id": task_id, **instance})


def answered(ti_id: str, name: str | None, option: str = "Approve") -> None:
    """Take an answer down, as the approval task does."""
    hear(
        {
            "ti_id": ti_id,
            "option": option,
            "user_id": PEOPLE.get(name or "", "99") if name else None,
            "user_name": name,
            "answered_at": datetime.now(UTC),
        }
    )


def names(question: dict[str, Any]) -> list[str]:
    assert all(user["id"] == PEOPLE[user["name"]] for user in question["assigned_users"])
    return [user["name"] for user in question["assigned_users"]]


@pytest.mark.usefixtures("announced")
def test_everybody_who_may_approve_is_asked_but_the_author(put_up: Callable[..., str]) -> None:
    """By name and id, for what is left of the time, under the digest."""
    question = asked(put_up())
    assert names(question) == ["ada", "ben"]
    assert 4_319 * 60 < question["seconds"] < 4_320 * 60
    assert question["subject"].startswith("[plan ")


@pytest.mark.usefixtures("announced")
def test_an_exit_asks_its_own_approvers(engine: Engine, put_up: Callable[..., str], merchant_exit) -> None:
    """Who is named now; somebody who may not approve any more is an error that names them."""
    plan_id = put_up()
    ExitStore(engine).add(replace(merchant_exit, approvers=("ben",)))
    assert names(asked(plan_id)) == ["ben"]
    ExitStore(engine).add(replace(merchant_exit, approvers=("ben", "eve")))
    with pytest.raises(BadExit, match="its approver 'eve' is not among those who may approve"):
        asked(plan_id, ti_id="ti-2")


@pytest.mark.usefixtures("announced")
def test_a_question_that_nobody_may_answer_is_not_asked(put_up: Callable[..., str]) -> None:
    """It would wait for days for no one."""
    plan_id = put_up(authors=["ada", "ben", "zoe"])
    with pytest.raises(BadExit, match="1 must approve and 0 may"):
        asked(plan_id)


def test_one_approval_is_enough_below_the_limit(
    engine: Engine, announced: list[str], put_up: Callable[..., str]
) -> None:
    """The second question is skipped; the plan is approved and the world told."""
    plan_id = put_up()
    asked(plan_id)
    answered("ti-approve", "ada")
    with pytest.raises(NothingToDo, match="needs no second approval"):
        asked(plan_id, SECOND)
    assert seal(plan_id, "demo-1") == plan_id
    assert announced == [plan_id]
    assert ApprovalStore(engine).of(plan_id).user_name == "ada"


def test_above_the_limit_another_person_is_asked(
    engine: Engine, announced: list[str], put_up: Callable[..., str]
) -> None:
    """Not the author and not the first one; both are behind the approval."""
    plan_id = two(put_up)
    first = asked(plan_id)
    answered("ti-approve", "ada")
    second = asked(plan_id, SECOND)
    assert names(second) == ["ben"]
    assert second["subject"] != first["subject"]
    assert "ada has approved" in second["body"]
    answered("ti-approve_second", "ben")
    seal(plan_id, "demo-1")
    seal(plan_id, "demo-1")
    there = ApprovalStore(engine).of(plan_id)
    assert (there.decision, there.user_name, there.second_user_name) == ("approved", "ada", "ben")
    assert announced == [plan_id, plan_id]


def test_a_retry_finds_the_answer_and_asks_nobody(announced: list[str], put_up: Callable[..., str]) -> None:
    """Airflow took the task for failed after the answer was taken down; a cleared task asks again."""
    plan_id = put_up()
    asked(plan_id)
    answered("ti-approve", "ada")
    assert asked(plan_id, ti_id="ti-2") == {"answered": "Approve"}
    assert names(asked(plan_id, ti_id="ti-3", asking_no=4)) == ["ada", "ben"]
    with pytest.raises(PlanNotApproved, match="nobody answered"):
        seal(plan_id, "demo-1")
    assert announced == []


@pytest.mark.parametrize("option", ["Reject", None])
@pytest.mark.usefixtures("announced")
def test_without_a_first_yes_nobody_is_asked_twice(put_up: Callable[..., str], option: str | None) -> None:
    """A rejection has ended the plan, and a task marked success by hand is no yes."""
    plan_id = two(put_up)
    asked(plan_id)
    if option:
        answered("ti-approve", "ada", option)
    with pytest.raises(NothingToDo):
        asked(plan_id, SECOND)


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([None], "nobody answered"),
        (["zoe", "ben"], "zoe answered, who had a hand in this plan"),
        (["eve", "ben"], "eve answered, who is not one of its approvers"),
        (["ada"], "nobody gave the second approval"),
        (["ada", "ada"], "ada answered twice"),
        (["ada", "zoe"], "zoe answered, who had a hand in this plan"),
    ],
)
def test_the_wrong_people_approve_nothing(
    engine: Engine, announced: list[str], put_up: Callable[..., str], people: list[str | None], words: str
) -> None:
    """Whoever Airflow lets answer: the plan expires and nobody is told."""
    plan_id = two(put_up)
    for task_id, name in zip((FIRST, SECOND), people, strict=False):
        asked(plan_id, task_id)
        answered(f"ti-{task_id}", name)
    with pytest.raises(PlanNotApproved, match=words):
        seal(plan_id, "demo-1")
    assert announced == []
    assert PlanStore(engine).get(plan_id).state == "expired"


@pytest.mark.usefixtures("announced")
def test_a_plan_has_one_clock(engine: Engine, put_up: Callable[..., str], merchant_exit) -> None:
    """Asking again does not begin the time anew; when it is over nobody is asked."""
    plan_id = put_up()
    with engine.begin() as connection:
        short = merchant_exit.policy.settings() | {"approval_minutes": 1}
        connection.execute(update(exit_).values(policy=short))
        connection.exec_driver_sql("alter table plan disable trigger plan_moves_on")
        earlier = datetime.now(UTC) - timedelta(seconds=50)
        connection.exec_driver_sql("update plan set created_at = %(at)s", {"at": earlier})
    assert 0 < asked(plan_id)["seconds"] < 10.5
    with engine.begin() as connection:
        connection.exec_driver_sql("update plan set created_at = created_at - interval '1 minute'")
    with pytest.raises(PlanNotApproved, match="its 1 minutes are over"):
        asked(plan_id, ti_id="ti-2")


def test_what_is_decided_stays_so(announced: list[str], put_up: Callable[..., str]) -> None:
    """A cleared task is not asked again, and the seal finds what it decided."""
    plan_id = put_up()
    asked(plan_id)
    answered("ti-approve", "ada")
    seal(plan_id, "demo-1")
    with pytest.raises(PlanNotApproved, match="is approved already and is not asked about again"):
        asked(plan_id, ti_id="ti-2")
    assert seal(plan_id, "demo-1") == plan_id
    assert announced == [plan_id] * 2

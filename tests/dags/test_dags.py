"""Policies over every DAG, and the promised order of each."""

import inspect
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from include.winddown.domain.application import ANSWERS, FILINGS, NEXT, REASONS, SCHEMES
from include.winddown.domain.cabinet import SETTINGS_UP
from include.winddown.domain.contract import ENDINGS
from include.winddown.domain.review import ZONES

ROOT = Path(__file__).parents[2]
DAG_FILES = sorted((ROOT / "dags").glob("*.py"))
PARSE_MAX_LINES = 80

ORDER = {
    "apply_to_leave": [
        {"check_access"},
        {"draft"},
        {"begin"},
        {"pull_catalogue", "pull_stock", "pull_orders", "pull_totals", "pull_supplies", "pull_fees"},
        {"validate"},
        {"compare"},
        {"keep"},
        {"dossier"},
        {"text"},
        {"file"},
        {"wait_for_review"},
        {"accept", "what_next"},
        {"apply_again", "first_snapshot"},
    ],
    "watch_reviews": [{"late"}],
    "open_exit": [{"open_exit"}],
    "take_snapshot": [
        {"choose_exits"},
        {"snapshot.begin"},
        {
            "snapshot.pull_catalogue",
            "snapshot.pull_stock",
            "snapshot.pull_orders",
            "snapshot.pull_totals",
            "snapshot.pull_supplies",
            "snapshot.pull_fees",
        },
        {"snapshot.validate"},
        {"snapshot.compare"},
        {"snapshot.publish"},
    ],
    "plan_wind_down": [
        {"gate"},
        {"estimate"},
        {"split", "what_if"},
        {"pack"},
        {"freeze"},
        {"corridor"},
        {"approve"},
        {"approve_second"},
        {"seal"},
    ],
    "create_returns": [
        {"choose"},
        {"request"},
        {"publish", "waiting"},
        {"desk.answer"},
        {"desk.confirm"},
    ],
    "mark_down": [{"choose"}, {"change"}, {"verify"}, {"publish"}],
    "reconcile_returns": [{"follow", "count"}, {"match"}, {"balance"}],
    "follow_returns": [{"due"}],
    "resolve_effects": [{"expire"}, {"look"}, {"report", "try_again", "alert"}],
    "settle_effect": [{"find"}, {"decide"}, {"tell_returns", "send_again"}],
    "thaw_ledger": [{"against"}, {"decide"}],
    "watch_own_stock": [
        {"choose_exits"},
        {"watch.look"},
        {"watch.judge"},
        {"watch.report"},
        {"watch.alert"},
    ],
    "rejoin": [{"collect"}, {"validate_supply"}, {"score"}, {"decide"}],
    "claim_returns": [{"prepare"}, {"decide"}, {"hand_over"}],
    "settle_claim": [{"find"}, {"decide"}, {"tell_returns"}],
    "watch_claims": [{"lapse"}],
    "hand_over": [
        {"standing"},
        {"prepare"},
        {"set_up"},
        {"publish_stock"},
        {"restore"},
        {"begin"},
        {"pull_catalogue", "pull_stock", "pull_orders", "pull_totals", "pull_supplies", "pull_fees"},
        {"validate"},
        {"compare"},
        {"archive"},
        {"end_contract"},
        {"report"},
        {"close"},
    ],
}

APPLYING = {"file": FILINGS, "wait_for_review": ANSWERS, "what_next": NEXT}
"""The questions of apply_to_leave, and their choices in the domain."""
ENDING = {"set_up": SETTINGS_UP, "end_contract": ENDINGS}
"""Those of hand_over."""


def stages(dag) -> list[set[str]]:
    """The tasks by distance from the start."""
    depth: dict[str, int] = {}
    for task in dag.topological_sort():
        depth[task.task_id] = 1 + max((depth[up] for up in task.upstream_task_ids), default=-1)
    return [{name for name, at in depth.items() if at == level} for level in range(max(depth.values()) + 1)]


def test_every_file_loads(dag_bag):
    """No import error, and one DAG per file, named like it."""
    assert dag_bag.import_errors == {}
    assert sorted(dag_bag.dags) == [path.stem for path in DAG_FILES]


@pytest.mark.parametrize("dag_id", sorted(ORDER))
def test_the_tasks_come_in_the_promised_order(dag_bag, dag_id):
    """The order is the table of contents of the journey."""
    assert stages(dag_bag.dags[dag_id]) == ORDER[dag_id]


def test_every_dag_is_described_and_bounded(dag_bag):
    """Text, tags, owner, no catch-up, a limit of runs, and a described, typed field per param."""
    for dag in dag_bag.dags.values():
        assert dag.doc_md, dag.dag_id
        assert "winddown" in dag.tags
        assert dag.catchup is False
        for name in dag.params:
            param = dag.params.get_param(name)
            assert param.description, f"{dag.dag_id}.{name}"
            assert {"type", "title"} <= set(param.schema), f"{dag.dag_id}.{name}"


def test_every_task_retries_what_may_pass_and_nothing_else(dag_bag):
    """Retries with a policy that fails a domain error at once."""
    from airflow.sdk import RetryAction

    from include.winddown.domain.errors import GateBlocked, OutcomeUnknown

    for dag in dag_bag.dags.values():
        for task in dag.tasks:
            assert task.owner == "winddown"
            assert task.retries >= 2
            decide = task.retry_policy.evaluate
            assert decide(GateBlocked("x"), 1, 3).action is RetryAction.FAIL
            assert decide(OutcomeUnknown("x"), 1, 3).action is RetryAction.RETRY
            assert decide(ConnectionError("x"), 1, 3).action is RetryAction.DEFAULT


@pytest.mark.parametrize(("name", "follows"), [("approve", "approve_second"), ("approve_second", "seal")])
def test_a_question_has_no_default_answer(dag_bag, name, follows):
    """Silence approves nothing; a person is asked, then where needed another one, and seal judges both."""
    task = dag_bag.dags["plan_wind_down"].get_task(name)
    assert task.defaults is None
    assert task.options == ["Approve", "Reject"]
    assert task.downstream_task_ids == {follows}
    assert task.trigger_rule == "all_success"
    assert dag_bag.dags["plan_wind_down"].get_task("seal").trigger_rule == "all_done"


def test_the_question_to_a_warehouse_has_no_default_answer(dag_bag):
    """Silence confirms nothing, a bad answer is asked again, and only its own confirm follows."""
    from airflow.sdk import RetryAction

    from include.winddown.domain.errors import BadAnswer

    answer = dag_bag.dags["create_returns"].get_task("desk.answer")
    assert answer.defaults is None
    assert answer.options == ["Answered", "In the inbox"]
    assert answer.downstream_task_ids == {"desk.confirm"}
    assert answer.retries >= 1
    assert answer.retry_policy.evaluate(BadAnswer("x"), 1, 100).action is RetryAction.RETRY


def test_nobody_waits_for_people_but_the_shipment_itself(dag_bag):
    """What stands is published without the answers, and a failed warehouse keeps nobody from being asked."""
    dag = dag_bag.dags["create_returns"]
    assert dag.get_task("publish").upstream_task_ids == {"request"}
    assert dag.get_task("waiting").trigger_rule == "all_done"


@pytest.mark.parametrize("dag_id", ["settle_effect", "settle_claim", "thaw_ledger"])
def test_a_decision_has_no_default_and_the_choices_of_the_domain(dag_bag, dag_id):
    """The words of the buttons are those the domain reads."""
    from include.winddown.domain.match import settlement
    from include.winddown.domain.settle import CHOICES
    from include.winddown.domain.thaw import OPEN, STAY

    decide = dag_bag.dags[dag_id].get_task("decide")
    assert decide.defaults is None
    choices = {"settle_effect": CHOICES, "settle_claim": settlement.CHOICES, "thaw_ledger": (OPEN, STAY)}
    assert tuple(decide.options) == choices[dag_id]


def test_coming_back_has_the_choices_of_the_domain(dag_bag):
    """Buttons and lists are those the domain reads; nobody's silence brings goods back."""
    from include.winddown.domain.rejoin_choice import CHOICES, CONTRACT, WAYS

    dag = dag_bag.dags["rejoin"]
    decide = dag.get_task("decide")
    assert (decide.defaults, tuple(decide.options)) == (None, CHOICES)
    enums = {name: tuple(dag.params.get_param(name).schema["enum"]) for name in ("contract", "way")}
    assert enums == {"contract": tuple(CONTRACT), "way": WAYS}


def test_an_application_is_asked_about_in_the_words_of_the_domain(dag_bag):
    """No default answer, nobody's worker held for it; buttons and lists are those the domain reads."""
    dag = dag_bag.dags["apply_to_leave"]
    for name, choices in (APPLYING | ENDING).items():
        task = dag_bag.dags["hand_over" if name in ENDING else dag.dag_id].get_task(name)
        assert (task.defaults, tuple(task.options)) == (None, choices)
        assert task.execution_timeout is None
        assert task.response_timeout >= timedelta(days=30)
    enums = {
        name: tuple(dag.params.get_param(name).schema["enum"]) for name in ("scheme", "reason", "country")
    }
    assert enums == {"scheme": SCHEMES, "reason": REASONS, "country": tuple(ZONES)}


def test_every_station_has_its_step(dag_bag):
    """Task id = step function, and the task passes only arguments that the step takes."""
    from include.winddown.runtime.stations import find_step

    for dag in dag_bag.dags.values():
        for task in dag.tasks:
            name = task.task_id.rpartition(".")[2]
            if name in ("approve", "approve_second"):
                assert {"plan_id", "task"} == set(inspect.signature(find_step(dag.dag_id, "ask")).parameters)
                continue
            if name == "apply_again":
                assert (task.trigger_dag_id, task.conf) == (dag.dag_id, "{{ params | tojson }}")
                continue
            if name == "first_snapshot":
                conf = {"exit_id": "{{ params.exit_id }}"}
                assert (task.trigger_dag_id, task.conf) == ("take_snapshot", conf)
                continue
            if name == "answer":
                assert {"part"} <= set(inspect.signature(find_step(dag.dag_id, "ask")).parameters)
                continue
            if name in ("decide", *APPLYING, *ENDING):
                own = f"_{name}" if name != "decide" else ""
                asked, heard = (
                    list(inspect.signature(find_step(dag.dag_id, f"{verb}{own}")).parameters)
                    for verb in ("ask", "hear")
                )
                assert heard == [*asked, "choice", "fields", "by_user"]
                continue
            mapped = getattr(task, "op_kwargs_expand_input", None)
            given = task.partial_kwargs["op_kwargs"] | mapped.value if mapped else task.op_kwargs
            names = set(given)
            assert names == set(inspect.signature(find_step(dag.dag_id, name)).parameters), task.task_id


def test_a_step_may_run_no_longer_than_hours(dag_bag):
    """A hanging task ends; waiting for a person is not running."""
    for dag in dag_bag.dags.values():
        for task in dag.tasks:
            assert task.execution_timeout is None or task.execution_timeout <= timedelta(hours=2)


@pytest.mark.parametrize("path", DAG_FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_short_and_parses_light(path):
    """At most 80 lines; parsing imports neither pandas nor SQLAlchemy, Great Expectations, PyArrow or DuckDB."""
    assert len(path.read_text().splitlines()) <= PARSE_MAX_LINES
    code = (
        "import json, runpy, sys\n"
        "import airflow.sdk\n"
        "before = set(sys.modules)\n"
        f"runpy.run_path({str(path)!r})\n"
        "heavy = {'pandas', 'sqlalchemy', 'great_expectations', 'pyarrow', 'duckdb', 'numpy', 'httpx'}\n"
        "print(json.dumps(sorted(heavy & (set(sys.modules) - before))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_the_readme_names_every_task(dag_bag):
    """A newcomer finds each task of the Airflow UI in the README."""
    readme = (ROOT / "README.md").read_text()
    missing = {task.task_id.rpartition(".")[2] for dag in dag_bag.dags.values() for task in dag.tasks} - set(
        readme.replace("`", " ").replace(",", " ").split()
    )
    assert missing == set()

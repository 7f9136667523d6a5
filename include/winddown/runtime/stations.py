"""
How a step of the journey becomes an Airflow task.

A station is named once: task `gate` of DAG `plan_wind_down` runs the function `gate` of
`include.winddown.steps.plan_wind_down`. The step is found when the task runs, not when the DAG
is parsed, so that parsing never pays for pandas, SQLAlchemy or Great Expectations.
"""

import hashlib
import importlib
import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from airflow.sdk import (
    Asset,
    Context,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowSkipException

from include.winddown.domain.errors import BadAnswer, BadParam, NothingToDo, OutcomeUnknown, WinddownError

log = logging.getLogger(__name__)

EXIT_ACCEPTED = Asset(name="exit_accepted", uri="winddown://exit_accepted", group="winddown")
SNAPSHOT = Asset(name="snapshot", uri="winddown://snapshot", group="winddown")
APPROVED_PLAN = Asset(name="approved_plan", uri="winddown://approved_plan", group="winddown")
RETURN_REQUESTS = Asset(name="return_requests", uri="winddown://return_requests", group="winddown")
PRICES = Asset(name="prices", uri="winddown://prices", group="winddown")
RECONCILIATION = Asset(name="reconciliation", uri="winddown://reconciliation", group="winddown")
EXIT_CLOSED = Asset(name="exit_closed", uri="winddown://exit_closed", group="winddown")

EXIT_ID = "{{ partition_key or params.exit_id }}"
"""The exit a run belongs to: its partition key, or what was typed into the trigger form."""

PROBLEM = "problem"
"""XCom key under which a failed task says in one sentence what went wrong."""

SUMMARY = "summary"
"""XCom key under which a task says in one sentence what its run should be remembered by."""

PART_NAME = "part_name"
BY_PART = "{{ part_name }}"
"""Names a mapped task after its warehouse, once it has run."""

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=OutcomeUnknown,
            action=RetryAction.RETRY,
            reason="the next try looks the outcome up",
        ),
        RetryRule(
            exception=BadAnswer,
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=2),
            reason="the person is asked again",
        ),
        RetryRule(
            exception=WinddownError,
            action=RetryAction.FAIL,
            reason="the same input gives the same error: mend it first",
        ),
        RetryRule(
            exception="airflow.providers.standard.exceptions.HITLTimeoutError",
            action=RetryAction.FAIL,
            reason="the time to answer is over; a new plan asks anew",
        ),
    ]
)

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "winddown",
    "retries": 2,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(hours=2),
}


def station(name: str, **options: Any) -> Callable[..., Any]:
    """
    Make the task of one step.

    Args:
        name: task id and name of the step function in the module named like the DAG.
        options: of the task: outlets, trigger_rule, map_index_template …
    """

    def run(**given: Any) -> Any:
        return _run(name, given)

    run.__name__ = name
    run.__doc__ = f"Run the step `{name}`; its text is in include/winddown/steps/."
    return task(task_id=name, multiple_outputs=False, **options)(run)


def find_step(dag_id: str, name: str) -> Callable[..., Any]:
    """Find the step function behind a task."""
    step: Callable[..., Any] = getattr(importlib.import_module(f"include.winddown.steps.{dag_id}"), name)
    return step


def has_step(dag_id: str, name: str) -> bool:
    """Tell whether a DAG's module has a step function of that name."""
    return hasattr(importlib.import_module(f"include.winddown.steps.{dag_id}"), name)


def _run(name: str, given: Mapping[str, Any]) -> Any:
    context = get_current_context()
    step = find_step(context["dag"].dag_id, name)
    arguments = {key: given[key] for key in inspect.signature(step).parameters if key in given}
    part = arguments.get("part") or {}
    context[PART_NAME] = name_of(part)  # type: ignore[literal-required]
    with reporting(context):
        _check_conf(context)
        return step(**arguments)


@contextmanager
def reporting(context: Context) -> Iterator[None]:
    """Turn what a step raises into what Airflow and the run's note make of it."""
    try:
        yield
    except NothingToDo as nothing:
        log.info("%s", nothing)
        raise AirflowSkipException(str(nothing)) from nothing
    except WinddownError as problem:
        _report(context, problem)
        raise
    except ConnectionError as down:
        _report(context, down)
        raise


def name_of(part: Mapping[str, Any]) -> str:
    """Name a mapped task by the narrowest thing it is about."""
    return str(
        next((part[name] for name in ("shipment_no", "warehouse_id", "first_sku") if part.get(name)), "")
    )


def _check_conf(context: Context) -> None:
    """Refuse a run that was triggered with a misspelt parameter; Airflow would go on with the default."""
    dag = context["dag"]
    unknown = sorted(set(context["dag_run"].conf or {}) - set(dag.params))
    if unknown:
        msg = (
            f"{dag.dag_id} has no parameter {unknown[0]!r}; it has {', '.join(sorted(dag.params)) or 'none'}"
        )
        raise BadParam(msg)


def _report(context: Context, problem: Exception) -> None:
    """Say what is wrong in the log, and leave it where the run can show it."""
    sentence = f"{type(problem).__name__}: {problem}"
    log.error("%s", sentence)
    context["ti"].xcom_push(PROBLEM, sentence)


def announce(asset: Asset, *exit_ids: str, **facts: str) -> None:
    """
    Tell the DAGs downstream that something of these exits is new.

    Only on success of the task do the events leave, one per exit; the partition key is the exit id.
    """
    event = get_current_context()["outlet_events"][asset]
    event.add_partitions(list(exit_ids))
    event.extra = dict(facts)


def tell(sentence: str) -> None:
    """Say something in the task log, where operators read it."""
    log.info("%s", sentence)


def summarise(sentence: str) -> None:
    """Leave a sentence where a run that succeeds shows it: in its note."""
    get_current_context()["ti"].xcom_push(SUMMARY, sentence)


def run_key() -> str:
    """Name this DAG run in 10 letters: the same for every try of every task in it."""
    return hashlib.sha256(str(get_current_context()["run_id"]).encode()).hexdigest()[:10]


def started_by() -> str | None:
    """Name the user who started this DAG run by hand; None when a schedule or an asset did."""
    name: str | None = get_current_context()["dag_run"].triggering_user_name
    return name

"""
Write on a run what its tasks say of it: what went wrong, or what it found.

Airflow shows a run's note on the run itself, so nobody has to open a task log to learn that the
gate was blocked. Listeners of DAG runs are called inside the scheduler with the run's own session.
"""

import json
import logging
from typing import TYPE_CHECKING

from airflow.listeners import hookimpl
from airflow.models.xcom import XComModel
from sqlalchemy import select
from sqlalchemy.orm import object_session

from include.winddown.runtime.stations import PROBLEM, SUMMARY

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

log = logging.getLogger(__name__)

NOTE_MAX = 1_000


@hookimpl
def on_dag_run_failed(dag_run: "DagRun", msg: str) -> None:  # noqa: ARG001  the hook's name for it
    """Put the problems its tasks reported on the run, the first one first."""
    _note(dag_run, PROBLEM)


@hookimpl
def on_dag_run_success(dag_run: "DagRun", msg: str) -> None:  # noqa: ARG001  the hook's name for it
    """Put the summaries its tasks left on the run."""
    _note(dag_run, SUMMARY)


def _note(dag_run: "DagRun", key: str) -> None:
    session = object_session(dag_run)
    if session is None:
        log.warning("run %s has no session; its note is not written", dag_run.run_id)
        return
    said = session.scalars(
        select(XComModel.value)
        .where(
            XComModel.dag_id == dag_run.dag_id,
            XComModel.run_id == dag_run.run_id,
            XComModel.key == key,
        )
        .order_by(XComModel.timestamp)
    )
    sentences = list(dict.fromkeys(_text(value) for value in said))
    if sentences:
        dag_run.note = "\n\n".join(sentences)[:NOTE_MAX]


def _text(value: object) -> str:
    try:
        return str(json.loads(value)) if isinstance(value, str) else str(value)
    except ValueError:
        return str(value)

"""Open the ledger again after its database was restored, copied, promoted or frozen by hand."""

from airflow.sdk import DAG, Param

from include.winddown.runtime.questions import AskPerson
from include.winddown.runtime.stations import DEFAULT_ARGS, station

WHY = "What was compared, and what became of requests unknown to the ledger; it is kept with your name."

with DAG(
    dag_id="thaw_ledger",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "4 returns"],
    doc_md="""
### Thaw the ledger
A restored database does not know what was sent after its backup, so nothing is sent from it: every claim is refused.
**against** holds what stands at the desks against what the ledger knows. **decide** shows the difference; an
approver who has looked into it opens the ledger again, or leaves it frozen. See docs/runbook.md.
""",
):
    AskPerson(
        task_id="decide",
        given=station("against")(),
        retries=20,
        options=["Open the ledger", "Leave it frozen"],
        params={"why": Param("", type=["null", "string"], title="Why", description=WHY)},
    )

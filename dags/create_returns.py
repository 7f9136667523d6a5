"""Create one return request per shipment of the approved plan, each exactly once."""

from airflow.sdk import DAG, Param, PartitionedAssetTimetable, chain, task_group

from include.winddown.runtime.desk_question import DeskQuestion
from include.winddown.runtime.stations import (
    APPROVED_PLAN,
    BY_PART,
    DEFAULT_ARGS,
    EXIT_ID,
    RETURN_REQUESTS,
    station,
)


@task_group
def desk(part: dict[str, str]) -> None:
    """Ask what the warehouse answered to one shipment; each goes on by itself."""
    answer = DeskQuestion(task_id="answer", part=part, map_index_template=BY_PART)
    chain(answer, station("confirm", outlets=[RETURN_REQUESTS], map_index_template=BY_PART)(part=part))


with DAG(
    dag_id="create_returns",
    schedule=PartitionedAssetTimetable(assets=APPROVED_PLAN),
    catchup=False,
    # a run stays open while people are asked, and other exits must not wait for it
    max_active_runs=64,
    default_args=DEFAULT_ARGS | {"retries": 5},
    tags=["winddown", "4 returns"],
    doc_md="""
### Create the return requests
**choose** re-reads the approval and the plan's digest. **request** works through one warehouse's shipments:
the intent is written to the ledger before anything is sent, a request is looked up before it is sent, and a
lost reply is looked up, never sent again blindly. Running this DAG again creates nothing twice.
**publish** tells the reconciliation what stands, without waiting for people.
Where a desk has no API, **waiting** names the shipments whose papers are handed over. For each of them **answer**
asks a person what the warehouse answered (Browse, Required Actions), unless a file in the inbox says it first, and
**confirm** looks the request up and tells the reconciliation. A bad answer is asked again; the log says why.
Next, by itself: **reconcile_returns**.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Used when triggered by hand.")
    },
):
    parts = station("choose")(exit_id=EXIT_ID)
    request = station("request", map_index_template=BY_PART).expand(part=parts)
    chain(request, station("publish", trigger_rule="none_failed", outlets=[RETURN_REQUESTS])(exit_id=EXIT_ID))
    # from the ledger, so that a warehouse that failed keeps nobody from being asked about another
    waiting = station("waiting", trigger_rule="all_done")(exit_id=EXIT_ID, dag_run_id="{{ run_id }}")
    chain(request, waiting)
    desk.expand(part=waiting)

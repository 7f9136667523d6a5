"""Create one return request per shipment of the approved plan, each exactly once."""

from airflow.sdk import DAG, Param, PartitionedAssetTimetable, chain

from include.winddown.runtime.stations import (
    APPROVED_PLAN,
    BY_PART,
    DEFAULT_ARGS,
    EXIT_ID,
    RETURN_REQUESTS,
    station,
)

with DAG(
    dag_id="create_returns",
    schedule=PartitionedAssetTimetable(assets=APPROVED_PLAN),
    catchup=False,
    max_active_runs=8,
    default_args=DEFAULT_ARGS | {"retries": 5},
    tags=["winddown", "4 returns"],
    doc_md="""
### Create the return requests
**choose** re-reads the approval and the plan's digest. **request** works through one warehouse's shipments:
the intent is written to the ledger before anything is sent, a request is looked up before it is sent, and a
lost reply is looked up, never sent again blindly. Running this DAG again creates nothing twice.
Next, by itself: **reconcile_returns**.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Used when triggered by hand.")
    },
):
    parts = station("choose")(exit_id=EXIT_ID)
    request = station("request", map_index_template=BY_PART).expand(part=parts)
    chain(request, station("publish", trigger_rule="none_failed", outlets=[RETURN_REQUESTS])(exit_id=EXIT_ID))

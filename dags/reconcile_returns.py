"""Match what was requested, shipped and received, unit by unit, and check that nothing is lost."""

from airflow.sdk import DAG, Param, PartitionedAssetTimetable, chain

from include.winddown.runtime.stations import (
    DEFAULT_ARGS,
    EXIT_ID,
    RECONCILIATION,
    RETURN_REQUESTS,
    station,
)

with DAG(
    dag_id="reconcile_returns",
    schedule=PartitionedAssetTimetable(assets=RETURN_REQUESTS),
    catchup=False,
    max_active_runs=8,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "5 reconcile"],
    doc_md="""
### Reconcile the returns
**follow** reads what the return desk shipped, **count** what the own dock received. **match** holds the three
against each other, lists discrepancies with their value, and books where each piece is. **balance** stops when a unit
appeared or vanished. It may run at any time and any number of times.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Used when triggered by hand.")
    },
):
    follow = station("follow")(exit_id=EXIT_ID)
    count = station("count")(exit_id=EXIT_ID)
    match = station("match")(exit_id=EXIT_ID)
    balance = station("balance", outlets=[RECONCILIATION])(exit_id=EXIT_ID)
    chain([follow, count], match, balance)

"""Hand an exit over: what blocks it, and when nothing does, the way to its closing."""

from airflow.sdk import DAG, Param, PartitionedAssetTimetable

from include.winddown.runtime.stations import DEFAULT_ARGS, EXIT_ID, RECONCILIATION, SNAPSHOT, station

SUPPLIES = (
    "You looked into the cabinet and no inbound supply is open; for marketplaces that do not tell supplies."
)

with DAG(
    dag_id="hand_over",
    schedule=PartitionedAssetTimetable(assets=RECONCILIATION | SNAPSHOT),
    catchup=False,
    max_active_runs=16,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "7 hand over"],
    doc_md="""
### Hand an exit over
**standing** looks at stock, orders, supplies, returns, discrepancies, claims and writes after each snapshot and each
reconciliation, and moves the exit on: from clearing to settling once the returns are requested and nothing is left to
plan, from settling to handing over once all of it is settled. Otherwise the run is skipped and says exactly what still
blocks; a run that somebody started by hand fails with the same sentence.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Used when triggered by hand."),
        "no_supplies": Param(default=False, type="boolean", title="No supplies", description=SUPPLIES),
    },
):
    station("standing")(exit_id=EXIT_ID, no_supplies="{{ params.no_supplies }}")

"""Put the prices of the approved plan into effect, each exactly once."""

from datetime import timedelta

from airflow.sdk import DAG, Param, PartitionedAssetTimetable, chain

from include.winddown.runtime.stations import APPROVED_PLAN, BY_PART, DEFAULT_ARGS, EXIT_ID, PRICES, station

# Products that were changed too often have to wait up to an hour.
PATIENCE = {"retries": 12, "max_retry_delay": timedelta(minutes=10)}

with DAG(
    dag_id="mark_down",
    schedule=PartitionedAssetTimetable(assets=APPROVED_PLAN),
    catchup=False,
    max_active_runs=8,
    default_args=DEFAULT_ARGS | PATIENCE,
    tags=["winddown", "4 prices"],
    doc_md="""
### Put the prices into effect
**choose** re-reads the approval and the plan's digest and writes every change of a price into the ledger. **change**
reads the price that stands, sends only where nobody else has changed it, a thousand a call, and looks lost replies up
by reading. **verify** reads them back: a price that somebody else changed is left as it is and told, the others stand.
Running this DAG again sends nothing twice. By hand at the end it also restores first prices, if the policy says so.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Used when triggered by hand.")
    },
):
    parts = station("choose")(exit_id=EXIT_ID)
    change = station("change", map_index_template=BY_PART).expand(part=parts)
    verify = station("verify", trigger_rule="none_failed")(exit_id=EXIT_ID)
    chain(change, verify, station("publish", outlets=[PRICES])(exit_id=EXIT_ID))

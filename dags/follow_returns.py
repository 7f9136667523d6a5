"""Every hour: have the return requests that are under way reconciled again."""

from airflow.sdk import DAG, CronTriggerTimetable

from include.winddown.runtime.stations import DEFAULT_ARGS, RETURN_REQUESTS, station

with DAG(
    dag_id="follow_returns",
    schedule=CronTriggerTimetable("15 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "5 reconcile"],
    doc_md="""
### Follow the returns
Names the exits with a return request whose count is not closed, or a claim that is not settled, so that **reconcile_returns** runs for each.
Waiting for goods takes days; no run is held open for it.
""",
):
    station("due", outlets=[RETURN_REQUESTS])()

"""Tell people, once, of claims that can soon be made no more."""

from airflow.sdk import DAG, CronTriggerTimetable

from include.winddown.runtime.stations import DEFAULT_ARGS, station

with DAG(
    dag_id="watch_claims",
    schedule=CronTriggerTimetable("40 6 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "6 claim"],
    doc_md="""
### Watch the claims
Each claim may be made until a certain day only. **lapse** sends one notice for each exit with what ends within
`match.lapse_notice_days` of its policy and is not claimed yet. It is told once, and again only if the day moves.
""",
):
    station("lapse")()

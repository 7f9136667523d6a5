"""Tell people, once, of an application whose answer is late."""

from airflow.sdk import DAG, CronTriggerTimetable

from include.winddown.runtime.stations import DEFAULT_ARGS, station

with DAG(
    dag_id="watch_reviews",
    schedule=CronTriggerTimetable("20 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "1 open"],
    doc_md="""
### Watch the reviews
The platform answers an application within three working days of its country. **late** names, once each, those whose
answer has not come; the run of **apply_to_leave** goes on waiting.
""",
):
    station("late")()

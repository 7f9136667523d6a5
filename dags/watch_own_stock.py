"""Watch the own warehouse of every exit that is handed over, each day: stock, carriers, delivery, returns."""

from airflow.sdk import DAG, CronTriggerTimetable, Param, chain, task_group

from include.winddown.runtime.stations import DEFAULT_ARGS, station

with DAG(
    dag_id="watch_own_stock",
    schedule=CronTriggerTimetable("45 6 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "8 afterwards"],
    doc_md="""
### Watch the own stock
For every exit that is handed over or closed. **look** reads stock, postings, returns and chats of the merchant's own
warehouses, and the carriers' files in the store (`_carriers/<exit id>`). **judge** holds them against the policy's section
`watch`. **report** writes a workbook and a page into the store and its summary on this run. **alert** tells people what is
new or worse, in one notice; skipped when nothing is. Nothing is changed outside.
""",
    params={
        "exit_id": Param(
            None,
            type=["null", "string"],
            title="Exit id",
            description="Empty = every exit that is handed over or closed.",
        ),
    },
):

    @task_group
    def watch(exit_id):
        found = station("judge")(key=station("look")(exit_id=exit_id))
        chain(found, station("report")(key=found), station("alert")(key=found))

    watch.expand(exit_id=station("choose_exits")(exit_id="{{ params.exit_id or '' }}"))

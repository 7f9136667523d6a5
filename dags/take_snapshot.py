"""Take a snapshot of stock, orders and catalogue of one exit, or of every open one each morning."""

from airflow.sdk import DAG, CronTriggerTimetable, Param, chain, task_group

from include.winddown.runtime.stations import DEFAULT_ARGS, SNAPSHOT, station

PULLS = ("pull_catalogue", "pull_stock", "pull_orders", "pull_totals", "pull_supplies", "pull_fees")

with DAG(
    dag_id="take_snapshot",
    schedule=CronTriggerTimetable("0 5 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=4,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "2 snapshot"],
    doc_md="""
### Take a snapshot
Pulls catalogue, stock and orders (and, where the marketplace tells them, its own stock totals, the
inbound supplies and its fees), keeps them as immutable files, and judges them (Great Expectations).
A snapshot that fails is refused and **the one before stays in force**; a bad row goes to `quarantine`.
Every exit is its own group of tasks: one that fails does not stop the others.
Next, by itself: **plan_wind_down**, one run per exit.
""",
    params={
        "exit_id": Param(
            None, type=["null", "string"], title="Exit id", description="Empty = every open exit."
        ),
        "as_of": Param(
            None,
            type=["null", "string"],
            pattern=r"^\d{4}-\d{2}-\d{2}$",
            title="Folder of the day",
            description="For file exports: which dated folder to read, YYYY-MM-DD; empty = the latest.",
        ),
        "replace": Param(
            default=False,
            type="boolean",
            title="Replace",
            description="Take files that tell an imported day differently; otherwise they are refused.",
        ),
    },
):

    @task_group
    def snapshot(exit_id):
        key = station("begin")(
            exit_id=exit_id, as_of="{{ params.as_of or '' }}", replace="{{ params.replace }}"
        )
        judged = station("validate")(key=key)
        pulls = [station(name)(key=key) for name in PULLS]
        compared = station("compare")(key=judged)
        chain(key, pulls, judged, compared, station("publish", outlets=[SNAPSHOT])(key=compared))

    snapshot.expand(exit_id=station("choose_exits")(exit_id="{{ params.exit_id or '' }}"))

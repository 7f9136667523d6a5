"""Every five minutes: look up what became of writes whose outcome is unknown, and tell people what needs them."""

from airflow.sdk import DAG, CronTriggerTimetable, chain

from include.winddown.runtime.stations import APPROVED_PLAN, DEFAULT_ARGS, RETURN_REQUESTS, station

with DAG(
    dag_id="resolve_effects",
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "4 returns"],
    doc_md="""
### Resolve the effects
Works from the ledger, whatever run an effect came from. **expire** turns claims whose worker went silent into
unknown ones. **look** looks every unknown one up outside, and sends nothing. **report** tells the reconciliation
what turned out to stand. **try_again** starts **create_returns** for what may be sent and no run is at.
**alert** tells people, once, what only they can settle; they do it with **settle_effect**.
""",
):
    looked = station("look").expand(part=station("expire")())
    report = station("report", trigger_rule="none_failed", outlets=[RETURN_REQUESTS])(looked=looked)
    again = station("try_again", trigger_rule="all_done", outlets=[APPROVED_PLAN])()
    alert = station("alert", trigger_rule="all_done")()
    chain(looked, [again, alert])

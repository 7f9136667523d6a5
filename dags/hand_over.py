"""Hand an exit over: what blocks it, and when nothing does, the way to its closing."""

from datetime import timedelta

from airflow.sdk import DAG, Param, PartitionedAssetTimetable, chain

from include.winddown.runtime.questions import AskPerson
from include.winddown.runtime.stations import (
    DEFAULT_ARGS,
    EXIT_CLOSED,
    EXIT_ID,
    RECONCILIATION,
    SNAPSHOT,
    station,
)

SUPPLIES = (
    "You looked into the cabinet and no inbound supply is open; for marketplaces that do not tell supplies."
)
PULLS = ("pull_catalogue", "pull_stock", "pull_orders", "pull_totals", "pull_supplies", "pull_fees")
WAIT = {"retries": 20, "wait": timedelta(days=90)}
NUMBER = "Of the notice, or of the letter that confirms it."


def given(title, description):
    return Param(None, type=["null", "string"], title=title, description=description)


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
reconciliation, and moves the exit on: to settling once the returns are requested and nothing is left to plan, to handing
over once all of it is settled. Otherwise the run is skipped and says exactly what still blocks; a run that somebody
started by hand fails with the same sentence. **set_up**: a person sets delivery up in the cabinet, and the marketplace is
read to see that it stands. **publish_stock** tells what came home, **restore** gives first prices back where the policy says
so, **archive** keeps everything beside a last snapshot. **end_contract**: a person ends the contract. Then **report**, **close**.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Used when triggered by hand."),
        "no_supplies": Param(default=False, type="boolean", title="No supplies", description=SUPPLIES),
    },
):
    standing = station("standing")(exit_id=EXIT_ID, no_supplies="{{ params.no_supplies }}")
    ready = station("prepare")(exit_id=standing)
    done = AskPerson(task_id="set_up", given=ready, options=["Set up", "Not yet"], **WAIT).output
    restored = station("restore")(exit_id=station("publish_stock")(ready=done))
    key = station("begin")(exit_id=restored, as_of="", replace="False")
    judged = station("validate")(key=key)
    chain(key, [station(name)(key=key) for name in PULLS], judged)
    kept = station("archive")(key=station("compare")(key=judged))
    told = {"number": given("Number", NUMBER), "ended_on": given("Ended on", "YYYY-MM-DD; empty = today.")}
    ended = AskPerson(task_id="end_contract", given=kept, options=["Ended", "Not yet"], params=told, **WAIT)
    station("close", outlets=[EXIT_CLOSED])(exit_id=station("report")(exit_id=ended.output))

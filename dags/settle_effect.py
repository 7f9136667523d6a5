"""Settle an effect whose outcome only a person can find out."""

from airflow.sdk import DAG, Param, chain

from include.winddown.runtime.questions import AskPerson
from include.winddown.runtime.stations import APPROVED_PLAN, DEFAULT_ARGS, RETURN_REQUESTS, station

NUMBER = "The number it has outside, if it stands there; else empty."
WHY = "What you found out, and from whom; it is kept with your name."

with DAG(
    dag_id="settle_effect",
    schedule=None,
    catchup=False,
    max_active_runs=8,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "4 returns"],
    doc_md="""
### Settle an effect
For a return request or a price that is **escalated**: the other side holds several that may be ours, something else
under our reference, or nothing after five tries. **find** takes the first digits of the effect (they are in the alert and
in `bin/winddown effects`). **decide** shows everything that is known and what stands outside now; an approver
answers: it stands, send it again, or give it up. Nothing is sent here; **create_returns** goes on by itself.
""",
    params={
        "effect": Param(
            "",
            type="string",
            pattern="^[0-9a-f]{8,64}$",
            title="Effect",
            description="The first 8 or more digits of the effect's key.",
        )
    },
):
    effect = station("find")(effect="{{ params.effect }}")
    settled = AskPerson(
        task_id="decide",
        given=effect,
        retries=20,
        options=["It stands", "Send it again", "Give it up"],
        params={
            "number": Param("", type=["null", "string"], title="Number", description=NUMBER),
            "why": Param("", type=["null", "string"], title="Why", description=WHY),
        },
    )
    told = station("tell_returns", outlets=[RETURN_REQUESTS])(settled=settled.output)
    again = station("send_again", outlets=[APPROVED_PLAN])(settled=settled.output)
    chain(settled, [told, again])

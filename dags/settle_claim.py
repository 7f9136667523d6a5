"""Record what became of a claim."""

from airflow.sdk import DAG, Param, chain

from include.winddown.runtime.questions import AskPerson
from include.winddown.runtime.stations import DEFAULT_ARGS, RETURN_REQUESTS, station

FIELDS = {
    "amount_minor": ("Amount", "Money that came or was taken back, in minor units (kopecks, fen, pence)."),
    "pieces": ("Pieces", "Goods that came or were taken back, instead of money."),
    "reference": ("Reference", "Number of the payment, the credit note or the letter."),
    "only": ("Only", "SKUs or kinds, if it is not about all lines that may go there."),
    "why": ("Why", "What the partner said, or why you decide so; it is kept with your name."),
}

with DAG(
    dag_id="settle_claim",
    schedule=None,
    catchup=False,
    max_active_runs=8,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "6 claim"],
    doc_md="""
### Settle a claim
**find** takes an exit and the first digits of a claim that was handed over; without a claim it is about what is open and
nobody claimed. **decide** shows every line and what was settled before; an approver says what became of it, for how
much, and why. Each answer settles once: the lines move, and what was made good is told to the match.
**tell_returns** has **reconcile_returns** book it. A payment that was taken back goes the other way.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Whose claim it is."),
        "claim": Param(
            "",
            type="string",
            pattern="^[0-9a-f]{0,12}$",
            title="Claim",
            description="The first digits of the claim's id; empty = what nobody claimed.",
        ),
    },
):
    decide = AskPerson(
        task_id="decide",
        given=station("find")(exit_id="{{ params.exit_id }}", claim="{{ params.claim }}"),
        retries=20,
        options=[
            "Paid in money",
            "Paid in goods",
            "Refused",
            "Claim again",
            "Withdrawn",
            "Payment taken back",
            "Write it off",
        ],
        params={
            name: Param("", type=["null", "string"], title=title, description=description)
            for name, (title, description) in FIELDS.items()
        },
    )
    chain(decide, station("tell_returns", outlets=[RETURN_REQUESTS])(exit_id=decide.output))

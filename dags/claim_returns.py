"""Claim what is missing: prepare the evidence, ask a person, hand it over."""

from airflow.sdk import DAG, Param, chain

from include.winddown.runtime.questions import AskPerson
from include.winddown.runtime.stations import DEFAULT_ARGS, EXIT_ID, station

with DAG(
    dag_id="claim_returns",
    schedule=None,
    catchup=False,
    max_active_runs=4,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "6 claim"],
    doc_md="""
### Claim what is missing
**prepare** makes one claim for each of the partner's warehouses and lays an evidence pack (ZIP: letters in Russian,
Chinese and English, tables, weights, tracking, photo list, acts) into the store. **decide** waits for a person.
**hand_over** checks that exactly that pack was approved, and marks its discrepancies as claimed; whoever approved sends
the pack. Rejecting, or letting the time pass, hands over nothing.
""",
    params={
        "exit_id": Param(
            "demo", type="string", title="Exit id", description="Whose discrepancies are claimed."
        )
    },
):
    prepare = station("prepare")(exit_id=EXIT_ID)
    decide = AskPerson(task_id="decide", given=prepare, retries=20, options=["Approve", "Reject"])
    chain(decide, station("hand_over")(claim_ids=prepare))

"""Come back to a scheme that was left: how ready, what is to be done, a person's decision, the exit that follows."""

from datetime import timedelta

from airflow.sdk import DAG, Param

from include.winddown.runtime.questions import AskPerson
from include.winddown.runtime.stations import DEFAULT_ARGS, station

EXIT_ID = "{{ params.exit_id }}"
CHOICES = ["Reopen the exit", "Open a new exit", "Not now"]


def given(title, description):
    return Param(None, type=["null", "string"], title=title, description=description)


with DAG(
    dag_id="rejoin",
    schedule=None,
    catchup=False,
    max_active_runs=16,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "8 afterwards"],
    doc_md="""
### Come back
For a closed exit whose own warehouse was watched. **collect** looks up claims, the key, what sells and what delivery costs.
**validate_supply** asks each partner warehouse whether it would take a supply; nothing is drafted. **score** gives points with
reasons, and a checklist. **decide**: a person reopens the exit, opens a new one linked to it, or leaves it; the first two
only when nothing has to be done first.
""",
    params={
        "exit_id": Param(
            "demo", type="string", minLength=2, title="Exit id", description="Of the closed exit."
        ),
        "contract": Param(
            "not known",
            enum=["yes", "no", "not known"],
            type="string",
            title="Contract",
            description="Whether contract and offer are in force; no method of the marketplace tells.",
        ),
        "supply_days": Param(
            60, type="integer", minimum=7, maximum=365, title="Supply", description="Days it should last."
        ),
        "way": Param(
            "direct",
            enum=["direct", "drop-off", "pick-up"],
            type="string",
            title="Way",
            description="How the goods would be brought.",
        ),
    },
):
    known = station("collect")(
        exit_id=EXIT_ID, contract="{{ params.contract }}", supply_days="{{ params.supply_days }}"
    )
    weighed = station("score")(key=station("validate_supply")(key=known, way="{{ params.way }}"))
    fields = {
        "new_exit_id": given("New exit id", "Only for a new exit: lower-case letters, digits and hyphens."),
        "deadline_on": given("Deadline", "The next last day in the partner's warehouses, YYYY-MM-DD."),
    }
    AskPerson(
        task_id="decide",
        given=weighed,
        options=CHOICES,
        params=fields,
        retries=20,
        wait=timedelta(days=30),
    )

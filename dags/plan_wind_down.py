"""From a new snapshot to an approved plan: gate, estimate, split, pack, freeze, approve, seal."""

from airflow.sdk import DAG, Param, PartitionedAssetTimetable, chain

from include.winddown.runtime.approval import PlanApproval
from include.winddown.runtime.stations import (
    APPROVED_PLAN,
    BY_PART,
    DEFAULT_ARGS,
    EXIT_ID,
    SNAPSHOT,
    station,
)

with DAG(
    dag_id="plan_wind_down",
    schedule=PartitionedAssetTimetable(assets=SNAPSHOT),
    catchup=False,
    max_active_runs=32,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "3 plan"],
    doc_md="""
### Plan the wind-down
**gate** stops while any order is pending. **estimate** learns the demand of all SKUs together. **split** gives
every unit one disposition, return, markdown, dispose or hold, where it recovers most. **pack** makes shipments of the returns. **freeze** puts the plan under one digest.
**approve** waits for a person (Browse, Required Actions). **seal** checks that the answer was given in time
for exactly the stored plan. Rejecting, or letting the time pass, ends the plan and creates nothing.
Next, by itself: **create_returns**.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Used when triggered by hand.")
    },
):
    parts = station("gate")(exit_id=EXIT_ID)
    split = station("split", map_index_template=BY_PART).expand(part=station("estimate")(parts=parts))
    pack = station("pack", map_index_template=BY_PART).expand(part=parts)
    freeze = station("freeze")(parts=pack)
    approve = PlanApproval(task_id="approve", plan_id=freeze)
    seal = station("seal", trigger_rule="all_done", outlets=[APPROVED_PLAN])(plan_id=freeze)
    chain(split, pack)
    chain(freeze, approve, seal)

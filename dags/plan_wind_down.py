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

CASES = r"^$|^standard$|^[a-z]+=[+-]?[0-9]{1,4}( *, *[a-z]+=[+-]?[0-9]{1,4})*$"
WHAT_IF = "The plan under other terms, each solved anew: deadline=-7,cap=30,rate=-30; empty = none."

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
every unit one disposition, return, markdown, dispose or hold, where it recovers most; **what_if** solves the same
under other terms. **pack** makes shipments of the returns. **freeze** puts the plan under one digest.
**corridor** skips the questions where the last approval covers the plan (policy setting prices.corridor_pct).
**approve** waits for one of the exit's approvers (Browse, Required Actions), **approve_second** for another one where
much is at stake. **seal** checks that they answered in time, for exactly the stored plan, and had no hand in it. Rejecting,
or letting the time pass, ends the plan and creates nothing. Next, by itself: **create_returns** and **mark_down**.
""",
    params={
        "exit_id": Param("demo", type="string", title="Exit id", description="Used when triggered by hand."),
        "what_if": Param("standard", type="string", pattern=CASES, title="What if", description=WHAT_IF),
    },
):
    parts = station("gate")(exit_id=EXIT_ID)
    ranges = station("estimate")(parts=parts)
    split = station("split", map_index_template=BY_PART).expand(part=ranges)
    tried = station("what_if", map_index_template=BY_PART)
    tried = tried.partial(asked="{{ params.what_if }}").expand(part=ranges)
    pack = station("pack", map_index_template=BY_PART).expand(part=parts)
    freeze = station("freeze")(parts=pack, tried=tried)
    corridor = station("corridor")(plan_id=freeze)
    approve = PlanApproval(task_id="approve", plan_id=freeze)
    approve_second = PlanApproval(task_id="approve_second", plan_id=freeze)
    seal = station("seal", trigger_rule="all_done", outlets=[APPROVED_PLAN])(plan_id=freeze, exit_id=EXIT_ID)
    chain(split, pack)
    chain(freeze, corridor, approve, approve_second, seal)

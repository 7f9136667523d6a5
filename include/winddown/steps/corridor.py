"""Let a plan that stays within the corridor of the approved one stand without a new question."""

from include.winddown.adapters.stores.plans import Plan, PlanStore
from include.winddown.adapters.stores.standing import StandingPlans
from include.winddown.domain.corridor import leaves_corridor
from include.winddown.domain.errors import NothingToDo, PlanNotApproved
from include.winddown.domain.policy import Policy
from include.winddown.runtime import doors
from include.winddown.runtime.stations import tell
from include.winddown.steps.gather import recompute_digest, verified_digest


def corridor(plan_id: str) -> str:
    """Go on to the question; skip it when the approval of the last approved plan covers this one too."""
    store = PlanStore(doors.database())
    plan = store.get(plan_id)
    approved = store.approved(plan.exit_id)
    if plan.state != "within" and approved is None:
        tell("nothing is approved yet, so a person is asked")
        return plan_id
    if plan.state == "proposed" and approved is not None:
        reasons = why_it_leaves(plan, approved)
        if reasons:
            tell(f"a person is asked: {'; '.join(reasons)}")
            return plan_id
        verified_digest(approved.plan_id)
        StandingPlans(doors.database()).stand_within(plan_id, approved.plan_id)
        plan = store.get(plan_id)
    if plan.state == "within":
        msg = f"plan {plan.digest[:12]} stays within the corridor of the approved plan; nobody is asked again"
        raise NothingToDo(msg)
    return plan_id


def why_it_leaves(plan: Plan, approved: Plan) -> list[str]:
    """Tell why an approved plan does not cover another; see leaves_corridor."""
    store = PlanStore(doors.database())
    lines, decisions = (
        tuple(read(one.plan_id).to_pandas() for one in (plan, approved))
        for read in (store.lines, store.decisions)
    )
    policy = Policy.of(approved.summary["facts"]["policy"])
    return leaves_corridor(
        plan.summary["facts"], approved.summary["facts"], lines, decisions, policy.prices.corridor_pct
    )


def standing_plan(exit_id: str) -> tuple[Plan, str]:
    """
    Find the plan to carry out and the one whose approval covers it, both as they were stored.

    Raises:
        PlanNotApproved: there is none, or it is not covered after all.
        PlanChanged: the stored lines are not those of its digest.
    """
    found = StandingPlans(doors.database()).latest(exit_id)
    if found is None:
        msg = f"exit {exit_id} has no approved plan; approve one in the DAG plan_wind_down"
        raise PlanNotApproved(msg)
    plan, covering_id = found
    verified_digest(covering_id)
    if plan.plan_id != covering_id:
        covering = PlanStore(doors.database()).get(covering_id)
        reasons = why_it_leaves(plan, covering)
        if recompute_digest(plan) != plan.digest:
            reasons.append("it was changed after it was stored")
        if reasons:
            msg = f"plan {plan.digest[:12]} is not covered by plan {covering.digest[:12]}: {'; '.join(reasons)}; make a new plan"
            raise PlanNotApproved(msg)
    return plan, covering_id

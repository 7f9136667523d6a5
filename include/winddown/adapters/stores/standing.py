"""Which plan stands: approved, or within the corridor of one that is."""

from sqlalchemy import Engine, select, update

from include.winddown.adapters.stores.plans import COLUMNS, Plan
from include.winddown.adapters.stores.tables import plan


class StandingPlans:
    """Plans that are carried out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def latest(self, exit_id: str) -> tuple[Plan, str] | None:
        """Find the newest plan of an exit that stands, and the id of the plan whose approval covers it."""
        query = select(*COLUMNS, plan.c.within_plan_id).where(
            plan.c.exit_id == exit_id, plan.c.state.in_(("approved", "within"))
        )
        newest = query.order_by(plan.c.created_at.desc(), plan.c.plan_id.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).mappings().one_or_none()
        if row is None:
            return None
        found = dict(row)
        covering = found.pop("within_plan_id")
        return Plan(**found), covering or found["plan_id"]

    def stand_within(self, plan_id: str, approved_plan_id: str) -> bool:
        """
        Let a proposed plan stand within an approved one; the database refuses another than an approved plan of its exit.

        Returns:
            False when it was not proposed any more.
        """
        proposed = (plan.c.plan_id == plan_id) & (plan.c.state == "proposed")
        with self._engine.begin() as connection:
            moved = update(plan).where(proposed).values(state="within", within_plan_id=approved_plan_id)
            return bool(connection.execute(moved).rowcount)

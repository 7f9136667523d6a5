"""Create the return requests of the approved plan, each exactly once, through the ledger."""

from collections.abc import Mapping
from typing import Any

from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.domain.effects import Manner, effect_key
from include.winddown.domain.errors import PlanNotApproved
from include.winddown.domain.stands import count_stands
from include.winddown.runtime import doors
from include.winddown.runtime.stations import RETURN_REQUESTS, announce, tell
from include.winddown.steps.desk_answers import ask, confirm, hear, look, waiting
from include.winddown.steps.gather import exit_of, verified_digest
from include.winddown.steps.guard import check_ledger
from include.winddown.steps.ledger import Bringing
from include.winddown.steps.requests import KIND, request_of

__all__ = ["ask", "choose", "confirm", "hear", "look", "publish", "request", "waiting"]


def choose(exit_id: str) -> list[dict[str, str]]:
    """
    Name what is still to be done: the warehouses of every approved plan with an open shipment.

    Older plans are taken up too, so that a request whose outcome was unknown is looked up.
    Approval and digest of each plan are read again, and the ledger must be the one we know.
    """
    check_ledger()
    plans = PlanStore(doors.database())
    if plans.approved(exit_of(exit_id).exit_id) is None:
        msg = f"exit {exit_id} has no approved plan; approve one in the DAG plan_wind_down"
        raise PlanNotApproved(msg)
    todo = ask_rows(doors.database(), "choose_unsettled", exit_id=exit_id)
    digests = {plan_id: verified_digest(plan_id) for plan_id in dict.fromkeys(row["plan_id"] for row in todo)}
    return [{"exit_id": exit_id, "digest": digests[row["plan_id"]], **row} for row in todo]


def request(part: dict[str, str]) -> dict[str, int]:
    """Create the requests of one warehouse, one after the other; the intents of all of them come first."""
    plan = PlanStore(doors.database()).get(part["plan_id"])
    if plan.digest != part["digest"]:
        msg = f"plan {plan.plan_id} is not the one that was chosen; start create_returns again"
        raise PlanNotApproved(msg)
    desk = doors.desk(exit_of(part["exit_id"]))
    shipments = PlanStore(doors.database()).shipments(plan.plan_id, part["warehouse_id"])
    ledger = EffectLedger(doors.database())
    keys = {row["shipment_no"]: _key_of(part, row) for row in shipments}
    ledger.intend(*(_intent(part, row, keys[row["shipment_no"]], desk.manner) for row in shipments))
    came = {
        number: Bringing(ledger, desk, number, request_of(keys[number], row)).go()
        for number, row in ((row["shipment_no"], row) for row in shipments)
    }
    counted = count_stands(came)
    tell(
        f"{part['warehouse_id']}: {counted['requests']} of {len(shipments)} return requests stand at the desk"
        + (f", {counted['with_person']} are handed over and not answered" if counted["with_person"] else "")
    )
    return counted


def publish(exit_id: str) -> str:
    """Tell the reconciliation that requests stand."""
    announce(RETURN_REQUESTS, exit_id)
    return exit_id


def _key_of(part: Mapping[str, str], shipment: Mapping[str, Any]) -> str:
    return effect_key(part["exit_id"], KIND, part["digest"], shipment["shipment_no"])


def _intent(part: Mapping[str, str], shipment: Mapping[str, Any], key: str, manner: Manner) -> dict[str, Any]:
    """Word what is going to be done; two exits with one desk do not make requests of one warehouse at once."""
    return {
        "effect_key": key,
        "exit_id": part["exit_id"],
        "kind": KIND,
        "plan_id": part["plan_id"],
        "account": manner.account,
        "conflict_key": manner.conflict_key(KIND, key, part["warehouse_id"]),
        "request": {"shipment_no": shipment["shipment_no"], "client_reference": key},
    }

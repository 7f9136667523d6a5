"""Create the return requests of the approved plan, each exactly once, through the ledger."""

from collections.abc import Mapping
from typing import Any

from include.winddown.adapters.ports import ReturnDesk
from include.winddown.adapters.stores.approvals import ApprovalStore
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.approval import check_approved
from include.winddown.domain.effects import RequestLine, ReturnRequest, effect_key, sum_up
from include.winddown.domain.errors import PlanNotApproved
from include.winddown.runtime import doors
from include.winddown.runtime.stations import RETURN_REQUESTS, announce, tell
from include.winddown.steps.gather import exit_of, recompute_digest
from include.winddown.steps.ledger import Bringing, Came

KIND = "return_request"


def choose(exit_id: str) -> list[dict[str, str]]:
    """Re-read the approval and the digest of the plan approved last; one part per warehouse."""
    plan = PlanStore(doors.database()).approved(exit_of(exit_id).exit_id)
    if plan is None:
        msg = f"exit {exit_id} has no approved plan; approve one in the DAG plan_wind_down"
        raise PlanNotApproved(msg)
    approval = ApprovalStore(doors.database()).of(plan.plan_id)
    decided = (approval.decision, approval.digest) if approval else None
    check_approved(plan.digest, recompute_digest(plan), decided)
    warehouses = {row["warehouse_id"] for row in PlanStore(doors.database()).shipments(plan.plan_id)}
    return [
        {"exit_id": exit_id, "plan_id": plan.plan_id, "digest": plan.digest, "warehouse_id": warehouse_id}
        for warehouse_id in sorted(warehouses)
    ]


def request(part: dict[str, str]) -> dict[str, int]:
    """Create the requests of one warehouse, one after the other."""
    plan = PlanStore(doors.database()).get(part["plan_id"])
    if plan.digest != part["digest"]:
        msg = f"plan {plan.plan_id} is not the one that was chosen; start create_returns again"
        raise PlanNotApproved(msg)
    desk = doors.desk(exit_of(part["exit_id"]))
    shipments = PlanStore(doors.database()).shipments(plan.plan_id, part["warehouse_id"])
    created = sum_up({row["shipment_no"]: _bring_about(part, row, desk) for row in shipments})
    tell(f"{part['warehouse_id']}: {created} of {len(shipments)} return requests stand at the desk")
    return {"requests": created}


def publish(exit_id: str) -> str:
    """Tell the reconciliation that requests stand."""
    announce(RETURN_REQUESTS, exit_id)
    return exit_id


def _bring_about(part: Mapping[str, str], shipment: Mapping[str, Any], desk: ReturnDesk) -> Came:
    """Write the intent down, then bring the request about from wherever it stands."""
    ledger = EffectLedger(doors.database())
    key = effect_key(part["exit_id"], KIND, part["digest"], shipment["shipment_no"])
    ledger.intend(
        effect_key=key,
        exit_id=part["exit_id"],
        kind=KIND,
        plan_id=part["plan_id"],
        conflict_key=f"{part['exit_id']}|{KIND}|{part['warehouse_id']}",
        request={"shipment_no": shipment["shipment_no"], "client_reference": key},
    )
    return Bringing(ledger, desk, shipment["shipment_no"], _request_of(key, shipment)).go()


def _request_of(key: str, shipment: Mapping[str, Any]) -> ReturnRequest:
    return ReturnRequest(
        client_reference=key,
        warehouse_id=shipment["warehouse_id"],
        destination=shipment["destination"],
        handling_class=shipment["handling_class"],
        lines=tuple(
            RequestLine(sku=line["sku"], condition=line["condition"], qty=line["planned_qty"])
            for line in shipment["lines"]
        ),
    )

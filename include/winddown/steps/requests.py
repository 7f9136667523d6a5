"""The return request behind a shipment, and behind an effect of the ledger."""

from collections.abc import Mapping
from typing import Any

from include.winddown.adapters.ports import ReturnDesk
from include.winddown.adapters.stores.effects import Effect, EffectLedger
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.effects import RequestLine, ReturnRequest
from include.winddown.domain.errors import PlanChanged
from include.winddown.runtime import doors
from include.winddown.steps.ledger import Bringing

KIND = "return_request"


def request_of(key: str, shipment: Mapping[str, Any]) -> ReturnRequest:
    """Word the request for one shipment of a plan; the effect's key is our reference."""
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


def bringing_of(effect: Effect, desk: ReturnDesk) -> Bringing:
    """
    Take up the request of an effect where it stands.

    Raises:
        PlanChanged: the plan has no such shipment.
    """
    number = effect.request["shipment_no"]
    for shipment in PlanStore(doors.database()).shipments(effect.plan_id):
        if shipment["shipment_no"] == number:
            wanted = request_of(effect.effect_key, shipment)
            return Bringing(EffectLedger(doors.database()), desk, number, wanted)
    msg = f"plan {effect.plan_id} has no shipment {number}, which effect {effect.effect_key[:12]} is about"
    raise PlanChanged(msg)

"""The return request behind a shipment of a stored plan."""

from collections.abc import Mapping
from typing import Any

from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.effects import RequestLine, ReturnRequest
from include.winddown.runtime import doors


def request_of(key: str, shipment: Mapping[str, Any]) -> ReturnRequest:
    """Word the request for a shipment, as PlanStore lists it, under its effect's key."""
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


def wanted_of(part: Mapping[str, str]) -> ReturnRequest:
    """Read the request of one shipment again: effect_key, plan_id, warehouse_id and shipment_no name it."""
    shipments = PlanStore(doors.database()).shipments(part["plan_id"], part["warehouse_id"])
    row = next(one for one in shipments if one["shipment_no"] == part["shipment_no"])
    return request_of(part["effect_key"], row)

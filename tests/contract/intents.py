"""One effect for the contract tests: the first shipment of the small plan."""

from typing import Any

from sqlalchemy import Engine, select

from include.winddown.adapters.stores.tables import effect_attempt
from include.winddown.domain.effects import Accepted, AcceptedLine, effect_key

KEY = effect_key("demo-1", "return_request", "d" * 64, "WH-2-standard-001")
OTHER = effect_key("demo-1", "return_request", "d" * 64, "WH-2-standard-002")
SHIPMENT = {"shipment_no": "WH-2-standard-001", "warehouse_id": "WH-2"}
ACCEPTED = Accepted(
    request_no="RR-1",
    lines=(
        AcceptedLine(sku="SKU-1", condition="sellable", requested_qty=10, accepted_qty=8),
        AcceptedLine(sku="SKU-3", condition="sellable", requested_qty=6, accepted_qty=0),
    ),
)


def intent(key: str = KEY, conflict: str = "demo-1|WH-2|001", **changes: Any) -> dict[str, Any]:
    return {
        "effect_key": key,
        "exit_id": "demo-1",
        "kind": "return_request",
        "plan_id": "plan-1",
        "account": "desk",
        "conflict_key": conflict,
        "request": {"shipment_no": "WH-2-standard-001", "lines": [["SKU-1", "sellable", 10]]},
        **changes,
    }


def attempts(engine: Engine) -> list[tuple[int, str | None, str | None]]:
    with engine.connect() as connection:
        rows = connection.execute(select(effect_attempt).order_by(effect_attempt.c.attempt_no))
        return [(row.fence, row.outcome, row.detail) for row in rows]

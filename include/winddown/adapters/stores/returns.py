"""Return requests as the desk keeps them, written in the transaction that confirms their effect."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert, select

from include.winddown.adapters.stores.movements import add_movements
from include.winddown.adapters.stores.tables import effect, return_line, return_request
from include.winddown.domain.effects import Accepted

REQUEST_ID_DIGITS = 20


def as_json(accepted: Accepted) -> dict[str, Any]:
    """Give a request in the form it is kept in as a reply."""
    return {"request_no": accepted.request_no, "lines": [asdict(line) for line in accepted.lines]}


def write_request(
    connection: Connection, effect_key: str, shipment_no: str, warehouse_id: str, accepted: Accepted
) -> None:
    """
    Write request, lines and the movement of the accepted pieces; the caller commits.

    The request's id is the beginning of its effect's key, so it is the same in every try.
    """
    owner = select(effect.c.exit_id, effect.c.plan_id).where(effect.c.effect_key == effect_key)
    exit_id, plan_id = connection.execute(owner).one()
    request_id = effect_key[:REQUEST_ID_DIGITS]
    head = {
        "request_id": request_id,
        "exit_id": exit_id,
        "plan_id": plan_id,
        "shipment_no": shipment_no,
        "effect_key": effect_key,
        "request_no": accepted.request_no,
        "warehouse_id": warehouse_id,
    }
    connection.execute(insert(return_request).values(head))
    lines = [{"request_id": request_id, **asdict(line)} for line in accepted.lines]
    connection.execute(insert(return_line), lines)
    moves = [
        {
            "sku": line.sku,
            "from_node": "STOCK",
            "to_node": "IN_REMOVAL",
            "qty": line.accepted_qty,
            "source_system": "desk",
            "source_doc": request_id,
            "source_line": f"STOCK>IN_REMOVAL|{line.condition}|{line.sku}",
            "reason": f"return request {accepted.request_no}",
        }
        for line in accepted.lines
        if line.accepted_qty
    ]
    add_movements(connection, exit_id, moves)

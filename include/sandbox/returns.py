"""Return requests: what the partner agrees to, what carriers lose, what the own dock counts."""

from random import Random

from include.sandbox.shelves import add, free_qty
from include.sandbox.state import Return, ReturnLine, State, iso, shelf

LOST_SHARE = 0.01
DAMAGED_SHARE = 0.01
TARE_G = 500


def accept(state: State, request: Return) -> Return:
    """
    Agree to send what is free of every line, and hold it.

    A mirrored request is agreed to in full: the partner's shelves are not part of this world.
    """
    request.created_at = iso(state.now)
    request.request_no = f"RR-{1 + len(state.returns):06d}"
    chance = Random(f"{state.seed}|return|{request.request_no}")
    request.ships_on = state.day + chance.randint(1, 3)
    request.counted_on = request.ships_on + chance.randint(3, 6)
    for line in request.lines:
        line.accepted_quantity = line.quantity
        if not request.mirrored:
            key = shelf(request.warehouse_id, line.sku, line.condition)
            present = 0 if line.condition == "lost" else max(0, free_qty(state, key))
            line.accepted_quantity = min(line.quantity, present)
            add(state.held, key, line.accepted_quantity)
    state.returns.append(request)
    return request


def move_returns(state: State) -> None:
    """Send and count whatever is due today."""
    for request in state.returns:
        if request.state == "accepted" and request.ships_on <= state.day:
            _ship(state, request)
        elif request.state == "shipped" and request.counted_on <= state.day:
            _count(state, request)


def _ship(state: State, request: Return) -> None:
    chance = Random(f"{state.seed}|carrier|{request.request_no}")
    for carton, line in enumerate(request.lines, start=1):
        line.shipped = line.accepted_quantity - line.withheld
        if line.shipped == 0:
            continue
        fates = [chance.random() for _ in range(line.shipped)]
        line.lost = sum(fate < LOST_SHARE for fate in fates)
        line.damaged = sum(LOST_SHARE <= fate < LOST_SHARE + DAMAGED_SHARE for fate in fates)
        if not request.mirrored:
            key = shelf(request.warehouse_id, line.sku, line.condition)
            add(state.held, key, -line.shipped)
            add(state.on_hand, key, -line.shipped)
        _note_shipped(state, request, line, carton)
    # an empty request has nothing to travel and nothing to be counted
    request.state = "shipped" if any(line.shipped for line in request.lines) else "closed"


def _note_shipped(state: State, request: Return, line: ReturnLine, carton: int) -> None:
    """Report one line in one carton; the carrier weighs what is really in it."""
    number = request.request_no.removeprefix("RR-")
    weight_g = next((one.weight_g for one in state.products if str(one.sku) == line.sku), None)
    state.events.append(
        {
            "event_id": f"EV-{1 + len(state.events):08d}",
            "request_no": request.request_no,
            "kind": "shipped",
            "sku": line.sku,
            "condition": line.condition,
            "quantity": line.shipped,
            "happened_at": iso(state.now),
            "shipment_no": f"SH-{number}",
            "carton_id": f"SH-{number}-{carton}",
            "tracking_number": f"1Z{number}",
            "carton_weight_g": weight_g and TARE_G + weight_g * (line.shipped - line.lost),
        }
    )


def _count(state: State, request: Return) -> None:
    for line in request.lines:
        arrived = {
            "received_ok": line.shipped - line.lost - line.damaged,
            "received_damaged": line.damaged,
        }
        for kind, quantity in arrived.items():
            if quantity:
                _note_count(state, request, kind, line.sku, line.condition, quantity)
    _note_count(state, request, "count_closed")
    request.state = "closed"


def _note_count(
    state: State, request: Return, kind: str, sku: str = "", condition: str = "", quantity: int = 0
) -> None:
    state.counts.append(
        {
            "count_id": f"CN-{1 + len(state.counts):08d}",
            "request_no": request.request_no,
            "kind": kind,
            "sku": sku,
            "condition": condition,
            "quantity": quantity,
            "counted_at": iso(state.now),
        }
    )

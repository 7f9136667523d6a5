"""What stands on the shelves: free, tied, gone; and the proof that it adds up."""

from collections import Counter

from include.sandbox.state import State, shelf


def free_qty(state: State, key: str) -> int:
    """Count the pieces of a shelf that are neither ordered nor promised."""
    return state.on_hand.get(key, 0) - state.reserved.get(key, 0) - state.held.get(key, 0)


def add(pile: dict[str, int], key: str, qty: int) -> None:
    """Add pieces to a pile, or take them away; less than none would be a mistake in this world."""
    pile[key] = pile.get(key, 0) + qty
    if pile[key] < 0:
        msg = f"shelf {key} would hold {pile[key]} pieces"
        raise RuntimeError(msg)


def sold(state: State) -> Counter[str]:
    """Count the pieces of every shelf that left with an order."""
    gone: Counter[str] = Counter()
    for order in state.orders:
        if order.left:
            for line in order.lines:
                gone[shelf(order.warehouse_id, line.sku)] += line.qty
    return gone


def shipped(state: State) -> Counter[str]:
    """Count the pieces of every shelf that left with a return request, or were destroyed or lost for it."""
    gone: Counter[str] = Counter()
    for request in state.returns:
        if not request.mirrored:
            for line in request.lines:
                gone[shelf(request.warehouse_id, line.sku, line.condition)] += line.shipped + line.gone
    return gone


def broken_shelves(state: State) -> list[str]:
    """Name every shelf where put in ≠ on hand + sold + shipped, or where more is tied than stands."""
    by_order, by_return = sold(state), shipped(state)
    keys = set(state.initial) | set(state.on_hand) | set(by_order) | set(by_return)
    return sorted(
        key
        for key in keys
        if state.initial.get(key, 0) != state.on_hand.get(key, 0) + by_order[key] + by_return[key]
        or free_qty(state, key) < 0
    )

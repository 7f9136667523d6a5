"""What partner and dock tell beyond the usual: losses, cancellations, corrections, money, goods without a name."""

from typing import Any

from include.sandbox.shelves import add
from include.sandbox.state import Return, ReturnLine, State, iso, shelf

ON_SHELVES = {
    "cancelled": (0, 0),
    "disposed": (-1, 0),
    "lost": (-1, 0),
    "compensated_stock": (1, 1),
    "reversed_stock": (-1, -1),
}
"""Kinds that move goods of the partner: what becomes of on_hand, and of what was ever put in."""
INSTEAD_OF_SENDING = ("cancelled", "disposed", "lost")


def report(state: State, door: str, news: dict[str, Any]) -> dict[str, Any]:
    """
    Let partner or dock tell something; with the id of an earlier event it is told anew in its place.

    Args:
        state: the truth.
        door: partner or dock.
        news: fields of an event; id and time are filled in.
    """
    told = state.events if door == "partner" else state.counts
    key, time, prefix = (
        ("event_id", "happened_at", "EV") if door == "partner" else ("count_id", "counted_at", "CN")
    )
    event = {key: news.get(key) or f"{prefix}-{1 + len(told):08d}", time: news.get(time) or iso(state.now)}
    event = news | event
    at = next((number for number, one in enumerate(told) if one[key] == event[key]), None)
    if at is not None:
        told[at] = event
        return event
    told.append(event)
    if door == "partner":
        _move_goods(state, event)
    return event


def _move_goods(state: State, event: dict[str, Any]) -> None:
    found = _line_of(state, event)
    if found is None or event["kind"] not in ON_SHELVES:
        return
    request, line = found
    qty, (on_hand, initial) = event["quantity"], ON_SHELVES[event["kind"]]
    if event["kind"] in INSTEAD_OF_SENDING:
        if request.state != "accepted":
            return
        line.withheld += qty
        line.gone += -on_hand * qty
    if not request.mirrored:
        key = shelf(request.warehouse_id, line.sku, line.condition)
        if event["kind"] in INSTEAD_OF_SENDING:
            add(state.held, key, -qty)
        add(state.on_hand, key, on_hand * qty)
        add(state.initial, key, initial * qty)


def _line_of(state: State, event: dict[str, Any]) -> tuple[Return, ReturnLine] | None:
    return next(
        (
            (request, line)
            for request in state.returns
            if request.request_no == event["request_no"]
            for line in request.lines
            if (line.sku, line.condition) == (event["sku"], event["condition"])
        ),
        None,
    )

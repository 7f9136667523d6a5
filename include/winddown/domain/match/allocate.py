"""Give counts without a request, or without a condition, to the lines that wait for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BY_CARTON, BY_SHIPMENT, BY_TRACKING, BY_REQUEST = "carton", "shipment", "tracking", "request"
HOW = (BY_CARTON, BY_SHIPMENT, BY_TRACKING, BY_REQUEST)
"""From the surest to the least sure; of a consolidated pallet the carton decides first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCount:
    """Pieces counted or reported that name no line."""

    number: int
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A line that may be meant: `how` says by what, `waiting_qty` how many pieces it still lacks."""

    number: int
    how: str
    line_id: int
    waiting_qty: int
    order: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many pieces of an open count go to a line; is_guess when more than one line was possible."""

    number: int
    line_id: int
    qty: int
    how: str
    is_guess: bool


def allocate(counts: Sequence[OpenCount], candidates: Iterable[Candidate]) -> list[Share]:
    """
    Allocate each count by its surest hint; among several lines the oldest request is filled first.

    What no line waits for goes to the last candidate, where it shows as overage: nothing is clipped.

    Args:
        counts: in the order in which they happened, ties by their key.
        candidates: for some counts; a line may be a candidate of many.

    Returns:
        The shares; a count without a candidate has none.
    """
    by_count: dict[int, list[Candidate]] = {}
    waiting: dict[int, int] = {}
    for one in candidates:
        by_count.setdefault(one.number, []).append(one)
        waiting[one.line_id] = one.waiting_qty
    return [share for count in counts for share in _fill(count, by_count.get(count.number, []), waiting)]


def _fill(count: OpenCount, candidates: list[Candidate], waiting: dict[int, int]) -> list[Share]:
    surest = next((how for how in HOW if any(one.how == how for one in candidates)), None)
    lines = {one.line_id: one.order for one in candidates if one.how == surest}
    ordered = sorted(lines, key=lambda line_id: lines[line_id])
    left, parts = count.qty, []
    for line_id in ordered:
        qty = left if line_id == ordered[-1] else max(min(left, waiting[line_id]), 0)
        if qty:
            parts.append((line_id, qty))
            waiting[line_id] -= qty
            left -= qty
    return [
        Share(number=count.number, line_id=line_id, qty=qty, how=str(surest), is_guess=len(ordered) > 1)
        for line_id, qty in parts
    ]

"""What no policy can exceed on average: demand that flows evenly, sold where it pays most."""

import numpy as np

from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.kernel import Room, Sale, Stay


@compiled
def fluid_bound(turns: int, stay: Stay, worth: float, room: Room) -> float:
    """
    Bound what selling adds to taking everything out today.

    Demand of a week can be had along the concave envelope of (demand, gain x demand) over the prices;
    its pieces of equal slope, over all weeks and the dearest first, fill the stock.

    Args:
        turns: how many pieces mark_turns has found.
        stay: pieces, storage and the weeks.
        worth: the least a piece fetches when it is taken out today [minor].
        room: with those pieces.

    Returns:
        Minor units, at least 0. Source: Gallego & van Ryzin 1994, with a finite ladder and storage.
    """
    weeks = len(stay.worth) - 1
    left = float(stay.pieces)
    total = 0.0
    room.taken[:turns] = 0
    begin, begun = 0, 0
    while left > 0:
        best, chosen = 0.0, -1
        for piece in range(
            begin, min(begun + 1, turns)
        ):  # of those not begun, the first has the highest slope
            more = room.slope[piece] - stay.storage * (room.taken[piece] + 0.5) - worth
            if room.taken[piece] < weeks and more > best:
                best, chosen = more, piece
        if chosen < 0:
            break
        taken = min(left, room.width[chosen])
        total += best * taken
        left -= taken
        room.taken[chosen] += 1
        begun = max(begun, chosen + 1)
        begin += room.taken[begin] == weeks
    return total


@compiled
def mark_turns(sale: Sale, stay: Stay, room: Room) -> int:
    """
    Mark the prices on the concave envelope; write slope and width of each of its pieces.

    The slopes fall. They may be negative: selling at a loss can cost less than disposing.

    Returns:
        How many pieces there are.
    """
    room.is_turn[:] = False
    count = 0
    demand, gained = 0.0, 0.0
    place = stay.first
    while place < stay.last:
        best, chosen = -np.inf, -1
        for step in range(place, stay.last):
            width = sale.mean[step] - demand
            if width > 0:
                slope = (sale.gain[step] * sale.mean[step] - gained) / width
                best, chosen = (slope, step) if slope > best else (best, chosen)
        if chosen < 0:
            break
        room.slope[count], room.width[count] = best, sale.mean[chosen] - demand
        room.is_turn[chosen] = True
        demand, gained = sale.mean[chosen], sale.gain[chosen] * sale.mean[chosen]
        place = chosen + 1
        count += 1
    return count

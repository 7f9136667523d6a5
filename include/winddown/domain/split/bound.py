"""What no policy can exceed on average: demand that flows evenly, sold where it pays most."""

import numpy as np

from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.kernel import Sale, Stay


@compiled
def fluid_bound(sale: Sale, stay: Stay, worth: float) -> float:
    """
    Bound what selling adds to taking everything out today.

    Demand of a week can be had along the concave envelope of (demand, gain x demand) over the prices;
    its pieces of equal slope, over all weeks and the dearest first, fill the stock.

    Args:
        sale: gain and demand of each price.
        stay: pieces, storage and the weeks.
        worth: the least a piece fetches when it is taken out today [minor].

    Returns:
        Minor units, at least 0. Source: Gallego & van Ryzin 1994, with a finite ladder and storage.
    """
    weeks = len(stay.worth) - 1
    steps = stay.last - stay.first
    slopes, widths = np.zeros(steps), np.zeros(steps)
    count = _envelope(sale, stay, (slopes, widths, np.zeros(len(sale.mean), np.bool_)))
    left = float(stay.pieces)
    total = 0.0
    at = np.zeros(steps, np.int64)
    while left > 0:
        best, chosen = 0.0, -1
        for piece in range(count):
            more = slopes[piece] - stay.storage * (at[piece] + 0.5) - worth
            if at[piece] < weeks and more > best:
                best, chosen = more, piece
        if chosen < 0:
            break
        taken = min(left, widths[chosen])
        total += best * taken
        left -= taken
        at[chosen] += 1
    return total


@compiled
def mark_turns(sale: Sale, stay: Stay, is_turn: np.ndarray) -> None:
    """Mark the prices on the concave envelope."""
    steps = stay.last - stay.first
    is_turn[:] = False
    _envelope(sale, stay, (np.zeros(steps), np.zeros(steps), is_turn))


@compiled
def _envelope(sale: Sale, stay: Stay, out: tuple[np.ndarray, np.ndarray, np.ndarray]) -> int:
    """
    Write slope and width of each piece of the concave envelope, and which prices it turns at.

    The slopes fall. They may be negative: selling at a loss can cost less than disposing.
    """
    slopes, widths, is_turn = out
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
        slopes[count], widths[count] = best, sale.mean[chosen] - demand
        is_turn[chosen] = True
        demand, gained = sale.mean[chosen], sale.gain[chosen] * sale.mean[chosen]
        place = chosen + 1
        count += 1
    return count

"""The simple policies a plan is held against: all back, all scrapped, the price held, the best single markdown."""

import numpy as np

from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.kernel import Room, Sale, Stay, prepare
from include.winddown.domain.split.listings import Clock, Found
from include.winddown.domain.split.stocks import sell
from include.winddown.domain.split.tables import LOTS_MAX, STRIDE

_CRUMB = 1e-9


@compiled
def value_simple(row: int, sale: Sale, stay: Stay, clock: Clock, out: tuple[Room, Found, np.ndarray]) -> None:
    """Write down what each simple policy is worth, by the same tables as the plan."""
    room, found, now = out
    found.return_all[row] = now[0]
    found.dispose_all[row] = stay.pieces * stay.scrap
    weeks = min(max(clock.last_call, 0), clock.weeks)
    if weeks == 0:
        found.hold[row] = found.markdown[row] = now[0]
        return
    found.hold[row] = _one_price(stay.first, weeks, sale, stay, room)
    best = _likely_best(weeks, sale, stay)
    found.markdown_step[row] = best
    found.markdown[row] = _one_price(best, weeks, sale, stay, room) if best > stay.first else found.hold[row]


@compiled
def _one_price(step: int, weeks: int, sale: Sale, stay: Stay, room: Room) -> float:
    """Value selling all at one price until the last call, and taking out what is left then."""
    lots = min(stay.pieces, LOTS_MAX)
    size = stay.pieces / lots
    if room.span[step, 1] == 0:
        prepare(step, sale, stay, room)
    for left in range(lots + 1):
        room.value[STRIDE + left] = left * size * stay.worth[weeks]
    reach = (room.span[step, 0], room.span[step, 1])
    money = (sale.gain[step] * size, stay.storage * size)
    row = (room.value, STRIDE)
    for week in range(weeks - 1, -1, -1):
        lowest = max(1, lots - week * (reach[1] - 1))  # fewer cannot be left yet
        sell((lowest, lots), reach, money, (room.odds, room.sold, step * STRIDE), row, row)
    return float(room.value[STRIDE + lots])


@compiled
def _likely_best(weeks: int, sale: Sale, stay: Stay) -> int:
    """Choose the single lower price as if demand came evenly."""
    best, chosen = -np.inf, stay.first
    for step in range(stay.first + 1, stay.last):
        sold = min(float(stay.pieces), sale.mean[step] * weeks)
        lasts = min(float(weeks), stay.pieces / max(sale.mean[step], _CRUMB))
        stored = stay.pieces * weeks - sold * (weeks - 0.5 * lasts)
        value = sold * sale.gain[step] + (stay.pieces - sold) * stay.worth[weeks] - stored * stay.storage
        if value > best:
            best, chosen = value, step
    return chosen

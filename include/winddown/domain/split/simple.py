"""The simple policies a plan is held against: all back, all scrapped, the price held, the best single markdown."""

import numpy as np

from include.winddown.domain.split.compiled import compiled, compiled_loosely
from include.winddown.domain.split.kernel import Room, Sale, Stay, prepare
from include.winddown.domain.split.listings import Clock, Found
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
    reach = (lots, weeks, room.span[step, 0], room.span[step, 1])
    sold, left, stored = _sell_down(reach, room.odds[step], room.sold[step], room.chance, room.after)
    return float(size * (sold * sale.gain[step] + left * stay.worth[weeks] - stored * stay.storage))


@compiled_loosely
def _sell_down(
    reach: tuple[int, int, int, int],
    odds: np.ndarray,
    expected: np.ndarray,
    chance: np.ndarray,
    after: np.ndarray,
) -> tuple[float, float, float]:
    """Give lots sold, lots left and lot-weeks stored, on average."""
    lots, weeks, first, beyond = reach
    sold, stored = 0.0, 0.0
    chance[: lots + 1] = 0.0
    chance[lots] = 1.0
    for week in range(weeks):
        low = max(0, lots - week * (beyond - 1))  # fewer cannot be left yet
        count = lots + 1 - low
        here, likely = chance[low : lots + 1], expected[low : lots + 1]
        after[: STRIDE + lots + 1] = 0.0
        out, there = 0.0, 0.0
        for place in range(count):
            out += here[place] * likely[place]
            there += here[place] * (low + place)
        for lost in range(first, beyond):
            share = odds[lost]
            left = after[STRIDE + low - lost : STRIDE + lots + 1 - lost]
            for place in range(count):
                left[place] += share * here[place]
        chance[: lots + 1] = after[STRIDE : STRIDE + lots + 1]
        sold += out
        stored += there - 0.5 * out
    rest = 0.0
    for stock in range(lots + 1):
        rest += stock * chance[stock]
    return sold, rest, stored


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

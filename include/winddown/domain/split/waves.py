"""
What goes back in one wave: the pieces that pay for the containers they fill.

One group is (warehouse, destination, handling class, wave). Freight is a stair, so pieces are not
judged one by one. For every number of containers the pieces with the most gain for their room are
taken (Dantzig's rule, room being a mix of weight and volume), what is paid for is filled up, and
the best is compared with sending nothing. The same order without whole pieces bounds every choice.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.compiled import compiled, compiled_with_memory

MIXES = (0.0, 0.25, 0.5, 0.75, 1.0)
COUNTS_TRIED_MAX = 64
SWAPPED_MAX = 400
_HARDLY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """
    What sending one group costs; containers are boxes or pallets.

    Attributes:
        container_weight_max_g: of one container.
        container_volume_max_ml: of one container that can be used, so inner volume x fill.
        container_minor: for each container begun.
        opening_minor: once, when anything is sent.
        minimum_minor: the least that is charged, when anything is sent.
    """

    container_weight_max_g: int
    container_volume_max_ml: int
    container_minor: int
    opening_minor: int = 0
    minimum_minor: int = 0

    def containers(self, weight_g: int, volume_ml: int) -> int:
        """Count the containers a load needs at least."""
        by_weight = -(-weight_g // self.container_weight_max_g)
        return max(by_weight, -(-volume_ml // self.container_volume_max_ml))

    def cost_minor(self, containers: int) -> int:
        """Charge for so many containers; nothing costs nothing."""
        charged = max(self.minimum_minor, self.opening_minor + self.container_minor * containers)
        return charged if containers else 0


class Blocks(NamedTuple):
    """
    Pieces that could go: columns, one entry a block; the blocks of a row come with falling gain.

    Attributes:
        gain: of a piece over leaving it, freight not counted [minor].
        units: pieces; any number of them can be taken.
        weight_g, volume_ml: of a piece.
    """

    gain: np.ndarray
    units: np.ndarray
    weight_g: np.ndarray
    volume_ml: np.ndarray


class Wave(NamedTuple):
    """
    What is best to send.

    Attributes:
        units: taken of each block.
        containers: paid for.
        cost_minor: charged.
        net_minor: gain less cost, 0 when nothing goes.
        bound_minor: what no choice can exceed.
    """

    units: np.ndarray
    containers: int
    cost_minor: int
    net_minor: float
    bound_minor: float


class _Order(NamedTuple):
    """Blocks in the order of one mix, with running totals."""

    at: np.ndarray
    gain: np.ndarray
    load: np.ndarray
    weight: np.ndarray
    volume: np.ndarray


def choose_wave(blocks: Blocks, tariff: Tariff) -> Wave:
    """
    Choose the pieces of one group that go in one wave.

    Pieces that gain nothing, and pieces larger than a container, stay.

    Args:
        blocks: of the group.
        tariff: of the group.

    Returns:
        Whole pieces, as many as there are at most.
    """
    nothing = Wave(np.zeros(len(blocks.gain), np.int64), 0, 0, 0.0, 0.0)
    able = np.flatnonzero(
        (blocks.gain > 0)
        & (blocks.units > 0)
        & (blocks.weight_g <= tariff.container_weight_max_g)
        & (blocks.volume_ml <= tariff.container_volume_max_ml)
    )
    if not len(able):
        return nothing
    those = Blocks(*(column[able] for column in blocks))
    orders = [_sorted(those, tariff, mix) for mix in MIXES]
    most = tariff.containers(int(orders[0].weight[-1]), int(orders[0].volume[-1]))
    bounds = _bounds(orders, tariff, most)
    best = _best(those, tariff, orders, bounds)
    units = nothing.units
    units[able] = best.units
    return best._replace(units=units, bound_minor=max(0.0, float(bounds.max())))


def _sorted(blocks: Blocks, tariff: Tariff, mix: float) -> _Order:
    """Sort by gain for room; blocks of one row have one size, so they stay in their order."""
    by_weight = blocks.weight_g / tariff.container_weight_max_g
    by_volume = blocks.volume_ml / tariff.container_volume_max_ml
    room = mix * by_weight + (1 - mix) * by_volume
    at = np.argsort(-blocks.gain / np.maximum(room, 1e-12), kind="stable")
    units = blocks.units[at]
    return _Order(
        at=at,
        gain=np.cumsum(blocks.gain[at] * units),
        load=np.cumsum(room[at] * units),
        weight=np.cumsum(blocks.weight_g[at] * units),
        volume=np.cumsum(blocks.volume_ml[at] * units),
    )


def _bounds(orders: list[_Order], tariff: Tariff, most: int) -> np.ndarray:
    """Bound the net by number of containers, from 1: divisible pieces, one mixed limit instead of two."""
    counts = np.arange(1, most + 1)
    gains = [np.interp(counts, np.append(0.0, order.load), np.append(0.0, order.gain)) for order in orders]
    charged = np.maximum(tariff.minimum_minor, tariff.opening_minor + tariff.container_minor * counts)
    return np.asarray(np.min(gains, axis=0) - charged)


def _best(blocks: Blocks, tariff: Tariff, orders: list[_Order], bounds: np.ndarray) -> Wave:
    """Try the most promising numbers of containers until no other can be better."""
    best = Wave(np.zeros(len(blocks.gain), np.int64), 0, 0, 0.0, 0.0)
    for tried, before in enumerate(np.argsort(-bounds, kind="stable")):
        if tried == COUNTS_TRIED_MAX or bounds[before] <= best.net_minor:
            break
        for order in orders:
            units = _filled(blocks, tariff, order, int(before) + 1)
            wave = _priced(blocks, tariff, units)
            best = wave if wave.net_minor > best.net_minor else best
    return best


def _filled(blocks: Blocks, tariff: Tariff, order: _Order, containers: int) -> np.ndarray:
    """Take the longest prefix that fits so many containers, and top them up with what comes later."""
    room = np.array([containers * tariff.container_weight_max_g, containers * tariff.container_volume_max_ml])
    whole = min(
        int(np.searchsorted(order.weight, room[0], "right")),
        int(np.searchsorted(order.volume, room[1], "right")),
    )
    taken = np.zeros(len(order.at), np.int64)
    taken[order.at[:whole]] = blocks.units[order.at[:whole]]
    if whole:
        room -= np.array([order.weight[whole - 1], order.volume[whole - 1]])
    _top_up(order.at[whole:], -1, blocks, room, taken)
    if len(taken) <= SWAPPED_MAX:
        while _swap(order.at, blocks, room, taken):
            pass
    return taken


@compiled
def _top_up(order: np.ndarray, but: int, blocks: Blocks, room: np.ndarray, taken: np.ndarray) -> float:
    """Take of each block but one what still fits the room (weight, volume); gives what that gains."""
    weight_g, volume_ml, units = blocks.weight_g, blocks.volume_ml, blocks.units
    weight, volume, more = room[0], room[1], 0.0
    for block in order:
        if block != but and taken[block] < units[block]:
            fits = min(weight // max(1, weight_g[block]), volume // max(1, volume_ml[block]))
            fits = min(fits, units[block] - taken[block])
            taken[block] += fits
            weight -= fits * weight_g[block]
            volume -= fits * volume_ml[block]
            more += fits * blocks.gain[block]
    room[0], room[1] = weight, volume
    return more


@compiled_with_memory
def _swap(order: np.ndarray, blocks: Blocks, room: np.ndarray, taken: np.ndarray) -> bool:
    """Exchange pieces of one block for others that gain more in the same containers; tells whether any."""
    tried, left = taken.copy(), room.copy()
    swapped = False
    for out in order:
        for count in (1, 2, 3, taken[out]):
            if not 0 < count <= taken[out]:
                continue
            tried[:], left[:] = taken, room
            tried[out] -= count
            left[0] += count * blocks.weight_g[out]
            left[1] += count * blocks.volume_ml[out]
            more = _top_up(order, out, blocks, left, tried)
            if more > count * blocks.gain[out] + _HARDLY:
                taken[:], room[:] = tried, left
                swapped = True
    return swapped


def _priced(blocks: Blocks, tariff: Tariff, units: np.ndarray) -> Wave:
    containers = tariff.containers(int(units @ blocks.weight_g), int(units @ blocks.volume_ml))
    cost = tariff.cost_minor(containers)
    return Wave(units, containers, cost, float(units @ blocks.gain) - cost, 0.0)

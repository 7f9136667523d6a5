"""Groups of goods that could go back, on committed seeds, and the exact choice by HiGHS."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from include.winddown.domain.split.containers import fill_containers
from include.winddown.domain.split.waves import Blocks, Tariff

TARIFFS = {
    "boxes": Tariff(
        container_weight_max_g=22_500,
        container_volume_max_ml=67_000,
        container_minor=1_200,
        opening_minor=500,
    ),
    "pallets": Tariff(
        container_weight_max_g=500_000,
        container_volume_max_ml=1_209_600,
        container_minor=9_000,
        opening_minor=4_000,
    ),
    "minimum": Tariff(
        container_weight_max_g=500_000,
        container_volume_max_ml=1_209_600,
        container_minor=9_000,
        minimum_minor=25_000,
    ),
}
ROWS = (3, 10, 30, 60)


def draw_group(seed: int, rows: int) -> Blocks:
    """Draw rows with up to six blocks of falling gain each; about a fifth would rather stay."""
    chance = np.random.default_rng(seed)
    columns: list[tuple[float, int, int, int]] = []
    for _ in range(rows):
        volume_ml = int(np.clip(chance.lognormal(7.4, 1.0), 50, 60_000))
        weight_g = int(np.clip(volume_ml * chance.lognormal(-1.2, 0.6), 20, 22_000))
        gain = chance.lognormal(4.6, 1.1)
        for _ in range(int(chance.integers(1, 7))):
            columns.append((gain, int(chance.integers(1, 13)), weight_g, volume_ml))
            gain -= abs(gain) * chance.uniform(0.05, 0.6) + 5
    gain, units, weight_g, volume_ml = zip(*columns, strict=True)
    return Blocks(
        np.array(gain), np.array(units, np.int64), np.array(weight_g, np.int64), np.array(volume_ml, np.int64)
    )


def exact_net(blocks: Blocks, tariff: Tariff) -> float:
    """Solve the choice exactly: whole pieces x, containers n, opened z and the charge y."""
    count = len(blocks.gain)
    zeros = np.zeros(count)
    rows = [
        np.concatenate([blocks.weight_g / tariff.container_weight_max_g, [-1, 0, 0]]),
        np.concatenate([blocks.volume_ml / tariff.container_volume_max_ml, [-1, 0, 0]]),
        np.concatenate([zeros, [tariff.container_minor, tariff.opening_minor, -1]]),
        np.concatenate([zeros, [0, tariff.minimum_minor, -1]]),
    ]
    opened = np.hstack([np.eye(count), np.zeros((count, 1)), -blocks.units[:, None], np.zeros((count, 1))])
    most = float(blocks.units @ np.maximum(blocks.weight_g, blocks.volume_ml)) + 1
    found = milp(
        c=np.concatenate([-blocks.gain, [0, 0, 1]]),
        constraints=LinearConstraint(np.vstack([rows, opened]), -np.inf, 0),
        bounds=Bounds(0, np.concatenate([blocks.units, [most, 1, np.inf]])),
        integrality=np.concatenate([np.ones(count + 2), [0]]),
        options={"mip_rel_gap": 1e-7, "time_limit": 60},
    )
    return max(0.0, -float(found.fun))


def draw_lines(seed: int, rows: int) -> Blocks:
    """Draw return lines to be packed into boxes: sizes as above, 1 to 60 pieces each."""
    chance = np.random.default_rng(seed)
    volume_ml = np.clip(chance.lognormal(7.4, 1.0, rows), 50, 60_000).astype(np.int64)
    weight_g = np.clip(volume_ml * chance.lognormal(-1.2, 0.6, rows), 20, 22_000).astype(np.int64)
    pieces = np.exp(chance.uniform(0, np.log(60), rows)).astype(np.int64)
    return Blocks(np.zeros(rows), pieces, weight_g, volume_ml)


def packing_ratio(lines: Blocks, limits: tuple[int, int]) -> float:
    """Compare the containers that are filled with the most that weight or volume alone ask for."""
    placed = fill_containers(lines.units, lines.weight_g, lines.volume_ml, limits)
    heavy, large = int(lines.units @ lines.weight_g), int(lines.units @ lines.volume_ml)
    return int(placed[:, 1].max()) / max(-(-heavy // limits[0]), -(-large // limits[1]))

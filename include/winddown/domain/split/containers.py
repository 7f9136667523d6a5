"""
Fill containers one after the other: the largest piece first, then what suits the room that is left.

What suits is the piece with the largest product of its size and the room, over weight and volume
(Panigrahy et al., Heuristics for vector bin packing, 2011): heavy pieces go where weight is left. Lines are
divisible; of the one chosen half of what fits is taken at a time, so that others may come between.
"""

import numpy as np

from include.winddown.domain.split.compiled import compiled, compiled_with_memory

LINES_MAX = 2_000


def fill_containers(
    pieces: np.ndarray, weight_g: np.ndarray, volume_ml: np.ndarray, limits: tuple[int, int]
) -> np.ndarray:
    """
    Put all pieces into containers.

    Many lines are packed in parts, each with large and small ones, because every line is looked at for
    every piece chosen.

    Args:
        pieces: of each line; one piece fits a container.
        weight_g: of a piece, at least 1.
        volume_ml: of a piece, at least 1.
        limits: weight and usable volume of a container.

    Returns:
        Rows of line, container from 1 and pieces; each pair of line and container once.
    """
    size = np.maximum(weight_g / limits[0], volume_ml / limits[1])
    order = np.argsort(-size, kind="stable")
    parts = max(1, -(-len(order) // LINES_MAX))
    found, before = [np.zeros((0, 3), np.int64)], 0
    for part in range(parts):
        lines = order[part::parts]
        sizes = (weight_g[lines].astype(np.int64), volume_ml[lines].astype(np.int64))
        left = pieces[lines].astype(np.int64)
        rows = np.zeros((int(left.sum()), 3), np.int64) if len(left) else found[0]
        rows = rows[: _fill(left, sizes, limits, rows)].copy()
        rows[:, 0] = lines[rows[:, 0]]
        rows[:, 1] += before
        before = int(rows[-1, 1]) if len(rows) else before
        found.append(rows)
    return np.concatenate(found)


@compiled_with_memory
def _fill(
    left: np.ndarray, sizes: tuple[np.ndarray, np.ndarray], limits: tuple[int, int], rows: np.ndarray
) -> int:
    """Write what goes where; tells how many rows that are."""
    weight_g, volume_ml = sizes
    last = np.full(len(left), -1)  # the row in which a line was put last
    count, container, pieces = 0, 0, left.sum()
    while pieces > 0:
        container += 1
        weight, volume = limits
        line = int(np.argmax(left > 0))
        taken = 1
        while line >= 0:
            if last[line] < 0 or rows[last[line], 1] != container:
                rows[count, 0], rows[count, 1] = line, container
                last[line] = count
                count += 1
            rows[last[line], 2] += taken
            left[line] -= taken
            pieces -= taken
            weight -= taken * weight_g[line]
            volume -= taken * volume_ml[line]
            line = _suiting(left, sizes, limits, (weight, volume))
            taken = max(1, min(left[line], weight // weight_g[line], volume // volume_ml[line]) // 2)
    return count


@compiled
def _suiting(
    left: np.ndarray, sizes: tuple[np.ndarray, np.ndarray], limits: tuple[int, int], room: tuple[int, int]
) -> int:
    """Find the line whose pieces suit the room best; -1 where none fits."""
    weight_g, volume_ml = sizes
    weight, volume = room
    heavy, large = weight / limits[0] / limits[0], volume / limits[1] / limits[1]
    best, chosen = -1.0, -1
    for line in range(len(left)):
        if left[line] > 0 and weight_g[line] <= weight and volume_ml[line] <= volume:
            suits = heavy * weight_g[line] + large * volume_ml[line]
            if suits > best:
                best, chosen = suits, int(line)
    return chosen

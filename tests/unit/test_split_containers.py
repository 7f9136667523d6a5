"""Filling containers, by example and against the bound on committed seeds."""

import numpy as np
import pytest

from include.winddown.domain.split import containers
from include.winddown.domain.split.containers import fill_containers
from tests.wave_groups import draw_lines, packing_ratio

BOX = (22_500, 77_000)
RATIO_MAX = 1.07


def placed(*lines: tuple[int, int, int]) -> list[list[int]]:
    pieces, weight_g, volume_ml = np.array(lines, np.int64).reshape(-1, 3).T
    return fill_containers(pieces, weight_g, volume_ml, (10, 10)).tolist()


@pytest.mark.parametrize("rows", [3, 10, 30, 100])
def test_boxes_are_hardly_more_than_weight_or_volume_ask_for(rows):
    """Twenty groups of so many lines: on average at most 1.07 times the bound."""
    ratios = [packing_ratio(draw_lines(1_000 * rows + seed, rows), BOX) for seed in range(20)]
    assert np.mean(ratios) <= RATIO_MAX
    assert min(ratios) >= 1


def test_heavy_goes_with_light():
    """Two heavy small pieces and two light large ones share two containers, one of each in both."""
    assert sorted(placed((2, 7, 3), (2, 3, 7))) == [[0, 1, 1], [0, 2, 1], [1, 1, 1], [1, 2, 1]]


def test_a_line_stands_once_in_a_container():
    """However often it was chosen: five pieces of 2 fill the first, the sixth begins the second."""
    assert placed((6, 2, 2)) == [[0, 1, 5], [0, 2, 1]]


def test_nothing_to_pack_needs_no_container():
    """No lines, no rows."""
    assert placed() == []


def test_many_lines_are_packed_in_parts(monkeypatch):
    """The parts' containers are numbered on, and no piece is lost or stands twice."""
    monkeypatch.setattr(containers, "LINES_MAX", 7)
    lines = draw_lines(1, 40)
    found = fill_containers(lines.units, lines.weight_g, lines.volume_ml, BOX)
    assert (np.bincount(found[:, 0], weights=found[:, 2]) == lines.units).all()
    assert np.unique(found[:, 1]).tolist() == list(range(1, found[-1, 1] + 1))
    assert len(np.unique(found[:, :2], axis=0)) == len(found)

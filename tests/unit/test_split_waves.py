"""What goes back in one wave, by example and against HiGHS."""

import numpy as np
import pytest

from include.winddown.domain.split.waves import Blocks, Tariff, choose_wave
from tests.wave_groups import ROWS, TARIFFS, draw_group, exact_net

GAP_MAX = 0.001
SEEDS = range(6)
BOX = Tariff(container_weight_max_g=1_000, container_volume_max_ml=1_000, container_minor=100)


def blocks(*rows: tuple[float, int, int, int]) -> Blocks:
    gain, *rest = np.array(rows, dtype=float).reshape(-1, 4).T
    return Blocks(gain, *(column.astype(np.int64) for column in rest))


@pytest.mark.parametrize("name", TARIFFS)
def test_the_choice_is_within_a_thousandth_of_the_exact_one(name):
    """24 groups a tariff on committed seeds: no group is more than 0.1 % below HiGHS, none above it."""
    for rows in ROWS:
        for seed in SEEDS:
            group = draw_group(1_000 * rows + seed, rows)
            exact = exact_net(group, TARIFFS[name])
            net = choose_wave(group, TARIFFS[name]).net_minor
            assert (1 - GAP_MAX) * exact <= net <= exact + 1e-6 * abs(exact) + 1e-3, (name, rows, seed)


def test_a_group_that_does_not_pay_its_container_stays():
    """Nine pieces that gain 10 each do not pay a box of 100; nothing is sent and nothing is charged."""
    wave = choose_wave(blocks((10, 9, 10, 10)), BOX)
    assert (wave.units.tolist(), wave.containers, wave.cost_minor, wave.net_minor) == ([0], 0, 0, 0)


def test_a_paid_container_is_filled_up():
    """What would never pay a box of its own goes along in one that is paid for."""
    wave = choose_wave(blocks((150, 1, 500, 500), (1, 9, 100, 100)), BOX)
    assert wave.units.tolist() == [1, 5]
    assert (wave.containers, wave.cost_minor, wave.net_minor) == (1, 100, 55)


def test_the_minimum_charge_makes_further_containers_free():
    """250 at least are charged, so the second box costs nothing more."""
    tariff = Tariff(
        container_weight_max_g=1_000, container_volume_max_ml=1_000, container_minor=100, minimum_minor=250
    )
    wave = choose_wave(blocks((260, 1, 1_000, 10), (5, 1, 1_000, 10)), tariff)
    assert (wave.units.tolist(), wave.containers, wave.cost_minor) == ([1, 1], 2, 250)


def test_what_is_too_large_or_gains_nothing_stays():
    """A piece no container holds, a loss and an empty block are never chosen."""
    group = blocks((900, 1, 1_001, 10), (900, 1, 10, 1_001), (-5, 3, 1, 1), (0, 3, 1, 1), (900, 0, 1, 1))
    assert choose_wave(group, BOX).units.tolist() == [0] * 5
    assert choose_wave(blocks(), BOX).units.tolist() == []


def test_the_last_pieces_of_a_block_stay_when_they_begin_a_container():
    """A block is divisible: ten fit, and an eleventh would need a box that it does not pay."""
    assert choose_wave(blocks((50, 11, 100, 10)), BOX).units.tolist() == [10]

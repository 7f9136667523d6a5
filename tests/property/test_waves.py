"""What must hold for any group of goods that could go back."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.split.waves import Blocks, Tariff, choose_wave

SIZE = st.integers(1, 1_200)
PRICE = st.integers(0, 500)


@st.composite
def groups(draw, rows_max: int = 12, units_max: int = 40) -> Blocks:
    """Rows of one or more blocks with falling gain."""
    columns = []
    for _ in range(draw(st.integers(0, rows_max))):
        weight_g, volume_ml = draw(SIZE), draw(SIZE)
        gains = draw(st.lists(st.floats(-50, 300), min_size=1, max_size=3))
        columns.extend(
            (gain, draw(st.integers(0, units_max)), weight_g, volume_ml)
            for gain in sorted(gains, reverse=True)
        )
    gain, *rest = np.array(columns, dtype=float).reshape(-1, 4).T
    return Blocks(gain, *(column.astype(np.int64) for column in rest))


@st.composite
def tariffs(draw) -> Tariff:
    """Containers that hold a few pieces."""
    return Tariff(
        container_weight_max_g=draw(st.integers(500, 3_000)),
        container_volume_max_ml=draw(st.integers(500, 3_000)),
        container_minor=draw(PRICE),
        opening_minor=draw(PRICE),
        minimum_minor=draw(PRICE),
    )


def net_of(units: np.ndarray, blocks: Blocks, tariff: Tariff) -> float:
    if not units.sum():
        return 0.0
    by_weight = -(-int(units @ blocks.weight_g) // tariff.container_weight_max_g)
    by_volume = -(-int(units @ blocks.volume_ml) // tariff.container_volume_max_ml)
    stair = tariff.opening_minor + tariff.container_minor * max(by_weight, by_volume)
    return float(units @ blocks.gain) - max(tariff.minimum_minor, stair)


@given(groups(), tariffs())
def test_a_choice_is_whole_within_bounds_and_pays(blocks, tariff):
    """Pieces are whole and there; the net is what the stair leaves, never below 0, never above the bound."""
    wave = choose_wave(blocks, tariff)
    assert wave.units.dtype == np.int64
    assert ((wave.units >= 0) & (wave.units <= blocks.units)).all()
    assert wave.net_minor >= 0
    assert np.isclose(wave.net_minor, net_of(wave.units, blocks, tariff))
    assert wave.net_minor <= wave.bound_minor + 1e-6
    assert (wave.containers > 0) == wave.units.any()
    assert wave.containers or wave.cost_minor == 0


@given(groups(), tariffs(), PRICE, PRICE, PRICE)
def test_a_dearer_tariff_never_raises_the_net(blocks, tariff, container, opening, minimum):
    """Higher charges for the same containers leave less."""
    dearer = Tariff(
        container_weight_max_g=tariff.container_weight_max_g,
        container_volume_max_ml=tariff.container_volume_max_ml,
        container_minor=tariff.container_minor + container,
        opening_minor=tariff.opening_minor + opening,
        minimum_minor=tariff.minimum_minor + minimum,
    )
    assert choose_wave(blocks, dearer).net_minor <= choose_wave(blocks, tariff).net_minor + 1e-6


@given(groups(rows_max=3, units_max=3), tariffs())
def test_no_choice_is_better_than_the_bound_says(blocks, tariff):
    """Of all choices of a tiny group the best lies between the one made and the bound."""
    fits = (blocks.weight_g <= tariff.container_weight_max_g) & (
        blocks.volume_ml <= tariff.container_volume_max_ml
    )
    able = np.flatnonzero(fits & (blocks.gain > 0) & (blocks.units > 0))[:6]
    tiny = Blocks(*(column[able] for column in blocks))
    choices = product(*(range(count + 1) for count in tiny.units))
    best = max(net_of(np.array(choice, np.int64), tiny, tariff) for choice in choices)
    wave = choose_wave(tiny, tariff)
    assert wave.net_minor <= best + 1e-6
    assert best <= wave.bound_minor + 1e-6


@given(st.integers(1, 60), st.floats(1, 300), SIZE, SIZE, tariffs())
def test_one_kind_of_goods_is_chosen_exactly(units, gain, weight_g, volume_ml, tariff):
    """With a single block the choice is the best of all numbers of pieces."""
    fits = weight_g <= tariff.container_weight_max_g and volume_ml <= tariff.container_volume_max_ml
    one = Blocks(np.array([gain]), *(np.array([value]) for value in (units, weight_g, volume_ml)))
    best = max(net_of(np.array([count]), one, tariff) for count in range(units + 1)) if fits else 0.0
    assert np.isclose(choose_wave(one, tariff).net_minor, best)

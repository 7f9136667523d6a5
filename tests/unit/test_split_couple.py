"""Returns that share containers, by example and on committed seeds."""

import numpy as np
import pytest

from include.winddown.domain.split import couple
from include.winddown.domain.split.couple import couple_waves
from include.winddown.domain.split.gains import Seats, gain_blocks
from include.winddown.domain.split.listings import Clock
from include.winddown.domain.split.tables import LOTS_MAX
from include.winddown.domain.split.waves import Tariff
from tests.coupled_worlds import World, draw_world, linear_returns, solve_world, true_net
from tests.wave_groups import TARIFFS

UPLIFT_MIN = {"boxes": 1.001, "pallets": 1.02, "minimum": 1.04}
PALACE = Tariff(
    container_weight_max_g=10**7, container_volume_max_ml=10**7, container_minor=10**8, opening_minor=10**8
)


def worth_of(world: World) -> tuple[float, float]:
    found, coupled = solve_world(world)
    linear = true_net(world, linear_returns(world, found), found.keep, world.places.back)
    return linear, true_net(world, coupled.returned, coupled.found.keep, coupled.later)


@pytest.mark.parametrize("name", TARIFFS)
def test_groups_chosen_as_a_whole_net_more_than_linear_freight(name):
    """Twelve stocks of 12 and 40 listings: never less than with linear freight, in total clearly more."""
    worth = [
        worth_of(draw_world(seed * 1_000 + listings, listings, TARIFFS[name]))
        for listings in (12, 40)
        for seed in range(6)
    ]
    assert all(ours >= linear - 1e-6 * abs(linear) for linear, ours in worth)
    small = worth[:6]
    assert sum(ours for _, ours in small) >= UPLIFT_MIN[name] * sum(linear for linear, _ in small)


def test_what_listings_are_worth_adds_up_to_the_plan():
    """The charges of both waves are shared out without rest."""
    world = draw_world(5, 40, TARIFFS["pallets"])
    _, coupled = solve_world(world)
    total = true_net(world, coupled.returned, coupled.found.keep, coupled.later)
    assert np.isclose(coupled.found.value.sum(), total, rtol=1e-4)
    assert np.isclose(coupled.returned @ coupled.freight, coupled.charge.sum())


def test_a_group_that_never_pays_is_closed_in_both_waves():
    """Where a container costs more than all goods are worth, nothing goes back, now or later."""
    _, coupled = solve_world(draw_world(3, 20, PALACE))
    assert coupled.returned.sum() == 0
    assert coupled.found.returned.sum() == 0
    assert np.isneginf(coupled.later).all()


def test_large_groups_keep_what_was_found_for_them(monkeypatch):
    """Beyond so many rows a group is not chosen as a whole, and its listings stay as they are."""
    monkeypatch.setattr(couple, "ROWS_MAX", 0)
    found, coupled = solve_world(draw_world(3, 20, TARIFFS["boxes"]))
    assert not coupled.is_coupled.any()
    assert all((ours == theirs).all() for ours, theirs in zip(coupled.found, found, strict=True))


def test_some_groups_may_be_large_and_others_small(monkeypatch):
    """A listing with a place in each is solved with both; the large group's piece pays the linear rate."""
    world = draw_world(11, 60, TARIFFS["boxes"])
    rows = np.bincount(world.freight.group)
    monkeypatch.setattr(couple, "ROWS_MAX", int(np.sort(rows)[2]))
    _, coupled = solve_world(world)
    is_large = (rows > couple.ROWS_MAX)[world.freight.group]
    both = is_large & coupled.is_coupled[world.listing]
    assert both.any()
    assert (coupled.freight[both] == world.freight.linear[both]).all()
    assert (coupled.charge[rows > couple.ROWS_MAX] == 0).all()
    assert (coupled.returned <= world.places.pieces).all()


def test_after_the_last_call_nothing_is_chosen():
    """Too late to return: the listings stay as they were found."""
    world = draw_world(3, 20, TARIFFS["boxes"])
    world = world._replace(clock=Clock(3, -1, any_week=False, width=4.5))
    found, coupled = solve_world(world)
    assert not coupled.is_coupled.any()
    assert coupled.returned.sum() == 0
    assert (coupled.found.value == found.value).all()


def test_the_same_stock_gives_the_same_choice():
    """Nothing is drawn at random, and what is given is not changed."""
    world = draw_world(8, 30, TARIFFS["minimum"])
    before = world.places.back.copy()
    (_, once), (found, again) = solve_world(world), solve_world(world)
    assert (once.returned == again.returned).all()
    assert (world.places.back == before).all()
    third = couple_waves(world.listings, world.places, world.response, world.clock, world.freight, found)
    assert (third.found.value == once.found.value).all()


def seats(pieces: list[int], back: list[float], gone: list[int], is_done: list[bool]) -> Seats:
    return Seats(
        listing=np.zeros(len(pieces), np.int64),
        start=np.array([0, len(pieces)]),
        pieces=np.array(pieces),
        back=np.array(back),
        gone=np.array(gone),
        is_done=np.array(is_done),
    )


def value(*left: float) -> np.ndarray:
    return np.array([[*left, *[0.0] * (LOTS_MAX + 1 - len(left))]])


def test_a_piece_gains_what_it_fetches_beyond_staying():
    """The first place goes first: 10 less the 1 that the third piece adds here, then 8 less 4 and 6."""
    there = seats([1, 2], [10.0, 8.0], [1, 0], [False, False])
    worth = value(0, 6, 10, 11)
    first, second = (gain_blocks(np.array([place]), there, worth) for place in (0, 1))
    assert [column.tolist() for column in first] == [[0], [9.0], [1]]
    assert [column.tolist() for column in second] == [[1, 1], [4.0, 2.0], [1, 1]]


def test_pieces_count_as_gone_only_where_that_is_decided():
    """The first place was closed, so the second place's pieces are the first to go."""
    there = seats([1, 2], [-np.inf, 8.0], [0, 0], [True, False])
    worth = value(0, 6, 10, 11)
    assert gain_blocks(np.array([0]), there, worth)[1].tolist() == []
    assert gain_blocks(np.array([1]), there, worth)[1].tolist() == [7.0, 4.0]


def test_gains_that_rise_are_averaged():
    """Keeping one of three is worth more than keeping two: the first two pieces go together or not at all."""
    there = seats([3], [5.0], [0], [False])
    place, gain, units = gain_blocks(np.array([0]), there, value(0, 4, 4.5, 9))
    assert (place.tolist(), gain.tolist(), units.tolist()) == ([0, 0], [2.5, 1.0], [2, 1])

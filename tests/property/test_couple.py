"""What must hold for any stock whose places share containers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from include.winddown.domain.split.freight import Freight, linear_freight, load_groups, share_charge
from include.winddown.domain.split.listings import Clock
from include.winddown.domain.split.waves import Tariff
from tests.coupled_worlds import draw_world, solve_world
from tests.wave_groups import TARIFFS

SEEDS = st.integers(0, 2**32 - 1)
CLOCKS = st.builds(
    Clock,
    weeks=st.integers(0, 8),
    last_call=st.integers(-1, 6),
    any_week=st.booleans(),
    width=st.just(4.5),
    every=st.integers(1, 3),
    may_raise=st.booleans(),
).map(lambda clock: clock._replace(last_call=min(clock.last_call, clock.weeks)))


@settings(max_examples=25)
@given(SEEDS, st.integers(1, 15), st.sampled_from(sorted(TARIFFS)), st.integers(1, 400), CLOCKS)
def test_pieces_are_whole_and_none_goes_twice(seed, listings, name, pieces_max, clock):
    """Returned now, kept and disposed of add up; what is kept is sold, returned or disposed of."""
    world = draw_world(seed, listings, TARIFFS[name], pieces_max=pieces_max)._replace(clock=clock)
    _, coupled = solve_world(world)
    found = coupled.found
    assert coupled.returned.dtype == found.keep.dtype == np.int64
    assert ((coupled.returned >= 0) & (coupled.returned <= world.places.pieces)).all()
    left = world.listings.pieces - np.bincount(world.listing, weights=coupled.returned)
    assert ((found.keep >= 0) & (found.keep <= left)).all()
    assert np.allclose(found.sold + found.returned + found.disposed, found.keep)
    assert np.isfinite(found.value).all()
    assert coupled.returned.sum() == 0 or clock.last_call >= 0


@given(SEEDS, st.integers(1, 20), st.integers(0, 500), st.integers(0, 500), st.integers(0, 900))
def test_linear_freight_is_never_more_than_the_stair(seed, count, container, opening, minimum):
    """So a bound made with it holds; and shares of a charge add up to the charge."""
    chance = np.random.default_rng(seed)
    tariffs = tuple(
        Tariff(
            container_weight_max_g=int(chance.integers(500, 5_000)),
            container_volume_max_ml=int(chance.integers(500, 5_000)),
            container_minor=container,
            opening_minor=opening,
            minimum_minor=minimum,
        )
        for _ in range(3)
    )
    pieces, weight_g, volume_ml = (chance.integers(1, 500, count) for _ in range(3))
    group = chance.integers(0, 3, count)
    linear = linear_freight(pieces, group, weight_g, volume_ml, tariffs)
    freight = Freight(group, weight_g, volume_ml, linear, tariffs)
    sent = chance.integers(0, pieces + 1)
    loads = load_groups(sent, freight)
    assert (np.bincount(group, weights=sent * linear, minlength=3) <= loads.charge + 1e-6).all()
    shared = np.bincount(group, weights=sent * share_charge(loads, freight), minlength=3)
    assert np.allclose(shared, loads.charge)

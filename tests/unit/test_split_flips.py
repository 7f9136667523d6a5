"""Turning points: on either side of one, the other choice is best."""

import numpy as np
import pytest

from include.winddown.domain.split.flips import find_flips
from include.winddown.domain.split.listings import Clock, Listings, Places, Response, chosen
from include.winddown.domain.split.solve import solve_listings

SHARE = np.array([1.0, 0.8, 0.6, 0.4])
RESPONSE = Response(SHARE, SHARE[None, :] ** -2.4, np.zeros((1, len(SHARE))))
CLOCK = Clock(weeks=10, last_call=7, any_week=False, width=4.5)
PIECES = np.array([40, 40, 12, 300])
COVER_WEEKS = np.array([8.0, 45.0, 20.0, 15.0])
BACK = np.array([300.0, 300.0, 150.0, 420.0])


def goods(rate=1.0, back=0.0) -> tuple[Listings, Places]:
    count = len(PIECES)
    ones, none = np.ones(count), np.zeros(count, np.int64)
    listings = Listings(
        pieces=PIECES,
        price=700 * ones,
        fee_share=0.15 * ones,
        fee=20 * ones,
        storage=2 * ones,
        scrap=-10 * ones,
        rate=PIECES / COVER_WEEKS * rate,
        doubt=0 * ones,
        category=none,
        first=none,
        last=none + len(SHARE),
        start=np.arange(count + 1),
    )
    return listings, Places(PIECES, BACK + back)


def most_stay(listings, places, clock=CLOCK) -> list[bool]:
    return (solve_listings(listings, places, RESPONSE, clock).keep * 2 >= PIECES).tolist()


FLIPS = find_flips(*goods(), RESPONSE, CLOCK, np.arange(len(PIECES)))


def test_both_choices_are_among_the_examples():
    """Or the tests below would show one side only."""
    assert set(most_stay(*goods())) == {True, False}


def test_the_choice_turns_at_the_rate_found():
    """3 % less and 3 % more than it are on different sides."""
    turn = FLIPS.rate / goods()[0].rate
    low, high = most_stay(*goods(rate=turn * 0.97)), most_stay(*goods(rate=turn * 1.03))
    assert (low, high) == ([False] * 4, [True] * 4)


def test_the_choice_turns_at_the_return_value_found():
    """Above it most go back, below it most stay; it is told as the average of a returned piece."""
    low, high = most_stay(*goods(back=FLIPS.back - BACK - 8)), most_stay(*goods(back=FLIPS.back - BACK + 8))
    assert (low, high) == ([True] * 4, [False] * 4)


def test_the_choice_turns_at_the_deadline_found():
    """With as many weeks as found the choice is another than today's."""
    for row, weeks in enumerate(FLIPS.weeks):
        moved = int(weeks) - CLOCK.weeks
        at = CLOCK._replace(weeks=int(weeks), last_call=max(CLOCK.last_call + moved, -1))
        assert most_stay(*goods(), at)[row] != most_stay(*goods())[row]


def test_what_was_not_looked_for_is_not_told():
    """Only the rows asked for have turning points, and they are those of looking at all."""
    some = find_flips(*goods(), RESPONSE, CLOCK, np.array([2, 0]))
    for found, whole in zip(some, FLIPS, strict=True):
        assert np.isnan(found[[1, 3]]).all()
        assert found[[0, 2]] == pytest.approx(whole[[0, 2]])


def test_no_rows_no_search():
    """An empty choice of rows gives an empty answer."""
    assert np.isnan(find_flips(*goods(), RESPONSE, CLOCK, np.array([], np.int64)).rate).all()


def test_some_listings_keep_their_places():
    """Taking listings out of several takes exactly their places along."""
    listings, _ = goods()
    places = Places(np.arange(1, 8), np.arange(7) * 10.0)
    some, theirs = chosen(listings._replace(start=np.array([0, 2, 3, 6, 7])), places, np.array([2, 0]))
    assert some.start.tolist() == [0, 3, 5]
    assert theirs.pieces.tolist() == [4, 5, 6, 1, 2]
    assert some.pieces.tolist() == [12, 40]

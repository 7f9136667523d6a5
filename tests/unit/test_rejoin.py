"""How ready a merchant is to come back."""

from dataclasses import replace

import pytest

from include.winddown.domain.rejoin import Readiness, score

READY = Readiness(
    state="closed",
    open_claims_qty=0,
    has_contract=True,
    key_days=60,
    products_qty=50,
    products_ready_qty=50,
    sized_qty=50,
    gain_minor=1,
)


def test_whoever_lacks_nothing_has_all_points():
    """The parts add up to a hundred."""
    found = score(READY)
    assert (found.points, found.is_ready, found.musts) == (100, True, ())
    assert sum(part.most for part in found.parts) == 100


@pytest.mark.parametrize(
    ("change", "points", "why"),
    [
        ({"products_ready_qty": 25}, 80, "25 of 50 products would be taken"),
        ({"sized_qty": 0}, 80, "0 of 50 products have size and weight"),
        ({"sized_qty": None}, 80, "it is not known how many products have size"),
        ({"open_claims_qty": 1}, 95, "without an answer: 1"),
        ({"open_claims_qty": 9}, 80, "without an answer: 9"),
        ({"open_claims_qty": None}, 80, "not known how many claims"),
        ({"gain_minor": 0}, 80, "brings no more than own delivery"),
        ({"gain_minor": None}, 80, "not known what the scheme would bring"),
        ({"products_ready_qty": 99}, 100, "99 of 50"),
    ],
)
def test_each_point_lost_has_its_reason(change, points, why):
    """What is not known earns nothing."""
    found = score(replace(READY, **change))
    assert found.points == points
    assert any(why in part.why for part in found.parts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "settling"}, "the old exit is settling; close it first"),
        ({"has_contract": False}, "accept them in the cabinet"),
        ({"has_contract": None}, "not known to be in force"),
        ({"key_days": 13}, "lives 13 more days and 14 are needed"),
        ({"key_days": None}, "an unknown number of more days"),
        ({"products_ready_qty": 0}, "validate the supply first"),
        ({"products_ready_qty": None}, "validate the supply first"),
    ],
)
def test_some_things_must_be_done_first(change, words):
    """With one of them open nobody is ready, whatever the score."""
    found = score(replace(READY, **change))
    assert not found.is_ready
    assert [must for must in found.musts if words in must]

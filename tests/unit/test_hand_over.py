"""What keeps an exit from being closed."""

from dataclasses import replace

import pytest

from include.winddown.domain.hand_over import KINDS, WORDS, Open, Standing, blockers

NOTHING = Standing(**dict.fromkeys(KINDS, Open(qty=0)))


def test_an_exit_with_nothing_open_may_close():
    """Every kind was looked at, and each is zero."""
    assert blockers(NOTHING) == ()
    assert set(WORDS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_open_thing_is_named_with_its_way_out(kind):
    """How many, which ones, what to do; what is not known blocks too."""
    (found,) = blockers(replace(NOTHING, **{kind: Open(qty=7, names=tuple("ABCDEFG"))}))
    assert found.kind == kind
    assert found.sentence.startswith(f"7 {WORDS[kind][0]} (A, B, C, D, E and 2 more); {WORDS[kind][1]}")
    (unknown,) = blockers(replace(NOTHING, **{kind: Open(qty=None)}))
    assert "it is not known how many" in unknown.sentence


def test_everything_open_is_told_at_once():
    """In the order in which a person deals with it, not one after the other."""
    standing = Standing(**dict.fromkeys(KINDS, Open(qty=1)))
    assert tuple(one.kind for one in blockers(standing)) == KINDS


def test_a_name_without_a_count_blocks():
    """Two figures that disagree are not a zero."""
    assert blockers(replace(NOTHING, claims=Open(qty=0, names=("C-1",))))

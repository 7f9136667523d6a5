"""Which state of an exit may follow which, and what a refusal says."""

import pytest

from include.winddown.domain.errors import IllegalMove
from include.winddown.domain.exit_course import (
    ACCEPTED,
    CLEARING,
    CLOSED,
    DRAFTED,
    FILED,
    FIRST,
    IN_REVIEW,
    LEAVING,
    MOVES,
    REFUSED,
    REOPENED,
    STATES,
    Move,
    judge_move,
    path,
    replay,
)

WHY = "the letter came"


def test_the_course_is_the_one_of_the_journey():
    """From the draft to the closing there is one way, and back to clearing one more."""
    assert path(DRAFTED, CLOSED) == (
        FILED,
        IN_REVIEW,
        ACCEPTED,
        CLEARING,
        "settling",
        "handing_over",
        CLOSED,
    )
    assert path(CLOSED, CLEARING) == (REOPENED, CLEARING)
    assert path(REFUSED, IN_REVIEW) == (FILED, IN_REVIEW)


def test_every_state_is_reached_and_none_is_a_dead_end():
    """No exit is stuck for good."""
    assert {there for first in FIRST for there in path(first, first) + tuple(MOVES[first])} <= set(STATES)
    assert {state for state in STATES if state == DRAFTED or path(DRAFTED, state)} == set(STATES)
    assert all(MOVES.values())
    assert set(LEAVING) < set(STATES)


def test_a_legal_move_carries_who_and_why():
    """Both are kept without blanks around them."""
    assert judge_move("demo", DRAFTED, FILED, " ada ", f" {WHY}") == Move(
        from_state=DRAFTED, to_state=FILED, by_user="ada", why=WHY
    )


@pytest.mark.parametrize(
    ("state", "to_state", "words"),
    [
        (
            DRAFTED,
            ACCEPTED,
            "is drafted and cannot become accepted yet; first it has to be filed, then in_review",
        ),
        (REFUSED, ACCEPTED, "first it has to be filed, then in_review"),
        (CLEARING, CLEARING, "is clearing already; nothing has to be done"),
        (CLEARING, DRAFTED, "is clearing and never becomes drafted again; open a new exit"),
        (CLEARING, "paused", "'paused' is no state of an exit; known are drafted, filed"),
        ("paused", CLEARING, "is paused and never becomes clearing again"),
    ],
)
def test_an_illegal_move_says_what_must_come_first(state, to_state, words):
    """The message names the exit, where it is, and the way there."""
    with pytest.raises(IllegalMove, match=f"exit demo.*{words}"):
        judge_move("demo", state, to_state, "ada", WHY)


@pytest.mark.parametrize(("by_user", "why"), [("", WHY), (" ", WHY), ("ada", ""), ("ada", " ")])
def test_nobody_moves_an_exit_for_no_reason(by_user, why):
    """Who and why are part of the move."""
    with pytest.raises(IllegalMove, match="say who moves it and why"):
        judge_move("demo", DRAFTED, FILED, by_user, why)


def moved(*states):
    return [
        Move(from_state=before, to_state=after, by_user="ada", why=WHY)
        for before, after in zip([None, *states], states, strict=False)
    ]


def test_recorded_moves_lead_to_the_state():
    """The course is what the moves say."""
    assert replay("demo", moved(DRAFTED, FILED, IN_REVIEW, REFUSED, FILED)) == FILED
    assert replay("demo", moved(CLEARING)) == CLEARING


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ([], "has no move"),
        (moved(ACCEPTED), "move 1 goes from None"),
        (moved(DRAFTED, FILED)[1:], "move 1 goes from drafted, and the exit was None"),
        (moved(DRAFTED) + moved(DRAFTED), "move 2 goes from None, and the exit was drafted"),
        (moved(DRAFTED, ACCEPTED), "cannot become accepted yet"),
    ],
)
def test_moves_with_a_gap_are_not_followed(moves, words):
    """A history somebody tampered with is named."""
    with pytest.raises(IllegalMove, match=words):
        replay("demo", moves)

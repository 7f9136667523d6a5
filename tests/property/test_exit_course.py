"""Whatever is tried, an exit only goes where its course allows, and each move is kept once."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.errors import IllegalMove
from include.winddown.domain.exit_course import FIRST, MOVES, STATES, Move, judge_move, path, replay

tries = st.lists(st.sampled_from([*STATES, "", "open"]), max_size=60)


@given(st.sampled_from(FIRST), tries)
def test_no_illegal_move_is_ever_accepted(first, wanted):
    """Tried in any order: what is accepted is in the table, recorded once, and replays to the state."""
    state, moves = first, [Move(from_state=None, to_state=first, by_user="ada", why="begun")]
    for to_state in wanted:
        try:
            move = judge_move("demo", state, to_state, "ada", "because")
        except IllegalMove:
            assert to_state not in MOVES[state]
            continue
        assert to_state in MOVES[state]
        moves.append(move)
        state = to_state
    assert replay("demo", moves) == state
    assert all(before.to_state == after.from_state for before, after in pairwise(moves))


@given(st.sampled_from(STATES), st.sampled_from(STATES))
def test_a_way_that_is_named_can_be_gone(state, to_state):
    """What must come first is itself legal, step by step, and the shortest."""
    way = path(state, to_state)
    assert len(way) == len(set(way)) <= len(STATES)
    for step in way:
        state = judge_move("demo", state, step, "ada", "because").to_state
    assert not way or state == to_state

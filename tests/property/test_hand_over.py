"""Whatever is open, an exit with anything of it is never closed."""

from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.hand_over import KINDS, Open, Standing, blockers

counts = st.one_of(st.none(), st.just(0), st.integers(min_value=-3, max_value=10**9))
opens = st.builds(Open, qty=counts, names=st.lists(st.text(max_size=5), max_size=8).map(tuple))
standings = st.builds(Standing, **dict.fromkeys(KINDS, st.one_of(st.just(Open(qty=0)), opens)))


@given(standings)
def test_nothing_open_is_ever_let_through(standing):
    """Exactly the kinds that are a known zero, without names, do not block."""
    still = {kind for kind in KINDS if getattr(standing, kind) != Open(qty=0)}
    assert {one.kind for one in blockers(standing)} == still

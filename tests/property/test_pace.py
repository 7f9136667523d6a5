"""What must hold for a bucket, whoever comes when."""

import tempfile
from itertools import accumulate, combinations
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from include.winddown.adapters.buckets import Bucket

RATE = 50
CATCH_UP = 3
GAPS = st.lists(st.floats(0, 0.3, allow_nan=False), min_size=2, max_size=60)


@given(gaps=GAPS)
def test_no_span_of_time_sees_more_than_rate_and_catch_up(gaps: list[float]):
    """Any t seconds hold at most t × rate + 1 + catch-up slots."""
    clock = {"now": 0.0}
    with tempfile.TemporaryDirectory() as folder:
        bucket = Bucket(Path(folder) / "bucket", 1 / RATE, CATCH_UP, lambda: clock["now"])
        slots = []
        for moment in accumulate(gaps, initial=100.0):
            clock["now"] = moment
            slots.append(moment + bucket.reserve())
    for first, last in combinations(range(len(slots)), 2):
        span_s = slots[last] - slots[first]
        assert last - first + 1 <= span_s * RATE + 1 + CATCH_UP + 1e-6

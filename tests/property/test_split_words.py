"""No decision is without words, whatever its numbers."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.winddown.domain.plan_frames import DECISIONS, REASONS
from include.winddown.domain.split.words import LANGUAGES, say_turns, sentence, tongue
from tests.frames import tables

ROWS = tables(DECISIONS, max_rows=3)
BROKEN = re.compile(r"nan|None|NaT|<NA>|\binf|e[+-]\d|\{|\}|  |^\s|\s$|\.\.")


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None)
@given(table=ROWS, reason=st.sampled_from(REASONS), as_pandas=st.booleans())
def test_every_row_has_its_sentence(language, table, reason, as_pandas):
    """Never empty, never a missing value in it, and it ends as a sentence does; from Arrow or pandas."""
    rows = table.to_pandas().to_dict("records") if as_pandas else table.to_pylist()
    for row in rows:
        codes = row["defaults"].split() if isinstance(row["defaults"], str) else []
        assumed = [tongue(language).defaults[code] for code in codes]
        said = [sentence(row | {"reason": reason}, language), *assumed]
        turns = say_turns(row, language)
        for words in [*said, turns] if turns else said:
            assert words.endswith("。" if language == "zh" else ".")
            assert not BROKEN.search(words)
            assert words[0].upper() == words[0]

"""What people are shown of an application."""

from dataclasses import replace
from datetime import date

import pytest

from include.winddown.domain.application import CLEAR_STOCK, FINISH_ORDERS, REFUSED
from include.winddown.domain.application_words import (
    FIRST,
    OBSTACLES,
    OTHER,
    word_filing,
    word_late,
    word_next,
    word_review,
)
from include.winddown.domain.dossier import CODES, Obstacle, compile_dossier
from include.winddown.domain.gate import decide
from include.winddown.domain.review import review_of

CLEAN = compile_dossier("RUB", [], decide([], []), promotions=[], strategies=[])
BUSY = replace(
    CLEAN,
    promotions=None,
    obstacles=(
        Obstacle(code="unfinished_orders", qty=7, names=tuple(f"P-{n}" for n in range(7))),
        Obstacle(code="supplies_unknown", qty=0),
    ),
)


def test_every_obstacle_has_words():
    """No code reaches a person bare."""
    assert set(OBSTACLES) == set(CODES)
    assert set(FIRST) == {CLEAR_STOCK, FINISH_ORDERS}


def test_a_filing_shows_the_obstacles_and_the_texts_as_they_are():
    """A fence in what the merchant typed does not end the block it stands in."""
    body = word_filing(BUSY, {"ru": "Здравствуйте\n", "en": "Dear ~~~\ncolleagues\n"})
    assert "- **7** unfinished orders" in body
    assert "and 2 more" in body
    assert "promotions and pricing strategies are not known here" in body
    assert "~~~\nЗдравствуйте\n~~~\n" in body
    assert "~~~~\nDear ~~~\ncolleagues\n~~~~\n" in body
    assert "nothing known would make the platform refuse" in word_filing(CLEAN, {})


@pytest.mark.parametrize(
    ("choice", "words"), [(CLEAR_STOCK, "take_snapshot"), (FINISH_ORDERS, "Stop sales"), (REFUSED, OTHER)]
)
def test_a_refusal_says_what_comes_first(choice, words):
    """What the platform wrote cannot act as Markdown."""
    body = word_next(choice, f"{choice}: see [here](https://evil.example)", CLEAN)
    assert words in body
    assert "](https" not in body


def test_a_review_says_when_the_answer_is_due():
    """The first day, the last day, and by whose calendar."""
    assert "from 2026-11-24 to 2026-11-26 (RU)" in word_review("77", review_of(date(2026, 11, 23), "RU"))
    late = word_late("demo-1", "77-1", date(2026, 11, 26), date(2026, 11, 29))
    assert "should have been answered by 2026-11-26, 3 days ago" in late

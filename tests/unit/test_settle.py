"""What a person may say of an effect, and of a frozen ledger."""

from datetime import UTC, datetime

import pytest

from include.winddown.domain.errors import BadAnswer
from include.winddown.domain.settle import (
    GIVE_UP,
    SEND_AGAIN,
    STANDS,
    read_settlement,
    settled_as,
    word_question,
)
from include.winddown.domain.thaw import OPEN, STAY, Compared, compare, read_opening, word_comparison

WHY = "The desk says by phone that it stands"


def test_a_decision_has_a_choice_a_reason_and_a_name():
    """What stands has its number; the rest has none."""
    stands = read_settlement(STANDS, {"number": " RR-1 ", "why": WHY}, "approver")
    assert (stands.choice, stands.number, stands.why, stands.by_user) == (STANDS, "RR-1", WHY, "approver")
    for choice in (SEND_AGAIN, GIVE_UP):
        assert read_settlement(choice, {"number": None, "why": WHY}, "approver").number == ""


@pytest.mark.parametrize(
    ("choice", "fields", "by_user", "words"),
    [
        (STANDS, {"number": "", "why": WHY}, "approver", "give the number it has outside"),
        (GIVE_UP, {"number": "RR-1", "why": WHY}, "approver", "leave the number empty"),
        (SEND_AGAIN, {"number": "RR-1", "why": WHY}, "approver", "leave the number empty"),
        (GIVE_UP, {"why": "no"}, "approver", "say in a sentence"),
        (GIVE_UP, {}, "approver", "say in a sentence"),
        (GIVE_UP, {"why": WHY}, "", "names nobody"),
    ],
)
def test_what_cannot_be_acted_upon_is_asked_again(choice, fields, by_user, words):
    """The message says what was wrong with the answer."""
    with pytest.raises(BadAnswer, match=words):
        read_settlement(choice, fields, by_user)


@pytest.mark.parametrize(
    ("state", "history", "choice"),
    [
        ("confirmed", ["try", "escalated", "decided"], STANDS),
        ("cancelled", ["escalated", "decided"], GIVE_UP),
        ("ready", ["try", "escalated", "decided"], SEND_AGAIN),
        ("ready", ["escalated", "decided", "try"], ""),
        ("ready", [], ""),
        ("escalated", ["decided", "escalated"], ""),
    ],
)
def test_what_was_decided_is_not_asked_again(state, history, choice):
    """Airflow may lose an answer that was taken down; the effect tells what it was."""
    assert settled_as(state, history) == choice


def test_the_question_shows_everything_and_renders_nothing():
    """History, what stands outside, three choices; text from outside stays text."""
    effect = {
        "exit_id": "demo",
        "kind": "return_request",
        "state": "escalated",
        "request": {"shipment_no": "S1"},
    }
    history = [
        {
            "at": datetime(2026, 11, 27, 22, tzinfo=UTC),
            "kind": "try",
            "by_user": None,
            "detail": "![x](http://evil) | a\nb",
        }
    ]
    text = word_question(effect, history, "RR-1, RR-2")
    assert "2026-11-27 22:00:00" in text
    assert "RR" in text
    assert "![x](http://evil)" not in text
    assert all(f"**{choice}**" in text for choice in (STANDS, SEND_AGAIN, GIVE_UP))


def test_a_desk_is_held_against_the_ledger():
    """What it does not know, what finds itself by our reference, and what is gone."""
    standing = [("RR-1", "k1"), ("RR-2", "k2"), ("RR-3", ""), ("RR-4", "k9")]
    found = compare("demo", standing, taken={"RR-1", "RR-0"}, keys={"k2"})
    assert (found.standing, found.strange, found.to_find, found.gone) == (
        4,
        ("RR-3", "RR-4"),
        ("RR-2",),
        ("RR-0",),
    )


def test_the_comparison_is_a_table():
    """One row an exit; an empty place says none."""
    found = [Compared(exit_id="demo", standing=2, strange=("RR-3",), to_find=(), gone=())]
    text = word_comparison({"reason": "a backup", "by_user": "winddown"}, found)
    assert "| demo | 2 | 1: RR-3 | none | none |" in text.replace("\\", "")


@pytest.mark.parametrize(
    ("choice", "fields", "by_user", "words"),
    [(OPEN, {"why": "ok"}, "approver", "say in a sentence"), (OPEN, {"why": WHY}, "", "names nobody")],
)
def test_a_ledger_is_opened_by_a_named_person_with_a_reason(choice, fields, by_user, words):
    """Leaving it frozen needs no reason."""
    with pytest.raises(BadAnswer, match=words):
        read_opening(choice, fields, by_user)
    assert read_opening(STAY, {}, "approver") == ""

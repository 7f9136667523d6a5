"""Who may approve."""

import pytest

from include.winddown.domain.approvers import (
    ask_whom,
    authors_of,
    check_open,
    choose_approvers,
    count_needed,
)
from include.winddown.domain.errors import BadExit, PlanNotApproved

PEOPLE = {"ben": "8", "ada": "7", "zoe": "9"}


def test_named_approvers_are_asked_and_nobody_else():
    """With the ids by which Airflow knows them."""
    assert choose_approvers("demo", ["ada", "zoe"], PEOPLE) == {"ada": "7", "zoe": "9"}


def test_without_names_everybody_who_may_approve_is_asked():
    """The installation's list; an empty one means nobody, not anybody."""
    assert choose_approvers("demo", [], PEOPLE) == PEOPLE
    assert choose_approvers("demo", [], {}) == {}


@pytest.mark.parametrize(("people", "who"), [(PEOPLE, "ada, ben, zoe"), ({}, "nobody yet")])
def test_somebody_unknown_is_named_with_the_fix(people, who):
    """A typo or a missing role is found before anybody waits for an answer."""
    with pytest.raises(BadExit, match=rf"exit demo: its approver 'eve' .* \({who}\); give .* role approver"):
        choose_approvers("demo", ["eve"], people)


def test_an_author_is_not_asked():
    """Nobody approves a plan of their own, however the name is written."""
    assert ask_whom("demo", PEOPLE, ["Zoe", "eve"], 2) == {"ben": "8", "ada": "7"}


@pytest.mark.parametrize(
    ("people", "authors", "needed", "words"),
    [
        ({}, [], 1, r"1 must approve and 0 may \(nobody\); left out is nobody"),
        (PEOPLE, ["ada", "ben", "zoe"], 1, r"1 must approve and 0 may \(nobody\); left out is ben, ada, zoe"),
        (PEOPLE, ["zoe", "ben"], 2, r"2 must approve and 1 may \(ada\); left out is ben, zoe, who opened"),
    ],
)
def test_too_few_approvers_are_an_error(people, authors, needed, words):
    """A question that nobody may answer is not asked; who was left out, why, and the fix are named."""
    with pytest.raises(BadExit, match=words):
        ask_whom("demo", people, authors, needed)


@pytest.mark.parametrize(
    ("stake", "limit", "needed"),
    [(100, None, 1), (100, 100, 1), (101, 100, 2), (0, 1, 1), (10**15, 1, 2)],
)
def test_above_the_limit_two_must_approve(stake, limit, needed):
    """At the limit one is enough; without a limit always."""
    assert count_needed(stake, limit) == needed


def test_authors_are_whoever_had_a_hand_in_it():
    """Each once; what a schedule started has no author of its own."""
    assert authors_of("zoe", None, "ada", "zoe", "") == ["ada", "zoe"]


@pytest.mark.parametrize("state", ["approved", "rejected", "expired", "superseded"])
def test_what_is_decided_is_not_asked_again(state):
    """A cleared task does not reopen a decision."""
    check_open("abc", "proposed")
    with pytest.raises(PlanNotApproved, match=f"plan abc is {state} already"):
        check_open("abc", state)

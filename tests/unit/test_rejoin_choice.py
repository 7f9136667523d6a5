"""What a person may decide about coming back, and what has to be done for it."""

from datetime import date

import pytest

from include.winddown.domain.errors import BadAnswer, BadParam
from include.winddown.domain.rejoin import Part, Score
from include.winddown.domain.rejoin_choice import (
    CHOICES,
    NEW_EXIT,
    NOT_NOW,
    REOPEN,
    check_way,
    checklist,
    monthly_gain,
    pieces_for,
    read_decision,
    read_form,
    word_question,
)
from include.winddown.domain.supply_check import Taken, rows_of, sum_up

TODAY = date(2026, 11, 20)
LATER = {"deadline_on": "2027-03-01"}


def score(*musts: str) -> Score:
    parts = (Part(name="products", points=30, most=40, why="30 of 40 products would be taken"),)
    return Score(points=30, parts=parts, musts=musts)


@pytest.mark.parametrize(
    ("choice", "fields", "new_exit_id", "deadline_on"),
    [
        (NOT_NOW, {}, "", None),
        (REOPEN, LATER, "", date(2027, 3, 1)),
        (NEW_EXIT, LATER | {"new_exit_id": " demo-2 "}, "demo-2", date(2027, 3, 1)),
    ],
)
def test_a_decision_is_read(choice, fields, new_exit_id, deadline_on):
    """What does not follow from it is not asked for."""
    decision = read_decision(choice, fields, "ada", (), TODAY)
    assert (decision.choice, decision.by_user) == (choice, "ada")
    assert (decision.new_exit_id, decision.deadline_on) == (new_exit_id, deadline_on)


@pytest.mark.parametrize(
    ("choice", "fields", "by_user", "musts", "words"),
    [
        (NOT_NOW, {}, "", (), "names nobody who answered"),
        ("Maybe", LATER, "ada", (), "choose one of Reopen the exit, Open a new exit, Not now"),
        (
            REOPEN,
            LATER,
            "ada",
            ("accept the offer",),
            "nothing can follow yet: accept the offer. Answer 'Not now'",
        ),
        (REOPEN, {}, "ada", (), "deadline_on is ''; write the next last day"),
        (REOPEN, {"deadline_on": "2026-11-20"}, "ada", (), "not after 2026-11-20; give a later day"),
        (REOPEN, LATER | {"new_exit_id": "demo-2"}, "ada", (), "is to be reopened; leave it empty"),
        (NEW_EXIT, LATER, "ada", (), "new_exit_id is ''; give the new exit"),
        (NEW_EXIT, LATER | {"new_exit_id": "No Id"}, "ada", (), "new_exit_id is 'No Id'"),
    ],
)
def test_a_decision_that_cannot_be_is_asked_for_again(choice, fields, by_user, musts, words):
    """With something to be done first only "Not now" is taken."""
    with pytest.raises(BadAnswer) as refused:
        read_decision(choice, fields, by_user, musts, TODAY)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("contract", "days", "expected"),
    [("yes", "60", (True, 60)), ("no", "7", (False, 7)), ("not known", "365", (None, 365))],
)
def test_the_form_is_read(contract, days, expected):
    """What a person does not know is not taken for no."""
    assert read_form(contract, days) == expected


@pytest.mark.parametrize(
    ("contract", "days"), [("maybe", "60"), ("yes", "6"), ("yes", "366"), ("yes", "six"), ("yes", "-9")]
)
def test_a_form_that_cannot_be_is_refused(contract, days):
    """The field is named."""
    with pytest.raises(BadParam, match=r"contract is 'maybe'|supply_days is"):
        read_form(contract, days)


def test_an_unknown_way_is_refused():
    """The ways are those of the marketplace's methods."""
    check_way("drop-off")
    with pytest.raises(BadParam, match="way is 'by air'; give one of direct, drop-off, pick-up"):
        check_way("by air")


def test_a_supply_holds_what_sells():
    """Rounded up; what sold nothing, or was never on sale, is not supplied."""
    sold = [("A", 10, 28), ("B", 0, 28), ("C", 3, 0), ("D", 1, 90)]
    assert pieces_for(60, sold) == {"A": 22, "D": 1}


@pytest.mark.parametrize(
    ("own", "before", "orders", "gain"),
    [
        (500, 300, 280, 60_000),
        (300, 500, 280, -60_000),
        (None, 1, 1, None),
        (1, None, 1, None),
        (1, 1, None, None),
    ],
)
def test_the_gain_of_a_month_follows_from_orders_and_costs(own, before, orders, gain):
    """What is not known gives none."""
    assert monthly_gain(own, before, orders, 28) == gain


def test_what_no_warehouse_takes_is_refused_and_says_why():
    """One warehouse that takes a product is enough; one that cannot be asked is named."""
    taken = [
        Taken(
            warehouse_id="1", way="direct", approved=("A",), rejected={"B": ("BANNED",), "C": ("NO_PRICE",)}
        ),
        Taken(
            warehouse_id="2",
            way="direct",
            approved=("C",),
            rejected={"A": ("SURPLUS",), "B": ("BANNED", "X")},
        ),
        Taken(warehouse_id="3", way="direct", approved=(), rejected={}, why="no right"),
    ]
    checked = sum_up(taken)
    assert (checked.ready_qty, checked.rejected, checked.unasked) == (
        2,
        {"B": ("BANNED", "X")},
        {"3": "no right"},
    )
    rows = list(rows_of(taken, {"A": 4, "B": 5}))
    assert [(row["warehouse_id"], row["sku"], row["is_taken"], row["why"]) for row in rows] == [
        ("1", "A", "yes", ""),
        ("1", "B", "no", "BANNED"),
        ("2", "A", "no", "SURPLUS"),
        ("2", "B", "no", "BANNED, X"),
        ("3", "A", "not known", "no right"),
        ("3", "B", "not known", "no right"),
    ]
    assert sum_up(taken[2:]).ready_qty is None
    assert sum_up([]).ready_qty is None


def test_the_checklist_begins_with_what_must_be_first():
    """Then refusals by reason with the way out, the most frequent first; a reason nobody knows is shown as it is."""
    todo = checklist(
        score("make a new key"), {"A": ["BANNED"], "B": ["BANNED", "NEW_CODE"]}, {"3": "no right"}
    )
    assert todo[:4] == [
        "Make a new key",
        "Warehouse 3 could not be asked: no right",
        "2 products are refused as BANNED: take it out of the archive, or ask the platform why it is banned (A, B)",
        "1 products are refused as NEW_CODE: ask the platform what it means (B)",
    ]
    assert len(checklist(score(), {}, {})) == 4


def test_the_question_says_how_ready_and_what_each_answer_does():
    """Score, reasons, checklist, and the three answers."""
    subject, body = word_question("demo-1", score(), ["Do *this*"], "store/rejoin.xlsx")
    assert subject == "[demo-1] Come back to the scheme? 30 points, ready"
    assert "- products: 30 of 40" in body
    assert r"1. Do \*this\*" in body
    assert all(f"*{choice}*:" in body for choice in CHOICES)
    assert "not ready yet" in word_question("demo-1", score("x"), [], "r")[0]

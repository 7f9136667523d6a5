"""What the approver reads, in the language of the exit's policy."""

import re

import pytest

from include.winddown.domain.plan_frames import ALTERNATIVES, DEFAULTS
from include.winddown.domain.question import body_of, subject_of
from include.winddown.domain.question_words import ENGLISH, WORDS
from include.winddown.domain.split.words import LANGUAGES

SPLIT = {"return": 1, "markdown": 2, "dispose": 3, "hold": 4}
SUMMARY = {
    "facts": {"exit_id": "demo-2", "deadline_on": "2027-02-15", "destination": "OWN-WH-1"},
    "units": {"on_hand": 2_010, "return": 1_001, "markdown": 2, "dispose": 3, "hold": 1_004},
    "units_by_warehouse": {
        "WH-1": SPLIT,
        "WH-2": SPLIT | {"return": 1_000, "markdown": 0, "dispose": 0, "hold": 1_000},
    },
    "list_value_minor": 1_234_567,
    "resale_minor": 50,
    "revenue_minor": 70,
    "shipments": 1,
    "unread_stock_rows": 0,
}
DECIDED = {
    "listings": 1_200,
    "pieces": 2_000,
    "plan_minor": 970_000,
    "bound_minor": 1_000_000,
    "certificate": 0.97,
    "uplift": {name: {"minor": 70_000, "share": 0.0778} for name in ALTERNATIVES}
    | {"dispose_all": {"minor": 990_000, "share": None}},
    "best_simple": "hold",
    "return_at_loss": {"listings": 2, "pieces": 7},
    "defaults": {"listings": 40, "by_code": dict.fromkeys(DEFAULTS, 40)},
    "reasons": {"mixed": 1_200},
}
WHAT_IF = [
    {
        "change": "", "plan_minor": 970_000, "difference_minor": 0, "return_qty": 1_001, "keep_qty": 996,
        "dispose_qty": 3,
    },
    *({
        "change": change, "plan_minor": 960_000, "difference_minor": -10_000, "return_qty": 1_500,
        "keep_qty": 500, "dispose_qty": 0,
    } for change in ("deadline=-7", "cap=30", "salvage=+20", "rate=-30")),
    {"change": "deadline=-99", "plan_minor": None},
]  # fmt: skip
LINE = {
    "warehouse_id": "WH-1",
    "sku": "A1",
    "name": "Lamp",
    "disposition": "return",
    "planned_qty": 1_200,
    "why": "All go back.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_begins_with_the_digest(language):
    """An answer is bound to the digest it was given for."""
    subject = subject_of("ab12" * 16, "Shop", language)
    assert subject.startswith("[plan ab12ab12ab12] ")
    assert "Shop" in subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_question_is_told_from_the_first(language):
    """It begins with the same digest and asks in other words."""
    first, second = (subject_of("ab12" * 16, "Shop", language, is_second=number) for number in (False, True))
    assert second.startswith("[plan ab12ab12ab12] ")
    assert second != first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_says_why_two_are_asked_and_who_has_approved(language):
    """The money at stake, the limit and the first person; nothing of it where one is enough."""
    facts = SUMMARY["facts"] | {"approvals_needed": 2, "policy": {"approval_second_above_minor": 250_000}}
    two = SUMMARY | {"facts": facts, "at_stake_minor": 777_700}
    body = body_of(two, "RUB", [], language, "ada\\_l")
    for told in ("777", "500", "ada\\_l"):
        assert told in body
    assert "777" not in body_of(SUMMARY | {"at_stake_minor": 777_700}, "RUB", [], language)


def test_the_question_says_whose_exit_it_is_and_what_it_comes_to():
    """Exit, deadline, destination, a total row, money with its currency, and names beside SKUs."""
    body = body_of(SUMMARY, "RUB", [LINE])
    assert body.startswith("Exit **demo-2**, deadline 2027-02-15, returns go to OWN-WH-1.\n\n| warehouse |")
    assert "| **all** | 1,001 | 2 | 3 | 1,004 |" in body
    assert "- goods at today's prices: RUB 12,346\n" in body
    assert "| WH-1 | A1 | Lamp | return | 1,200 | All go back. |" in body


def test_the_question_says_how_good_the_plan_is():
    """Against its bound, against the simple policies, with what is a loss and what was assumed."""
    body = body_of(SUMMARY | {"decided": DECIDED}, "RUB", [])
    assert "expected net of the plan: RUB 9,700, that is 97.0 % of RUB 10,000, which no plan exceeds" in body
    assert "hold the price RUB 700 (7.8 %), best markdown RUB 700 (7.8 %), dispose of all RUB 9,900\n" in body
    assert "**7 pieces of 2 articles come back at a loss**" in body
    assert "assumed: 40 of 1,200\n" in body
    assert (
        "  - The storage fee is assumed: give storage_minor_per_m3_day in the policy. (40 articles)" in body
    )


def test_a_plan_without_losses_and_defaults_does_not_speak_of_them():
    """Nor of a share where the bound is not above zero."""
    clean = DECIDED | {
        "certificate": None,
        "return_at_loss": {"listings": 0, "pieces": 0},
        "defaults": {"listings": 0, "by_code": {}},
    }
    body = body_of(SUMMARY | {"decided": clean}, "RUB", [])
    assert "that is – of" in body
    assert "loss" not in body
    assert "assumed" not in body


def test_what_if_is_a_table():
    """The plan as it is first, then each change alone; one that cannot be says so."""
    body = body_of(SUMMARY | {"what_if": WHAT_IF}, "RUB", [])
    assert "| as it is | RUB 9,700 | RUB 0.00 | 1,001 | 996 | 3 |" in body
    assert "| deadline -7 days | RUB 9,600 | -RUB 100 | 1,500 | 500 | 0 |" in body
    assert "| deadline -99 days | not possible: the deadline would have passed |" in body


def test_handling_classes_are_counted_where_there_are_several():
    """One class alone says nothing new."""
    assert "handling class" not in body_of(SUMMARY | {"units_by_class": {"standard": SPLIT}}, "RUB", [])
    several = {"standard": SPLIT, "liquid": SPLIT}
    assert "| liquid | 1 | 2 | 3 | 4 |" in body_of(SUMMARY | {"units_by_class": several}, "RUB", [])


def test_what_the_snapshot_says_otherwise_stands_before_the_lines():
    """Differences and restatements are read before the answer; an older plan has none."""
    body = body_of({**SUMMARY, "notes": ["the totals differ in 2 SKUs"]}, "RUB", [])
    assert "\n- the totals differ in 2 SKUs\n" in body
    assert body.index("totals differ") < body.index("The largest lines")
    assert "differ" not in body_of(SUMMARY, "RUB", [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same(language):
    """The same numbers, tables with as many columns in each row, and no place left unfilled."""
    classes = {"standard": SPLIT, "liquid": SPLIT}
    whole = SUMMARY | {"decided": DECIDED, "what_if": WHAT_IF, "units_by_class": classes}
    body = body_of(whole, "RUB", [LINE], language)
    assert not re.search(r"[{}]|None|nan", body)
    for table in re.findall(r"(?:^\|.*\n?)+", body, re.MULTILINE):
        assert len({row.count("|") for row in table.strip().splitlines()}) == 1
    numbers = [re.sub(r"\D", "", found) for found in re.findall(r"\d[\d,.\u00a0]*", body)]
    english = [re.sub(r"\D", "", found) for found in re.findall(r"\d[\d,.]*", body_of(whole, "RUB", [LINE]))]
    assert sorted(numbers) == sorted(english)


def test_every_language_has_every_word():
    """No text is left in English by mistake, and none has other places to fill in."""
    assert set(WORDS) == set(LANGUAGES)
    for words in WORDS.values():
        for name, text in words._asdict().items():
            meant = getattr(ENGLISH, name)
            assert places(text) == places(meant)
            assert words is ENGLISH or name in {"over", "over_nothing"} or text != meant


def places(text: object) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", str(text)))

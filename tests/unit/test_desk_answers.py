"""What a warehouse answers, read strictly: forms that people type, rows of files, and answers that differ."""

from dataclasses import replace
from datetime import date

import pytest

from include.winddown.domain.desk_answers import FORM, DeskAnswer, as_found, read_form
from include.winddown.domain.effects import AcceptedLine, RequestLine, ReturnRequest
from include.winddown.domain.errors import BadAnswer

REQUEST = ReturnRequest(
    client_reference="a" * 64,
    warehouse_id="WH-1",
    destination="OWN",
    handling_class="standard",
    lines=(
        RequestLine(sku="S1", condition="sellable", qty=10),
        RequestLine(sku="S1", condition="damaged_by_warehouse", qty=2),
    ),
)
LINES = "S1;sellable;4\nS1; damaged_by_warehouse ;0\n"


def typed(**fields: object) -> dict[str, object]:
    return dict.fromkeys(FORM, "") | fields


def test_a_number_alone_accepts_everything_as_asked():
    """Empty lines mean: all of it."""
    answer = read_form(typed(request_no=" R-1 "), REQUEST)
    assert answer.request_no == "R-1"
    assert [(line.requested_qty, line.accepted_qty) for line in answer.lines] == [(10, 10), (2, 2)]


def test_lines_accept_what_they_say():
    """0 to what was asked for, line by line, in the order of the request."""
    answer = read_form(
        typed(request_no="R-1", accepted=LINES, act_no="A", act_on="2026-11-20", act_file="a.pdf"), REQUEST
    )
    assert [line.accepted_qty for line in answer.lines] == [4, 0]
    assert (answer.act_no, answer.act_on, answer.act_file) == ("A", date(2026, 11, 20), "a.pdf")


def test_a_refusal_has_no_lines():
    """A reason and nothing else."""
    answer = read_form(typed(refusal="closed"), REQUEST)
    assert answer == DeskAnswer(request_no="", lines=(), refusal="closed")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (typed(), "give the warehouse's request number, or the reason"),
        (typed(request_no="R-1", refusal="closed"), "and not both"),
        (typed(request_no="1.23E+11"), "a spreadsheet changed the id"),
        (typed(request_no="R\u200b1"), "hidden character"),
        (
            typed(request_no="R-1", accepted="S1;sellable;11\nS1;damaged_by_warehouse;0"),
            "give 0 to 10 pieces",
        ),
        (
            typed(request_no="R-1", accepted="S1;sellable;-1\nS1;damaged_by_warehouse;0"),
            "give 0 to 10 pieces",
        ),
        (typed(request_no="R-1", accepted="S1;sellable;٣\nS1;damaged_by_warehouse;0"), "give 0 to 10 pieces"),
        (typed(request_no="R-1", accepted="S1;sellable;1"), "no line for S1;damaged_by_warehouse; add it"),
        (typed(request_no="R-1", accepted="S1;1"), "write sku;condition;pieces"),
        (typed(request_no="R-1", accepted="S2;sellable;1"), "was not asked for"),
        (
            typed(request_no="R-1", accepted=LINES + "S1;sellable;4"),
            "line 3 'S1;sellable;4': stands there twice",
        ),
        (typed(refusal="closed", accepted=LINES), "leave it empty when the request is refused"),
        (typed(request_no="R-1", act_on="20.11.2026"), "write a date as YYYY-MM-DD"),
        (typed(request_no="R-1", act_file="../a.pdf"), "without its folder"),
        (typed(refusal="x" * 501), "refusal has 501 characters"),
        ({"request_no": "R-1"}, "is missing or unknown"),
        (typed(extra="x"), "extra is missing or unknown"),
    ],
)
def test_a_bad_form_is_refused_in_words(form: dict[str, object], words: str):
    """The sentence says what to give instead."""
    with pytest.raises(BadAnswer) as refused:
        read_form(form, REQUEST)
    assert words in str(refused.value)


def test_everything_wrong_is_said_at_once():
    """Nobody is asked again for each mistake."""
    with pytest.raises(BadAnswer) as refused:
        read_form(typed(accepted="S1;sellable;99\nS9;sellable;1", act_on="x"), REQUEST)
    said = str(refused.value)
    assert all(part in said for part in ("request number", "0 to 10", "not asked for", "YYYY-MM-DD"))


def answer(number: str, qty: int = 1) -> DeskAnswer:
    line = AcceptedLine(sku="S1", condition="sellable", requested_qty=2, accepted_qty=qty)
    return DeskAnswer(request_no=number, lines=(line,))


def test_no_answer_is_nothing_found():
    """Neither a match nor a refusal."""
    assert as_found([]) == ((), "")


def test_the_same_answer_by_two_ways_is_one():
    """A file and a person who say the same; the act does not make them differ."""
    matches, refusal = as_found([answer("R-1"), replace(answer("R-1"), act_no="A-7")])
    assert ([one.request_no for one in matches], refusal) == (["R-1"], "")


@pytest.mark.parametrize("other", [answer("R-2"), answer("R-1", qty=2)])
def test_answers_that_differ_are_all_kept(other: DeskAnswer):
    """Another number, or other pieces under one number."""
    matches, refusal = as_found([answer("R-1"), other])
    assert (len(matches), refusal) == (2, "")


def test_a_refusal_beside_an_acceptance_is_no_refusal():
    """Two matches, so that a person decides."""
    matches, refusal = as_found([answer("R-1"), DeskAnswer(request_no="", lines=(), refusal="closed")])
    assert [one.request_no for one in matches] == ["R-1", "a refusal (closed)"]
    assert refusal == ""


def test_refusals_alone_are_a_refusal():
    """Each reason once."""
    no = DeskAnswer(request_no="", lines=(), refusal="closed")
    assert as_found([no, no, replace(no, refusal="full")]) == ((), "closed; full")

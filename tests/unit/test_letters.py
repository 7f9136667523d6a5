"""The letter and the question: three languages, every fact, and no text that acts."""

from dataclasses import replace
from datetime import date

import pytest

from include.winddown.domain.desk_question import WORDS, HandOver, ask_body, ask_subject
from include.winddown.domain.letters import LETTERS, as_html, as_text, subject_line
from include.winddown.domain.request_sheet import RequestSheet, SheetLine, names_reference, sheet_name

REFERENCE = "0123456789abcdef" * 4
LINE = SheetLine(
    sku="S1", offer_id="ART-1", name="Кружка", barcode="46", condition="sellable", qty=3,
    length_mm=100, width_mm=90, height_mm=80, weight_g=300,
)  # fmt: skip
SHEET = RequestSheet(
    reference=REFERENCE,
    exit_id="demo",
    merchant="Чай & Ко",
    shipment_no="WH-1-standard-001",
    warehouse_id="WH-1",
    destination="OWN-1",
    handling_class="fragile",
    asked_on=date(2026, 11, 20),
    answer_by=date(2026, 12, 4),
    volume_ml=2_160,
    lines=(LINE, replace(LINE, sku="S2", qty=2)),
)
HANDED = HandOver(
    folder="/store/demo/requests/0123",
    file=sheet_name(REFERENCE),
    recipient="w@partner.example",
    message_id="<winddown.0123@m.example>",
    inbox="/desk/answers",
    last_try="try 1: unknown, mail to w@partner.example",
    refused=("F_FORMAT: a.xlsx is not a readable workbook",),
)


@pytest.mark.parametrize("write", [as_text, as_html])
def test_the_letter_says_everything_in_three_languages(write):
    """Reference, pieces, places, the day and the file's name stand in each of them."""
    letter = write(SHEET)
    for fact in (REFERENCE, "WH-1-standard-001", "2026-12-04", sheet_name(REFERENCE), "1.5 kg, 2.2 l"):
        assert letter.count(fact) >= len(LETTERS), fact
    assert all(words in letter for words in ("5 шт.", "共 5 件", "5 pieces", "хрупкий", "易碎", "fragile"))


def test_the_letter_is_the_same_each_time():
    """So that writing it again can be told from writing something else."""
    assert as_text(SHEET) == as_text(SHEET)


def test_nothing_of_a_merchants_name_acts():
    """No tag in HTML, no second header in the subject, no place in a template."""
    odd = replace(SHEET, merchant="<script>{0}\r\nBcc: x")
    assert "<script>" not in as_html(odd)
    assert "\n" not in subject_line(odd)
    assert "{0}" in as_text(odd)


def test_the_subject_begins_with_the_reference():
    """Twelve digits of it, in the mail and in the question."""
    assert subject_line(SHEET).startswith("[0123456789ab] ")
    assert ask_subject(SHEET, "en").startswith("[0123456789ab] ")


@pytest.mark.parametrize("language", sorted(WORDS))
def test_the_question_says_what_was_asked_how_it_went_and_how_to_answer(language: str):
    """Every language has every part."""
    body = ask_body(SHEET, HANDED, "", language)
    assert REFERENCE in body
    assert "| S1 | ART\\-1 |" in body
    assert all(word in body for word in ("Answered", "In the inbox", "sku;condition;pieces", "F\\_FORMAT"))
    assert "try 1\\: unknown" in body


def test_the_question_tells_what_was_wrong_before_anything_else():
    """A bad answer is asked again with the reason at the top, letter by letter."""
    body = ask_body(SHEET, HANDED, "accepted, line 1 '[x](http://y)': write sku", "en")
    assert body.startswith("**The last answer could not be taken down:** accepted, line 1 '\\[x\\]\\(http")


def test_without_mail_a_person_is_told_to_send_the_papers():
    """Once, by hand."""
    body = ask_body(SHEET, replace(HANDED, recipient="", message_id=""), "", "en")
    assert "Send them to the warehouse yourself" in body


def test_a_long_shipment_is_cut_in_the_question():
    """The sheet has the rest."""
    long = replace(SHEET, lines=tuple(replace(LINE, sku=f"S{n}") for n in range(100)))
    assert "and 60 more lines in the sheet" in ask_body(long, HANDED, "", "en")


def test_a_returned_file_is_known_by_the_digits_in_its_name():
    """However the warehouse's mail program decorates it."""
    assert names_reference(f"Копия {sheet_name(REFERENCE)}".upper(), REFERENCE)
    assert not names_reference("answer.xlsx", REFERENCE)

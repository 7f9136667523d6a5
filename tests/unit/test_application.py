"""What may stand in an application, and in a person's word on it."""

from datetime import date

import pytest

from include.winddown.domain.application import (
    ACCEPTED,
    ANSWERS,
    CLEAR_STOCK,
    choice_of,
    read_decision,
    read_filing,
    read_request,
)
from include.winddown.domain.errors import BadAnswer, BadParam

FORM = {
    "scheme": "fbp",
    "country": "RU",
    "reason": "cost",
    "reason_words": "Storage eats the margin.",
    "contact_name": "Ада Лавлейс",
    "contact_email": "ada@firm.example",
    "contact_phone": "+7 (495) 123-45-67",
    "return_address": "Moscow, Lesnaya 1",
}
DRAFTED = date(2026, 11, 20)
TODAY = date(2026, 11, 24)


def test_a_request_is_read_as_it_was_typed():
    """Only the phone is brought into one form, and blanks around are dropped."""
    request = read_request({**FORM, "contact_name": " Ада Лавлейс ", "more": 7})
    assert (request.contact_name, request.contact_phone) == ("Ада Лавлейс", "+74951234567")
    assert request.return_address == "Moscow, Lesnaya 1"


@pytest.mark.parametrize(
    "phone", ["+86 138 0013 8000", "+44 20 7946 0958", "+79991234567", "+375 (29) 123-45-67"]
)
def test_phones_of_the_world_are_taken(phone):
    """With their country, however they are grouped."""
    digits = "".join(char for char in phone if char.isdigit())
    assert read_request(FORM | {"contact_phone": phone}).contact_phone == f"+{digits}"


@pytest.mark.parametrize("mail", ["a@b.io", "anna.k+ozon@sub.firm-x.com", "王@例子.中国"])
def test_addresses_of_the_world_are_taken(mail):
    """Letters of any alphabet."""
    assert read_request(FORM | {"contact_email": mail}).contact_email == mail


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scheme": "fbs"}, "scheme is 'fbs'; give one of fbp, fbo"),
        ({"reason": "anger"}, "reason is 'anger'; give one of cost, strategy, own_stock_control, other"),
        ({"reason_words": "cost"}, "say in a sentence why the merchant leaves"),
        ({"contact_name": " "}, "contact_name is ' '|contact_name is .* write a text"),
        ({"contact_name": None}, "contact_name is None; write a text"),
        ({"contact_name": "Ada\u202eevil"}, "characters that cannot be seen"),
        ({"contact_email": "ada"}, "write an address as name@firm.com"),
        ({"contact_email": "ada@firm"}, "write an address as name@firm.com"),
        ({"contact_email": "ada@-firm.com"}, "write an address"),
        ({"contact_email": "a@b.io, c@d.io"}, "write an address"),
        ({"contact_phone": "8 495 123-45-67"}, r"with its country, as \+7 495"),
        ({"contact_phone": "+7 12"}, "with its country"),
        ({"contact_phone": "+7 495 123 45 67 ext. 5"}, "with its country"),
        ({"return_address": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_is_named(change, words):
    """The field, what stands there, and what to give."""
    with pytest.raises(BadParam, match=words):
        read_request(FORM | change)


def test_a_missing_field_is_named():
    """Nothing is made up."""
    with pytest.raises(BadParam, match="return_address is missing"):
        read_request({name: value for name, value in FORM.items() if name != "return_address"})


def test_a_filing_has_a_number_and_a_day():
    """Without a day it was today."""
    filing = read_filing({"number": " 77-1 ", "filed_on": "2026-11-23"}, "ada", DRAFTED, TODAY)
    assert (filing.number, filing.filed_on, filing.by_user) == ("77-1", date(2026, 11, 23), "ada")
    assert read_filing({"number": "7", "filed_on": None}, "ada", DRAFTED, TODAY).filed_on == TODAY


@pytest.mark.parametrize(
    ("fields", "by_user", "words"),
    [
        ({"number": ""}, "ada", "give the number the platform shows"),
        ({"number": "x" * 65}, "ada", "give the number"),
        ({"number": "7"}, "", "names nobody"),
        ({"number": "7", "filed_on": "yesterday"}, "ada", "write a date"),
        ({"number": "7", "filed_on": "2026-11-25"}, "ada", "cannot be before 2026-11-20 or after 2026-11-24"),
        ({"number": "7", "filed_on": "2026-11-19"}, "ada", "cannot be before"),
    ],
)
def test_a_filing_that_cannot_be_is_asked_again(fields, by_user, words):
    """Airflow does not check what people type; the domain does."""
    with pytest.raises(BadAnswer, match=words):
        read_filing(fields, by_user, DRAFTED, TODAY)


def test_a_refusal_has_a_reason_and_an_acceptance_needs_none():
    """The platform's words are kept."""
    assert read_decision(ACCEPTED, {}, "ada", DRAFTED, TODAY).is_accepted
    refused = read_decision(CLEAR_STOCK, {"why_refused": "300 pieces remain"}, "ada", DRAFTED, TODAY)
    assert (refused.is_accepted, refused.reason, refused.decided_on) == (False, "300 pieces remain", TODAY)


@pytest.mark.parametrize("choice", ANSWERS[1:])
def test_a_refusal_without_a_reason_is_asked_again(choice):
    """Without it nobody knows what to do next."""
    with pytest.raises(BadAnswer, match="copy what the platform gives"):
        read_decision(choice, {"why_refused": "no"}, "ada", DRAFTED, TODAY)
    with pytest.raises(BadAnswer, match="choose one of"):
        read_decision("Perhaps", {"why_refused": "300 pieces remain"}, "ada", DRAFTED, TODAY)


def test_the_kind_of_a_refusal_is_read_back():
    """It stands before the platform's words, which may hold colons themselves."""
    assert choice_of(f"{CLEAR_STOCK}: see: 300 pieces remain") == CLEAR_STOCK
    assert choice_of("something else: entirely") == ""

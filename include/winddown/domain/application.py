"""An application to leave: what the merchant asks for, how it was filed, and what the platform said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.winddown.domain.errors import BadAnswer, BadParam
from include.winddown.domain.texts import is_hidden, shown

SCHEMES = ("fbp", "fbo")
REASONS = ("cost", "strategy", "own_stock_control", "other")
WORDS_MIN = 10
WORDS_MAX = 2_000

FILED = "Filed"
NOT_FILED = "Not filed"
FILINGS = (FILED, NOT_FILED)

ACCEPTED = "Accepted"
CLEAR_STOCK = "Refused: clear the stock first"
FINISH_ORDERS = "Refused: finish the orders first"
REFUSED = "Refused: another reason"
ANSWERS = (ACCEPTED, CLEAR_STOCK, FINISH_ORDERS, REFUSED)

AGAIN = "Apply again"
LEAVE_IT = "Leave it"
NEXT = (AGAIN, LEAVE_IT)

_MAIL = re.compile(r"[^@\s,;<>\"()]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}")
_PHONE = re.compile(r"\+[0-9](?:[ ()-]{0,2}[0-9]){7,14}")
_NUMBER = re.compile(r"\S(?:.{0,62}\S)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What a merchant asks for.

    Attributes:
        scheme: which one is left.
        country: of the platform, two letters; its calendar counts.
        reason: one of REASONS.
        reason_words: the same in the merchant's words.
        contact_name, contact_email, contact_phone: whom the platform may ask; the phone as +digits.
        return_address: where goods may go.
    """

    scheme: str
    country: str
    reason: str
    reason_words: str
    contact_name: str
    contact_email: str
    contact_phone: str
    return_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """How a person filed an application: the platform's number, the day, and who."""

    number: str
    filed_on: date
    by_user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    The platform's answer.

    Attributes:
        choice: one of ANSWERS.
        reason: in the platform's words; empty only when it accepted.
        decided_on: the day it says.
        by_user: who took it down.
    """

    choice: str
    reason: str
    decided_on: date
    by_user: str

    @property
    def is_accepted(self) -> bool:
        """Whether the merchant may leave."""
        return self.choice == ACCEPTED


def read_request(form: Mapping[str, object]) -> Request:
    """
    Check what was typed into the form.

    Raises:
        BadParam: a field is missing or cannot be; names it and what to give.
    """
    told = {name: _text(form, name) for name in Request.__slots__}
    _one_of("scheme", told["scheme"], SCHEMES)
    _one_of("reason", told["reason"], REASONS)
    if len(told["reason_words"]) < WORDS_MIN:
        msg = f"reason_words is {told['reason_words']!r}; say in a sentence why the merchant leaves"
        raise BadParam(msg)
    if not _MAIL.fullmatch(told["contact_email"]):
        msg = f"contact_email is {shown(told['contact_email'])!r}; write an address as name@firm.com"
        raise BadParam(msg)
    if not _PHONE.fullmatch(told["contact_phone"]):
        msg = f"contact_phone is {shown(told['contact_phone'])!r}; write it with its country, as +7 495 123-45-67"
        raise BadParam(msg)
    return Request(**told | {"contact_phone": "+" + re.sub(r"\D", "", told["contact_phone"])})


def read_filing(fields: Mapping[str, Any], by_user: str, drafted_on: date, today: date) -> Filing:
    """
    Read how a person filed an application.

    Raises:
        BadAnswer: nobody answered, there is no number, or the day is none on which it can have been filed.
    """
    number = _answered(fields, "number", by_user)
    if not _NUMBER.fullmatch(number):
        msg = f"number is {shown(number)!r}; give the number the platform shows for the application"
        raise BadAnswer(msg)
    return Filing(number=number, filed_on=_day(fields, "filed_on", drafted_on, today), by_user=by_user)


def read_decision(
    choice: str, fields: Mapping[str, Any], by_user: str, filed_on: date, today: date
) -> Decision:
    """
    Read the platform's answer as a person took it down.

    Raises:
        BadAnswer: nobody answered, a refusal has no reason, or the day cannot be.
    """
    reason = _answered(fields, "why_refused", by_user)
    if choice not in ANSWERS:
        msg = f"the answer is {choice!r}; choose one of {', '.join(ANSWERS)}"
        raise BadAnswer(msg)
    if choice != ACCEPTED and len(reason) < WORDS_MIN:
        msg = f"why_refused is {reason!r}; copy what the platform gives as its reason"
        raise BadAnswer(msg)
    decided_on = _day(fields, "decided_on", filed_on, today)
    return Decision(choice=choice, reason=reason, decided_on=decided_on, by_user=by_user)


def choice_of(decision_reason: str) -> str:
    """Tell which refusal a kept reason begins with; empty = none that is known."""
    return next((one for one in ANSWERS if decision_reason.startswith(f"{one}: ")), "")


def _answered(fields: Mapping[str, Any], name: str, by_user: str) -> str:
    if not by_user:
        msg = "Airflow names nobody who answered; an application is filed and decided by the word of a named person"
        raise BadAnswer(msg)
    return str(fields.get(name) or "").strip()[:WORDS_MAX]


def _day(fields: Mapping[str, Any], name: str, first: date, today: date) -> date:
    told = str(fields.get(name) or "").strip()
    try:
        day = date.fromisoformat(told) if told else today
    except ValueError as wrong:
        msg = f"{name} is {shown(told)!r}; write a date as YYYY-MM-DD"
        raise BadAnswer(msg) from wrong
    if not first <= day <= today:
        msg = (
            f"{name} is {day}; it cannot be before {first} or after {today}, today in the platform's country"
        )
        raise BadAnswer(msg)
    return day


def _text(form: Mapping[str, object], name: str) -> str:
    value = form.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > WORDS_MAX:
        msg = f"{name} is {shown(repr(value)) if name in form else 'missing'}; write a text of at most {WORDS_MAX} characters"
        raise BadParam(msg)
    if any(is_hidden(char) and char != "\n" for char in text):
        msg = f"{name} is {shown(text)!r}; it has characters that cannot be seen: type it anew"
        raise BadParam(msg)
    return text


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        msg = f"{name} is {shown(value)!r}; give one of {', '.join(choices)}"
        raise BadParam(msg)

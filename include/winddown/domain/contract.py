"""The end of the contract: what a person does for it, and what is taken down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.winddown.domain.errors import BadAnswer, BadParam, shorten
from include.winddown.domain.exits import read_day
from include.winddown.domain.texts import markdown_safe, shown

ENDED = "Ended"
NOT_YET = "Not yet"
ENDINGS = (ENDED, NOT_YET)

STEPS = (
    "Ask each partner's support for a statement that nothing of yours lies there and no amount is open.",
    "Pay what the partners still ask for; compare it with the expected fees below.",
    "Download the acts and invoices of the whole time from the cabinet: after the end it shows none.",
    "End running promotions and pricing strategies of the scheme in the cabinet.",
    "Send the notice of termination to the platform and to each partner; note its number.",
    "Take away or change every key that reads this scheme: afterwards the API answers 403.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a contract ended: the number of the notice, and its day."""

    number: str
    ended_on: date


def read_ending(fields: Mapping[str, Any], by_user: str, today: date) -> Ending:
    """
    Read how the contract ended.

    Raises:
        BadAnswer: nobody answered, there is no number, or the day is none on which it can have ended.
    """
    if not by_user:
        msg = "Airflow names nobody who answered; a contract is ended by a named person"
        raise BadAnswer(msg)
    number = str(fields.get("number") or "").strip()
    if not number:
        msg = "number is empty; give the number of the notice, or of the letter that confirms it"
        raise BadAnswer(msg)
    day = fields.get("ended_on") or today.isoformat()
    try:
        ended_on = read_day("ended_on", day)
    except BadParam as wrong:
        raise BadAnswer(str(wrong)) from wrong
    if ended_on > today:
        msg = f"ended_on is {shown(str(day))}, and today is {today}; answer once it has ended"
        raise BadAnswer(msg)
    return Ending(number=number, ended_on=ended_on)


def word_ending(archive: str, fees: Sequence[str], left: Sequence[str]) -> str:
    """
    Word what is to be done for the end of the contract; Markdown.

    Args:
        archive: where it was written.
        fees: one line a warehouse.
        left: products whose own stock was not told, with the reason.
    """
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, start=1))
    told = f"Not told as own stock: {markdown_safe(shorten(left))}.\n\n" if left else ""
    listed = "\n".join(f"- {markdown_safe(line)}" for line in fees) or "- nothing was sent home"
    return (
        f"Nothing of this exit is open. Everything that is known of it lies in `{archive}`.\n\n{steps}\n\n{told}"
        f"Fees of the way home:\n\n{listed}\n\nAnswer *{ENDED}* with the number and the day; the exit is closed then.\n"
    )

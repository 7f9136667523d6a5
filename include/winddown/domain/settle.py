"""What a person may say of an effect that nobody but a person can settle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from include.winddown.domain.errors import BadAnswer
from include.winddown.domain.texts import markdown_safe

STANDS = "It stands"
SEND_AGAIN = "Send it again"
GIVE_UP = "Give it up"
CHOICES = (STANDS, SEND_AGAIN, GIVE_UP)
REASON_MIN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """
    A person's decision on an effect.

    Attributes:
        choice: one of CHOICES.
        number: its number outside; there exactly when it stands.
        why: in their words.
        by_user: who.
    """

    choice: str
    number: str
    why: str
    by_user: str


def read_settlement(choice: str, fields: Mapping[str, Any], by_user: str) -> Settlement:
    """
    Read what a person answered.

    Raises:
        BadAnswer: nobody answered, the reason is missing, or a number is missing or not wanted; says which.
    """
    number, why = (str(fields.get(name) or "").strip() for name in ("number", "why"))
    if not by_user:
        msg = "Airflow names nobody who answered; an effect is settled by a named person"
        raise BadAnswer(msg)
    if len(why) < REASON_MIN:
        msg = f"why is {why!r}; say in a sentence what you found out and from whom"
        raise BadAnswer(msg)
    if (choice == STANDS) != bool(number):
        need = "give the number it has outside" if choice == STANDS else "leave the number empty"
        msg = f"number is {number!r} and the choice is {choice!r}: {need}"
        raise BadAnswer(msg)
    return Settlement(choice=choice, number=number, why=why, by_user=by_user)


def settled_as(state: str, history: Sequence[str]) -> str:
    """
    Tell what was decided on an effect already; empty when it is still to be decided.

    Airflow may ask a second time although the answer was taken down.

    Args:
        state: of the effect now.
        history: kinds of what happened to it, oldest first.
    """
    if state == "ready":
        return SEND_AGAIN if history[-1:] == ["decided"] else ""
    return {"confirmed": STANDS, "cancelled": GIVE_UP}.get(state, "")


def word_question(effect: Mapping[str, Any], history: Sequence[Mapping[str, Any]], seen: str) -> str:
    """
    Word what is known of an effect, for the person who settles it; Markdown.

    Args:
        effect: exit_id, kind, state, detail and request.
        history: at, kind, by_user and detail of each note and attempt, oldest first.
        seen: what a look just now showed.
    """
    rows = "\n".join(
        f"| {row['at']:%Y-%m-%d %H:%M:%S} | {row['kind']} | {_cell(row['by_user'])} | {_cell(row['detail'])} |"
        for row in history
    )
    return (
        f"Exit `{effect['exit_id']}`, {effect['kind']}, {_cell(effect['request'])}: **{effect['state']}**.\n\n"
        f"Seen outside just now: {_cell(seen)}\n\n"
        f"| at (UTC) | what | by | detail |\n|---|---|---|---|\n{rows}\n\n"
        f"- **{STANDS}**: you have asked the other side, and it stands there under a number. Give the number.\n"
        f"- **{SEND_AGAIN}**: the other side says that nothing of ours stands there, and none is on its way.\n"
        f"- **{GIVE_UP}**: it is not to be done any more; units and goods stay where they are.\n"
    )


def _cell(value: object) -> str:
    return markdown_safe(str(value if value is not None else ""))

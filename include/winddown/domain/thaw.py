"""Before a frozen ledger is opened again: what stands outside, held against what the ledger knows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from include.winddown.domain.errors import BadAnswer
from include.winddown.domain.settle import REASON_MIN
from include.winddown.domain.texts import markdown_safe

OPEN = "Open the ledger"
STAY = "Leave it frozen"
SHOWN_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """
    One exit's ledger against its desk.

    Attributes:
        exit_id: the exit.
        standing: how many requests stand at the desk.
        strange: numbers that stand there and belong to no effect of the ledger; made by hand, by
            another program, or by this one after the backup was taken.
        to_find: numbers under the reference of an effect that is not confirmed; they are found by themselves.
        gone: numbers the ledger has confirmed that do not stand there.
    """

    exit_id: str
    standing: int
    strange: tuple[str, ...]
    to_find: tuple[str, ...]
    gone: tuple[str, ...]


def compare(
    exit_id: str, standing: Sequence[tuple[str, str]], taken: Collection[str], keys: Collection[str]
) -> Compared:
    """
    Hold a desk's requests against the ledger.

    Args:
        exit_id: the exit.
        standing: number and our reference (empty where the desk keeps none) of every request there.
        taken: numbers of confirmed effects of this exit.
        keys: of the exit's effects that are not confirmed.
    """
    numbers = {number for number, _ in standing}
    to_find = tuple(number for number, reference in standing if number not in taken and reference in keys)
    strange = tuple(number for number, _ in standing if number not in taken and number not in to_find)
    gone = tuple(sorted(set(taken) - numbers))
    return Compared(exit_id=exit_id, standing=len(standing), strange=strange, to_find=to_find, gone=gone)


def word_comparison(epoch: Mapping[str, Any], found: Sequence[Compared]) -> str:
    """Word the comparison for the person who opens the ledger again; Markdown."""
    rows = "\n".join(
        f"| {one.exit_id} | {one.standing} | {_list(one.strange)} | {_list(one.to_find)} | {_list(one.gone)} |"
        for one in found
    )
    return (
        f"The ledger is frozen: {markdown_safe(str(epoch['reason']))} ({markdown_safe(str(epoch['by_user']))}).\n\n"
        "| exit | stand at the desk | unknown to the ledger | found again by themselves | confirmed, and gone |\n"
        f"|---|---|---|---|---|\n{rows}\n\n"
        "**Unknown to the ledger**: were they made by this program after the backup was taken? Then plans approved since"
        " are lost too: their goods are on the way although the ledger does not know it. Take a new snapshot"
        " and count them (docs/runbook.md) before you open it. Nothing may be sent while you are not sure.\n"
    )


def read_opening(choice: str, fields: Mapping[str, Any], by_user: str) -> str:
    """
    Read the reason a person gave for opening the ledger.

    Raises:
        BadAnswer: nobody is named, or no reason is given.
    """
    why = str(fields.get("why") or "").strip()
    if not by_user:
        msg = "Airflow names nobody who answered; the ledger is opened by a named person"
        raise BadAnswer(msg)
    if choice == OPEN and len(why) < REASON_MIN:
        msg = f"why is {why!r}; say in a sentence what was compared, and what became of the strange requests"
        raise BadAnswer(msg)
    return why


def _list(numbers: Sequence[str]) -> str:
    shown = ", ".join(markdown_safe(number) for number in numbers[:SHOWN_MAX])
    return f"{len(numbers)}: {shown}" if numbers else "none"

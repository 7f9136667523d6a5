"""Two lists of the same orders, held against each other; where they disagree, the one that blocks counts."""

from collections.abc import Mapping

from include.winddown.domain.errors import shorten
from include.winddown.domain.gate import IN_TRANSIT_STATUSES, TERMINAL_STATUSES


def more_blocking(status: str, other: str) -> str:
    """Choose the status that holds stock back longer; the first one when they are alike."""
    return other if _rank(other) > _rank(status) else status


def _rank(status: str) -> int:
    if status in TERMINAL_STATUSES:
        return 0
    return 1 if status in IN_TRANSIT_STATUSES else 2


def notes_of(
    differing: Mapping[str, tuple[str, str]], lone: Mapping[str, tuple[str, str]], names: tuple[str, str]
) -> list[str]:
    """
    Say how two lists of orders disagree.

    Args:
        differing: posting number → its status in either list.
        lone: posting number → its status and the one list that has it.
        names: of the two lists.

    Returns:
        Sentences; none when the lists agree.
    """
    notes = []
    if differing:
        shown = [f"{number} ({one} and {other})" for number, (one, other) in sorted(differing.items())]
        notes.append(
            f"{len(differing)} postings have another status in {names[1]} than in {names[0]}:"
            f" {shorten(shown, 3)}; the one that blocks counts"
        )
    for name in names:
        missing = sorted(number for number, (_, only) in lone.items() if only == name)
        if missing:
            pending = sum(_rank(lone[number][0]) == 2 for number in missing)
            notes.append(
                f"{len(missing)} postings are in {name} only, {pending} of them pending:"
                f" {shorten(missing, 3)}; they count as that list tells them"
            )
    return notes

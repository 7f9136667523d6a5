"""What a look-up outside tells of an effect: it stands, it does not, or a person has to say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from include.winddown.domain.effects import Accepted, Manner, ReturnRequest, answers
from include.winddown.domain.errors import shorten

ABSENT_READS = 2
"""So many complete reads, each begun after the horizon, prove that something is not there."""
SENDS_MAX = 5
"""An effect that may have been sent so often is given to a person."""


class Verdict(StrEnum):
    """
    What a look-up proves.

    FOUND: exactly our request stands. ABSENT: it was not there while we looked, at all of it.
    UNCLEAR: not everything could be read. AMBIGUOUS: a person has to say which one is ours.
    """

    FOUND = "found"
    ABSENT = "absent"
    UNCLEAR = "unclear"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    What is known of an effect when a look-up of it is judged.

    Attributes:
        taken: numbers outside that belong to other effects of the ledger.
        stood_before: numbers of look-alikes that stood before the first send; None when nobody has looked.
    """

    taken: Collection[str]
    stood_before: Collection[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    A verdict; `accepted` is there exactly when it is FOUND.

    Attributes:
        detail: for people; names the numbers outside.
        numbers: of the look-alikes that are not ours for certain.
    """

    verdict: Verdict
    detail: str
    accepted: Accepted | None = None
    numbers: tuple[str, ...] = ()


def judge(
    wanted: ReturnRequest, matches: Sequence[Accepted], seen: Seen, manner: Manner, *, complete: bool
) -> Judged:
    """
    Judge what a look-up found.

    A desk that knows our reference shows under it what is ours; one that does not shows look-alikes: the
    same goods from and to the same places. A look-alike is ours only if nothing like it stood before
    we sent, and it belongs to no other effect.

    Args:
        wanted: the request.
        matches: what stands, by reference or by content.
        seen: what the ledger knows.
        manner: of the desk.
        complete: whether everything was read; absence is proven by a complete read only.
    """
    known = {*seen.taken, *(seen.stood_before or ())}
    candidates = [one for one in matches if manner.knows_reference or one.request_no not in known]
    numbers = tuple(one.request_no for one in candidates)
    shown = shorten(numbers, 5)
    if not candidates:
        if complete:
            return Judged(verdict=Verdict.ABSENT, detail="not found at the desk yet")
        return Judged(verdict=Verdict.UNCLEAR, detail="the desk's list could not be read to its end")
    if len(candidates) > 1:
        detail = f"the desk holds {shown}, any of which may be ours: ask the desk"
        return Judged(verdict=Verdict.AMBIGUOUS, detail=detail, numbers=numbers)
    if not answers(wanted, candidates[0]):
        detail = f"the desk holds {shown} under our reference, not the request we made: ask the desk"
        return Judged(verdict=Verdict.AMBIGUOUS, detail=detail, numbers=numbers)
    if not manner.knows_reference and seen.stood_before is None:
        detail = f"{shown} asks for the same goods and nobody knows whose it is: ask the desk"
        return Judged(verdict=Verdict.AMBIGUOUS, detail=detail, numbers=numbers)
    return Judged(verdict=Verdict.FOUND, detail=f"request {shown}", accepted=candidates[0], numbers=numbers)

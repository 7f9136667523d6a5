"""The rules of the ledger, each removed in turn: what a simulator must notice before its silence means anything."""

from dataclasses import dataclass
from types import SimpleNamespace

from include.winddown.domain.effects import Outcome
from include.winddown.steps import ledger as steps
from tests.faults import mutants
from tests.faults.schedule import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """
    A rule that is gone.

    Attributes:
        rule: what was removed, for the table.
        parts: the product without it.
        by_reference, by_content: the first seed that notices at a desk of either kind; None where none did.
    """

    rule: str
    parts: Parts
    by_reference: int | None = None
    by_content: int | None = None


MUTANTS = (
    Mutant(
        rule="a timeout is sent again at once",
        by_reference=37,
        by_content=37,
        parts=mutants.reading(mutants.is_timeout, Outcome.NOT_SENT),
    ),
    Mutant(
        rule="5xx means not done",
        by_reference=21,
        by_content=15,
        parts=mutants.reading(lambda reply: (reply.status or 0) >= 500, Outcome.NOT_SENT),
    ),
    Mutant(
        rule="a garbled 200 is sent again",
        by_reference=84,
        by_content=72,
        parts=mutants.reading(lambda reply: reply.status == 200 and not reply.readable, Outcome.NOT_SENT),
    ),
    Mutant(
        rule="409 is a refusal",
        by_reference=43,
        parts=mutants.reading(lambda reply: reply.status == 409, Outcome.REJECTED),
    ),
    Mutant(
        rule="an expired lease makes it ready",
        by_reference=13,
        by_content=13,
        parts=Parts(ledger=mutants.ReadyAfterExpiry),
    ),
    Mutant(rule="no horizon", by_reference=21, by_content=15, parts=Parts(ledger=mutants.NoHorizon)),
    Mutant(
        rule="unknown is sent without a look-up",
        by_reference=21,
        by_content=15,
        parts=Parts(bringing=mutants.SendsUnknown),
    ),
    Mutant(
        rule="intent and attempt after the call",
        by_reference=1,
        by_content=1,
        parts=Parts(bringing=mutants.SendsFirst),
    ),
    Mutant(
        rule="no compare-and-set in the claim",
        by_reference=23,
        by_content=13,
        parts=Parts(ledger=mutants.AnyoneClaims),
    ),
    Mutant(
        rule="the run is in the key", by_reference=1, by_content=1, parts=Parts(key=mutants.key_of_the_run)
    ),
    Mutant(
        rule="the client repeats a write", by_reference=13, by_content=9, parts=Parts(desk=mutants.SendsTwice)
    ),
    Mutant(
        rule="no deadline of the send",
        by_reference=114,
        by_content=51,
        parts=Parts(patches=((steps, "time", SimpleNamespace(monotonic=mutants.never_late)),)),
    ),
    Mutant(
        rule="only the first page is read", by_reference=9, by_content=9, parts=Parts(desk=mutants.FirstPage)
    ),
    Mutant(rule="no conflict key", by_content=42, parts=Parts(conflict_key=mutants.own_conflict_key)),
    Mutant(rule="the look comes before the claim", parts=Parts(bringing=mutants.LooksBeforeTheClaim)),
    Mutant(rule="no look before the send", by_content=2, parts=Parts(bringing=mutants.NeverLooks)),
    Mutant(rule="what stood before may be ours", by_content=2, parts=Parts(bringing=mutants.OwnsWhatStood)),
    Mutant(rule="the first of several is ours", by_content=15, parts=Parts(bringing=mutants.PicksTheFirst)),
    Mutant(
        rule="a yes to other content confirms",
        by_reference=1,
        by_content=19,
        parts=Parts(patches=((steps, "answers", mutants.any_answer),)),
    ),
    Mutant(
        rule="what a look-up finds is not booked",
        by_reference=1,
        by_content=9,
        parts=Parts(ledger=mutants.FoundWithoutBooks),
    ),
    Mutant(rule="no fence on a record", parts=Parts(ledger=mutants.NoFence)),
    Mutant(rule="a cut list is whole", by_content=15, parts=Parts(desk=mutants.CutIsWhole)),
    Mutant(rule="one absent read is enough", parts=Parts(ledger=mutants.OneAbsentRead)),
)

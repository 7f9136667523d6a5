"""Where an effect stands after a try, and what follows for the run that tried."""

from collections.abc import Mapping
from enum import StrEnum

from include.winddown.domain.errors import OutcomeUnknown, PersonNeeded, RequestRefused, shorten


class Stand(StrEnum):
    """
    Where an effect stands.

    DONE: it was brought about. REFUSED: it never will be. WAITING: not yet known, or not sent yet; a
    later try goes on. WITH_PERSON: handed over, an answer by a person is awaited. ESCALATED: a
    person has to settle it. CANCELLED: a person has given it up.
    """

    DONE = "done"
    REFUSED = "refused"
    WAITING = "waiting"
    WITH_PERSON = "with_person"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


STAND_OF_STATE = {
    "ready": Stand.WAITING,
    "sending": Stand.WAITING,
    "unknown": Stand.WAITING,
    "confirmed": Stand.DONE,
    "rejected": Stand.REFUSED,
    "escalated": Stand.ESCALATED,
    "cancelled": Stand.CANCELLED,
}

Came = tuple[Stand, str]
"""Where an effect stands, and the detail for people."""


def count_stands(came: Mapping[str, Came]) -> dict[str, int]:
    """
    Sum up what came of several requests.

    Args:
        came: where each shipment's request stands.

    Returns:
        How many stand at the desk, and how many are with a person: requests, with_person.

    Raises:
        PersonNeeded: of some a person has to say what became of them.
        RequestRefused: the desk refused some, or refuses us; nothing of those was created.
        OutcomeUnknown: of some it is not known yet; the next try looks them up.
    """
    by_stand: dict[Stand, list[str]] = {}
    for shipment_no, (stand, detail) in came.items():
        by_stand.setdefault(stand, []).append(f"{shipment_no} ({detail})")
    if unclear := by_stand.get(Stand.ESCALATED):
        msg = (
            f"{len(unclear)} requests need a person: {shorten(unclear, 5)}. Settle them with the DAG"
            " settle_effect (docs/runbook.md), then run create_returns again"
        )
        raise PersonNeeded(msg)
    if refused := by_stand.get(Stand.REFUSED):
        msg = f"the return desk refused {len(refused)} requests: {shorten(refused, 5)}. Mend the cause, make a new plan"
        raise RequestRefused(msg)
    if waiting := by_stand.get(Stand.WAITING):
        msg = f"{len(waiting)} requests are not confirmed yet: {shorten(waiting, 5)}. They are looked up, not re-sent"
        raise OutcomeUnknown(msg)
    return {
        "requests": len(by_stand.get(Stand.DONE, [])),
        "with_person": len(by_stand.get(Stand.WITH_PERSON, [])),
    }

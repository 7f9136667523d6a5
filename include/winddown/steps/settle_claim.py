"""Record what became of a claim: show what is known, hear a named person, move its lines and tell the match."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from include.winddown.adapters.stores.claims import ClaimStore
from include.winddown.adapters.stores.settlements import SettlementStore
from include.winddown.domain.errors import BadAnswer, IllegalClaimMove, NothingToDo
from include.winddown.domain.match.settlement import read_outcome
from include.winddown.domain.match.settlement_words import word_question
from include.winddown.runtime import doors
from include.winddown.runtime.stations import RETURN_REQUESTS, announce, run_key
from include.winddown.steps.gather import exit_of

NOBODY = "unclaimed"


def find(exit_id: str, claim: str) -> str:
    """Find the claim by the first digits of its id, and see that something of it may be settled."""
    known = exit_of(exit_id).exit_id
    claim_id = ClaimStore(doors.database()).handed_over(known, claim) if claim else ""
    if not SettlementStore(doors.database()).lines(exit_id, claim_id):
        msg = f"exit {exit_id} has nothing open that nobody claimed"
        raise NothingToDo(msg)
    return f"{exit_id} {claim_id or NOBODY}"


def ask(given: str) -> dict[str, Any]:
    """Word the question; or say what this run was answered already."""
    exit_id, claim_id = _of(given)
    store = SettlementStore(doors.database())
    history = store.history(exit_id, claim_id)
    if _is_answered(history):
        return {"answered": exit_id}
    body = word_question(exit_id, claim_id, store.lines(exit_id, claim_id), history)
    return {"subject": f"[claim {claim_id or exit_id}] What became of it?", "body": body}


def hear(given: str, choice: str, fields: Mapping[str, Any], by_user: str) -> str:
    """Take the outcome down: money or goods, reference, why and who; lines that cannot go there are asked about again."""
    exit_id, claim_id = _of(given)
    store = SettlementStore(doors.database())
    history = store.history(exit_id, claim_id)
    if _is_answered(history):
        return exit_id
    paid_minor = sum(row["cash_minor"] for row in history)
    try:
        outcome = read_outcome(choice, fields, by_user, store.lines(exit_id, claim_id), paid_minor)
        store.settle(exit_id, claim_id, run_key(), datetime.now(UTC), outcome)
    except IllegalClaimMove as illegal:
        raise BadAnswer(str(illegal)) from illegal
    return exit_id


def tell_returns(exit_id: str) -> str:
    """Have the match take the outcome in, so that the books follow."""
    announce(RETURN_REQUESTS, exit_id)
    return exit_id


def _is_answered(history: Sequence[Mapping[str, Any]]) -> bool:
    """Airflow may bring an answer twice; a run settles once."""
    return any(row["run_key"] == run_key() for row in history)


def _of(given: str) -> tuple[str, str]:
    exit_id, claim_id = given.split(" ")
    return exit_id, "" if claim_id == NOBODY else claim_id

"""Open a frozen ledger again: compare it with what stands outside, have a person decide."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.epochs import EpochStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.domain.errors import LedgerFrozen, NothingToDo
from include.winddown.domain.thaw import OPEN, Compared, compare, read_opening, word_comparison
from include.winddown.runtime import doors
from include.winddown.runtime.stations import tell
from include.winddown.steps.gather import exit_of
from include.winddown.steps.guard import check_ledger, open_ledger
from include.winddown.steps.requests import KIND


def against() -> list[dict[str, Any]]:
    """Hold the requests of every open exit's desk against the ledger."""
    try:
        check_ledger()
    except LedgerFrozen as frozen:
        tell(str(frozen))
    else:
        msg = "the ledger is open; there is nothing to thaw"
        raise NothingToDo(msg)
    return [asdict(_compared(exit_id)) for exit_id in ExitStore(doors.database()).open_ids()]


def ask(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Word the question; or say that it was answered already."""
    epoch = EpochStore(doors.database()).current()
    if epoch.is_open:
        return {"answered": "open"}
    facts = {"reason": epoch.reason, "by_user": epoch.by_user}
    return {
        "subject": f"[ledger, epoch {epoch.epoch_no}] May effects be sent from this database again?",
        "body": word_comparison(facts, [Compared(**one) for one in found]),
    }


def hear(
    found: list[dict[str, Any]],  # noqa: ARG001  what was shown is in the question
    choice: str,
    fields: Mapping[str, Any],
    by_user: str,
) -> str:
    """Take the decision down and act on it."""
    why = read_opening(choice, fields, by_user)
    if choice != OPEN:
        return "frozen"
    epoch = open_ledger(why, by_user)
    tell(f"epoch {epoch.epoch_no} begins, opened by {by_user}")
    return "open"


def _compared(exit_id: str) -> Compared:
    desk, ledger = doors.desk(exit_of(exit_id)), EffectLedger(doors.database())
    standing = [(one.request_no, one.client_reference) for one in desk.standing()]
    keys = {one.effect_key for one in ledger.open(exit_id)}
    return compare(exit_id, standing, ledger.taken(exit_id, desk.manner.account, KIND), keys)

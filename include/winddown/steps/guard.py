"""Before anything is sent: is this the ledger that was written to before?"""

from include.winddown.adapters.stores.epochs import Epoch, EpochStore
from include.winddown.adapters.stores.witness import Witness
from include.winddown.domain.errors import LedgerFrozen
from include.winddown.runtime import doors


def check_ledger() -> Epoch:
    """
    Freeze the ledger if its database was restored, copied or set back; count what is there otherwise.

    Raises:
        LedgerFrozen: nothing may be sent until a person has compared and opened it again.
    """
    epochs, witness = EpochStore(doors.database()), Witness(doors.store_root())
    epoch, attempts, seen = epochs.current(), epochs.attempts(), witness.seen()
    if epoch.mode == "open" and not epoch.is_same:
        epoch = epochs.freeze("the database is another one than the ledger was opened in", "winddown")
    elif epoch.mode == "open" and attempts < seen:
        epoch = epochs.freeze(f"the database holds {attempts} attempts, {seen} were seen before", "winddown")
    if not epoch.is_open:
        msg = (
            f"the ledger is frozen ({epoch.reason}; {epoch.by_user}, {epoch.began_at:%Y-%m-%d %H:%M} UTC): nothing is"
            " sent. Run the DAG thaw_ledger (docs/runbook.md)"
        )
        raise LedgerFrozen(msg)
    if attempts > seen:
        witness.keep(attempts)
    return epoch


def open_ledger(reason: str, by_user: str) -> Epoch:
    """Open the ledger in the database that is there now; what was seen before no longer counts."""
    epochs = EpochStore(doors.database())
    epoch = epochs.open_again(reason, by_user)
    Witness(doors.store_root()).keep(epochs.attempts())
    return epoch

"""Whether the ledger may send: open in the database it was opened in, frozen after a restore."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, insert, select

from include.winddown.adapters.stores.tables import effect_attempt, ledger_epoch

LOCK = 0x77696E64


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """
    The time since a person, or the ledger itself, last opened or froze it.

    Attributes:
        mode: open or frozen.
        is_same: whether the database is still the one this epoch began in.
        reason, by_user: who opened or froze it, and why.
    """

    epoch_no: int
    mode: str
    is_same: bool
    reason: str
    by_user: str
    began_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether anything may be sent."""
        return self.mode == "open" and self.is_same


class EpochStore:
    """Epochs of the ledger; they are only ever added."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def current(self) -> Epoch:
        """Tell the epoch the ledger is in."""
        with self._engine.connect() as connection:
            return _current(connection)

    def freeze(self, reason: str, by_user: str) -> Epoch:
        """Let nothing be sent any more; freezing a frozen ledger again changes nothing."""
        with self._engine.begin() as connection:
            epoch = _locked(connection)
            return epoch if epoch.mode == "frozen" else _begin(connection, epoch, "frozen", reason, by_user)

    def open_again(self, reason: str, by_user: str) -> Epoch:
        """Let effects be sent from this database again; a named person answers for it."""
        with self._engine.begin() as connection:
            epoch = _locked(connection)
            return epoch if epoch.is_open else _begin(connection, epoch, "open", reason, by_user)

    def attempts(self) -> int:
        """Count every attempt ever begun; a database with fewer than before is an older one."""
        with self._engine.connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(effect_attempt)) or 0)


def _locked(connection: Connection) -> Epoch:
    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    return _current(connection)


def _current(connection: Connection) -> Epoch:
    names = ("epoch_no", "mode", "reason", "by_user", "began_at")
    is_same = (ledger_epoch.c.identity == func.ledger_identity()).label("is_same")
    query = select(*(ledger_epoch.c[name] for name in names), is_same).order_by(
        ledger_epoch.c.epoch_no.desc()
    )
    return Epoch(**connection.execute(query.limit(1)).mappings().one())


def _begin(connection: Connection, last: Epoch, mode: str, reason: str, by_user: str) -> Epoch:
    row = {"epoch_no": last.epoch_no + 1, "mode": mode, "reason": reason, "by_user": by_user}
    connection.execute(insert(ledger_epoch).values(**row, identity=func.ledger_identity()))
    return _current(connection)

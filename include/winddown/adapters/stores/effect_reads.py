"""What the ledger of effects says: one effect, the open ones, numbers that are taken, the time."""

from datetime import datetime

from sqlalchemy import Engine

from include.winddown.adapters.stores.effect_rows import Effect, effect_of
from include.winddown.adapters.stores.effect_statements import GET, NOW, OPEN, OPEN_OF_EXIT, TAKEN
from include.winddown.domain.errors import OutcomeUnknown


class EffectReader:
    """Reads of the ledger."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # a statement that is its own transaction saves two round trips
        self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")

    def now(self) -> datetime:
        """Tell the time, by the clock that leases and horizons are kept by."""
        with self._alone.connect() as connection:
            now: datetime = connection.execute(NOW).scalar_one()
        return now

    def taken(self, exit_id: str, account: str, kind: str) -> set[str]:
        """Name the numbers outside that belong to effects of the ledger."""
        given = {"its_exit": exit_id, "its_account": account, "its_kind": kind}
        with self._alone.connect() as connection:
            return set(connection.scalars(TAKEN, given))

    def get(self, effect_key: str) -> Effect:
        """
        Find an effect.

        Raises:
            OutcomeUnknown: it was never intended.
        """
        with self._alone.connect() as connection:
            row = connection.execute(GET, {"its_key": effect_key}).one_or_none()
        if row is None:
            msg = f"effect {effect_key[:12]} is not in the ledger; nothing may be sent without an intent"
            raise OutcomeUnknown(msg)
        return effect_of(row)

    def open(self, exit_id: str | None = None) -> list[Effect]:
        """List the effects that are not settled, oldest first; of every exit if none is given."""
        query, given = (OPEN, {}) if exit_id is None else (OPEN_OF_EXIT, {"its_exit": exit_id})
        with self._alone.connect() as connection:
            return [effect_of(row) for row in connection.execute(query, given)]

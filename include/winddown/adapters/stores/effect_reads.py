"""What the ledger of effects says: one effect, the open ones, numbers that are taken, the time."""

from datetime import datetime

from sqlalchemy import Engine, func, select

from include.winddown.adapters.stores.effect_rows import COLUMNS, Effect
from include.winddown.adapters.stores.tables import effect
from include.winddown.domain.effects import OPEN_STATES
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
            now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now

    def taken(self, exit_id: str, account: str, kind: str) -> set[str]:
        """Name the numbers outside that belong to effects of the ledger."""
        ours = (effect.c.exit_id == exit_id) | ((effect.c.account == account) & (effect.c.account != ""))
        query = select(effect.c.remote_id).where(ours, effect.c.kind == kind, effect.c.remote_id.is_not(None))
        with self._alone.connect() as connection:
            return set(connection.scalars(query))

    def get(self, effect_key: str) -> Effect:
        """
        Find an effect.

        Raises:
            OutcomeUnknown: it was never intended.
        """
        with self._alone.connect() as connection:
            query = select(*COLUMNS).where(effect.c.effect_key == effect_key)
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            msg = f"effect {effect_key[:12]} is not in the ledger; nothing may be sent without an intent"
            raise OutcomeUnknown(msg)
        return Effect(**row)

    def open(self, exit_id: str | None = None) -> list[Effect]:
        """List the effects that are not settled, oldest first; of every exit if none is given."""
        query = select(*COLUMNS).where(effect.c.state.in_(OPEN_STATES))
        if exit_id is not None:
            query = query.where(effect.c.exit_id == exit_id)
        query = query.order_by(effect.c.created_at, effect.c.effect_key)
        with self._alone.connect() as connection:
            return [Effect(**row) for row in connection.execute(query).mappings()]

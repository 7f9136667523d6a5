"""What people were told of the own warehouse, in PostgreSQL: each thing once, until it is worse or was over."""

from collections.abc import Iterable

from sqlalchemy import Engine, func, insert, select, update

from include.winddown.adapters.stores.tables import own_alert
from include.winddown.domain.own_alerts import Reading


class OwnAlertStore:
    """
    The alerts of one exit.

    Args:
        engine: winddown's database.
        exit_id: whose.
    """

    def __init__(self, engine: Engine, exit_id: str) -> None:
        self._engine = engine
        self._of_exit = own_alert.c.exit_id == exit_id
        self._exit_id = exit_id

    def told(self) -> dict[str, int]:
        """Name what is open by its key, with the worst level that was told."""
        query = select(own_alert.c.alert_key, own_alert.c.level)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(self._of_exit, own_alert.c.over_at.is_(None)))
            return {row.alert_key: row.level for row in rows}

    def over(self, keys: Iterable[str]) -> None:
        """Write down that these are over; when one comes back, it is told anew."""
        is_open = own_alert.c.over_at.is_(None) & own_alert.c.alert_key.in_(list(keys))
        with self._engine.begin() as connection:
            connection.execute(update(own_alert).where(self._of_exit, is_open).values(over_at=func.now()))

    def keep(self, told: Iterable[Reading]) -> None:
        """Write down, all or none, what people were told now: new, or worse than before."""
        with self._engine.begin() as connection:
            for one in told:
                same = self._of_exit & (own_alert.c.alert_key == one.key)
                values = {"level": one.level, "sentence": one.sentence, "told_at": func.now()}
                worse = update(own_alert).where(same, own_alert.c.over_at.is_(None)).values(values)
                if connection.execute(worse).rowcount:
                    continue
                last = connection.scalar(select(func.max(own_alert.c.opening_no)).where(same)) or 0
                key = {"exit_id": self._exit_id, "alert_key": one.key, "opening_no": last + 1}
                connection.execute(insert(own_alert).values(key | values))

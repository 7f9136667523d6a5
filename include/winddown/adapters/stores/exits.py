"""Exits in PostgreSQL."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import exit_
from include.winddown.domain.errors import BadExit, UnknownExit, shorten
from include.winddown.domain.exit_course import CLEARING, CLOSED, HANDING_OVER, LEAVING, STATES
from include.winddown.domain.exits import Exit, Policy

CHANGEABLE = ("deadline_on", "policy", "approvers")
"""What counts from the next plan on; a plan that was approved keeps the values it was made with."""


class ExitStore:
    """The exits this installation works on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, merchant_exit: Exit, opened_by: str | None = None, state: str = CLEARING) -> None:
        """
        Open an exit; opening it again takes over a new deadline, policy or approvers, and nothing else.

        Args:
            merchant_exit: the exit.
            opened_by: user name; whoever opens or changes an exit is an author of its plans.
            state: it begins in; one that is there keeps its own.

        Raises:
            BadExit: an exit of that id has other values; names the first of them.
        """
        values = asdict(merchant_exit) | {"approvers": list(merchant_exit.approvers)}
        authors = [opened_by] if opened_by else []
        statement = (
            insert(exit_)
            .values(values | {"authors": authors, "state": state})
            .on_conflict_do_nothing()
            .returning(exit_.c.exit_id)
        )
        with self._engine.begin() as connection:
            if connection.scalar(statement) is not None:
                return
        there = self.get(merchant_exit.exit_id)
        stored = asdict(there) | {"approvers": list(there.approvers)}
        different = [name for name, value in values.items() if stored[name] != value]
        fixed = [name for name in different if name not in CHANGEABLE]
        if fixed:
            name = fixed[0]
            msg = (
                f"exit {merchant_exit.exit_id} is already open with {name} = {stored[name]!s}, not"
                f" {values[name]!s}; only deadline, policy and approvers may change: use another exit id"
            )
            raise BadExit(msg)
        if different:
            changed = {name: values[name] for name in different}
            added = {"authors": exit_.c.authors + authors}
            same = exit_.c.exit_id == merchant_exit.exit_id
            with self._engine.begin() as connection:
                connection.execute(update(exit_).where(same).values(changed | added))

    def authors(self, exit_id: str) -> list[str]:
        """Name everybody who opened or changed an exit, sorted, each once."""
        query = select(exit_.c.authors).where(exit_.c.exit_id == exit_id)
        with self._engine.connect() as connection:
            return sorted(set(connection.scalar(query) or []))

    def find(self, exit_id: str) -> Exit | None:
        """Find an exit, open or closed; None when there is none of that id."""
        with self._engine.connect() as connection:
            row = connection.execute(select(exit_).where(exit_.c.exit_id == exit_id)).one_or_none()
        return None if row is None else _exit(row)

    def get(self, exit_id: str) -> Exit:
        """
        Find an exit, open or closed.

        Raises:
            UnknownExit: there is none of that id; names the known ones.
        """
        if found := self.find(exit_id):
            return found
        with self._engine.connect() as connection:
            known = connection.scalars(select(exit_.c.exit_id).order_by(exit_.c.exit_id)).all()
        listed = f"known are {shorten(known)}" if known else "none is open yet"
        msg = f"no exit {exit_id!r}; {listed}. Open one with the DAG open_exit"
        raise UnknownExit(msg)

    def open_ids(self) -> list[str]:
        """Name the exits that are not closed, sorted."""
        return self._in(*(state for state in STATES if state != CLOSED))

    def leaving_ids(self) -> list[str]:
        """Name the exits whose stock is being taken out, sorted; none that only applies to leave."""
        return self._in(*LEAVING)

    def left_ids(self) -> list[str]:
        """Name the exits that sell out of their own warehouse: handing over or closed, sorted."""
        return self._in(HANDING_OVER, CLOSED)

    def _in(self, *states: str) -> list[str]:
        query = select(exit_.c.exit_id).where(exit_.c.state.in_(states)).order_by(exit_.c.exit_id)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))


def _exit(row: Row[Any]) -> Exit:
    values = row._asdict()
    del values["state"], values["created_at"], values["authors"]
    return Exit(**{**values, "policy": Policy.of(values["policy"]), "approvers": tuple(values["approvers"])})

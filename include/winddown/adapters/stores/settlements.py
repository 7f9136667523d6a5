"""How claims ended, by whom and for how much; append-only, and what follows from it in the same commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from include.winddown.adapters.stores.discrepancies import KEY
from include.winddown.adapters.stores.events import keep_events
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.tables import claim_settlement, claim_settlement_line, discrepancy
from include.winddown.domain.errors import IllegalClaimMove
from include.winddown.domain.match.claims import ClaimState
from include.winddown.domain.match.settlement import ClaimLine, Settlement, events_of

HEAD = ("outcome", "cash_minor", "stock_qty", "reference", "why", "by_user")


class SettlementStore:
    """The settlements of every exit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def lines(self, exit_id: str, claim_id: str) -> list[ClaimLine]:
        """List what may be settled: the lines of a claim that was handed over, or, without one, what nobody claimed."""
        rows = ask_rows(self._engine, "settle_lines", exit_id=exit_id, claim_id=claim_id)
        return [ClaimLine(**row | {"state": ClaimState(row["state"])}) for row in rows]

    def history(self, exit_id: str, claim_id: str) -> list[dict[str, Any]]:
        """List what was settled of a claim (or of what nobody claimed) so far, oldest first."""
        table = claim_settlement.c
        names = (table[name] for name in (*HEAD, "currency", "settled_at", "run_key"))
        own = (table.exit_id == exit_id) & (func.coalesce(table.claim_id, "") == claim_id)
        with self._engine.connect() as connection:
            rows = connection.execute(select(*names).where(own).order_by(table.settlement_no)).mappings()
            return [dict(row) for row in rows]

    def settle(self, exit_id: str, claim_id: str, run_key: str, at: datetime, one: Settlement) -> bool:
        """
        Write a settlement down: its lines move, and what was made good is told to the match.

        Args:
            exit_id: whose.
            claim_id: empty = what nobody claimed.
            run_key: of the run that asked; one run settles once.
            at: when, aware.
            one: the decision.

        Returns:
            False when this run had settled already; nothing was changed.

        Raises:
            IllegalClaimMove: a line has moved since the person saw it.
        """
        head = {name: getattr(one, name) for name in HEAD} | {"currency": one.lines[0][0].currency}
        head |= {"exit_id": exit_id, "claim_id": claim_id or None, "run_key": run_key, "settled_at": at}
        done = select(claim_settlement.c.settlement_no).where(claim_settlement.c.run_key == run_key)
        with self._engine.begin() as connection:
            if connection.scalar(done) is not None:
                return False
            new = insert(claim_settlement).values(head).returning(claim_settlement.c.settlement_no)
            number = int(connection.execute(new).scalar_one())
            for line, to in one.lines:
                _move(connection, exit_id, number, line, to, one.by_user)
            keep_events(connection, exit_id, events_of(one, number, at))
        return True


def _move(
    connection: Connection, exit_id: str, number: int, line: ClaimLine, to: ClaimState, by_user: str
) -> None:
    key = {name: getattr(line, name) for name in KEY}
    row = {"settlement_no": number, "exit_id": exit_id, **key, "qty": line.qty}
    connection.execute(insert(claim_settlement_line).values(row | {"from_state": line.state, "to_state": to}))
    same = [discrepancy.c[name] == value for name, value in key.items()]
    still = (discrepancy.c.exit_id == exit_id) & (discrepancy.c.state == line.state)
    values = {"state": to, "decided_by": by_user, "changed_at": func.now()}
    if connection.execute(update(discrepancy).where(still, *same).values(values)).rowcount != 1:
        msg = f"{line.kind} of {line.sku} on {line.request_no} is not {line.state} any more; look again"
        raise IllegalClaimMove(msg)


def lapsing(engine: Engine, exit_id: str, today: str, until: str) -> Sequence[dict[str, Any]]:
    """List the claims of an exit that end soon and that nobody was told of yet."""
    return ask_rows(engine, "claim_lapsing", exit_id=exit_id, today=today, until=until)


def told_of(engine: Engine, exit_id: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write down that people were told until when these may be claimed."""
    with engine.begin() as connection:
        for row in rows:
            same = [discrepancy.c[name] == row[name] for name in KEY]
            told = update(discrepancy).where(discrepancy.c.exit_id == exit_id, *same)
            connection.execute(told.values(lapse_told_on=row["claim_until_on"]))

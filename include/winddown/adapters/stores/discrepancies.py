"""What does not fit between request, shipment and count, and what becomes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import discrepancy
from include.winddown.domain.errors import IllegalClaimMove
from include.winddown.domain.match.claims import ClaimState, move_claim

KEY = ("request_id", "sku", "condition", "kind")
TOLD = ("qty", "value_minor", "currency", "stake", "basis", "clock_at", "claim_until_on", "detail")


class DiscrepancyStore:
    """The discrepancies of every exit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def replace(self, exit_id: str, rows: Sequence[Mapping[str, object]]) -> None:
        """
        Make the discrepancies of an exit those of the newest match.

        One that is still there keeps the time it was found and what became of it; an open one
        that is gone is taken out. What a person works on stays, with the pieces of the newest match.

        Args:
            exit_id: whose.
            rows: KEY (request_id is the desk's number when the request is not ours) and TOLD, of which
                value_minor, clock_at and claim_until_on may be missing.
        """
        given = [{"exit_id": exit_id, **{name: row.get(name) for name in (*KEY, *TOLD)}} for row in rows]
        new = insert(discrepancy)
        told = {name: new.excluded[name] for name in TOLD}
        upsert = new.on_conflict_do_update(index_elements=["exit_id", *KEY], set_=told)
        with self._engine.begin() as connection:
            self._take_out(connection, exit_id, {tuple(row[name] for name in KEY) for row in given})
            if given:
                connection.execute(upsert, given)

    def _take_out(self, connection: Connection, exit_id: str, found: set[tuple[object, ...]]) -> None:
        own = (discrepancy.c.exit_id == exit_id) & (discrepancy.c.state == ClaimState.OPEN)
        one = [discrepancy.c[name] == bindparam(f"old_{name}") for name in KEY]
        held = connection.execute(select(*(discrepancy.c[name] for name in KEY)).where(own))
        gone = [
            {f"old_{name}": value for name, value in zip(KEY, row, strict=True)}
            for row in held
            if tuple(row) not in found
        ]
        if gone:
            connection.execute(delete(discrepancy).where(own, *one), gone)

    def move(self, exit_id: str, key: Mapping[str, str], to: ClaimState, by_whom: str) -> None:
        """
        Move one discrepancy on.

        Args:
            exit_id: whose.
            key: KEY.
            to: the state it shall have.
            by_whom: who decided.

        Raises:
            IllegalClaimMove: there is none, or the move is not allowed.
        """
        one = [discrepancy.c.exit_id == exit_id, *(discrepancy.c[name] == key[name] for name in KEY)]
        with self._engine.begin() as connection:
            state = connection.scalar(select(discrepancy.c.state).where(*one).with_for_update())
            if state is None:
                msg = f"there is no discrepancy {key['kind']} of {key['sku']} on {key['request_id']}; match again first"
                raise IllegalClaimMove(msg)
            values = {"state": move_claim(ClaimState(state), to, by_whom), "decided_by": by_whom}
            connection.execute(update(discrepancy).where(*one).values(**values, changed_at=func.now()))

    def of(self, exit_id: str) -> list[dict[str, Any]]:
        """List the discrepancies of an exit by request, SKU, condition and kind."""
        query = select(discrepancy).where(discrepancy.c.exit_id == exit_id)
        ordered = query.order_by(*(discrepancy.c[name] for name in KEY))
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(ordered).mappings()]

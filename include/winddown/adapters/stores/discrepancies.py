"""What does not fit between request, shipment and count, and what becomes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import claim_line, claim_settlement_line, discrepancy
from include.winddown.domain.match.claims import LOSS_KINDS, THE_MATCH, ClaimState

KEY = ("request_id", "sku", "condition", "kind")
TOLD = ("qty", "value_minor", "currency", "stake", "basis", "clock_at", "claim_until_on", "detail")


class DiscrepancyStore:
    """The discrepancies of every exit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def replace(self, exit_id: str, rows: Sequence[Mapping[str, object]]) -> None:
        """
        Make the discrepancies of an exit those of the newest match.

        One that is still there keeps the time it was found and what became of it; an open one that is gone is
        taken out, or withdrawn when a claim was prepared for it. One that was withdrawn like that, or paid, and is
        found again, is open again. What a person works on stays, with the pieces of the newest match.

        Args:
            exit_id: whose.
            rows: KEY (request_id is the desk's number when the request is not ours) and TOLD, of which
                value_minor, clock_at and claim_until_on may be missing.
        """
        given = [{"exit_id": exit_id, **{name: row.get(name) for name in (*KEY, *TOLD)}} for row in rows]
        new = insert(discrepancy)
        told = {name: new.excluded[name] for name in TOLD}
        upsert = new.on_conflict_do_update(index_elements=["exit_id", *KEY], set_=told)
        found = {tuple(row[name] for name in KEY) for row in given}
        with self._engine.begin() as connection:
            _take_out(connection, exit_id, found)
            if given:
                connection.execute(upsert, given)
            _open_again(connection, exit_id, found)

    def of(self, exit_id: str) -> list[dict[str, Any]]:
        """List the discrepancies of an exit by request, SKU, condition and kind."""
        query = select(discrepancy).where(discrepancy.c.exit_id == exit_id)
        ordered = query.order_by(*(discrepancy.c[name] for name in KEY))
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(ordered).mappings()]


def _take_out(connection: Connection, exit_id: str, found: set[tuple[object, ...]]) -> None:
    own = (discrepancy.c.exit_id == exit_id) & (discrepancy.c.state == ClaimState.OPEN)
    gone = [key for key in _keys(connection, own) if key not in found]
    if gone:
        kept = or_(*(_is_on(table) for table in (claim_line, claim_settlement_line)))
        withdrawn = _by_the_match(ClaimState.WITHDRAWN)
        connection.execute(update(discrepancy).where(own, kept, *_one()).values(withdrawn), _named(gone))
        connection.execute(delete(discrepancy).where(own, *_one()), _named(gone))


def _open_again(connection: Connection, exit_id: str, found: set[tuple[object, ...]]) -> None:
    own = discrepancy.c.exit_id == exit_id
    by_the_match = (discrepancy.c.state == ClaimState.WITHDRAWN) & (discrepancy.c.decided_by == THE_MATCH)
    paid = (discrepancy.c.state == ClaimState.PAID) & discrepancy.c.kind.in_(LOSS_KINDS)
    again = [key for key in _keys(connection, own & or_(by_the_match, paid)) if key in found]
    if again:
        opened = update(discrepancy).where(own, *_one()).values(_by_the_match(ClaimState.OPEN))
        connection.execute(opened, _named(again))


def _by_the_match(state: ClaimState) -> dict[str, Any]:
    return {"state": state, "decided_by": THE_MATCH, "changed_at": func.now()}


def _keys(connection: Connection, which: ColumnElement[bool]) -> list[tuple[object, ...]]:
    return [
        tuple(row) for row in connection.execute(select(*(discrepancy.c[name] for name in KEY)).where(which))
    ]


def _named(keys: list[tuple[object, ...]]) -> list[dict[str, object]]:
    return [{f"old_{name}": value for name, value in zip(KEY, key, strict=True)} for key in keys]


def _one() -> list[ColumnElement[bool]]:
    return [discrepancy.c[name] == bindparam(f"old_{name}") for name in KEY]


def _is_on(table: Table) -> ColumnElement[bool]:
    same = (table.c[name] == discrepancy.c[name] for name in ("exit_id", *KEY))
    return exists().where(*same).correlate(discrepancy)

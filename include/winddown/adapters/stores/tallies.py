"""What was judged and found: expectation results, the gate's verdicts, discrepancies."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import discrepancy, expectation_result, gate_verdict

DISCREPANCY_KEY = ("request_id", "sku", "condition", "kind")


class ExpectationStore:
    """What the expectation suites said; one row per expectation and judgement."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, exit_id: str, subject: str, subject_id: str, results: Sequence[Mapping[str, object]]
    ) -> None:
        """
        Keep the results of one judgement.

        Args:
            exit_id: whose.
            subject: snapshot, plan or reconciliation.
            subject_id: the id of what was judged.
            results: expectation, critical, success, bad_rows and detail (fits JSON).
        """
        head = {"exit_id": exit_id, "subject": subject, "subject_id": subject_id}
        if results:
            with self._engine.begin() as connection:
                connection.execute(insert(expectation_result), [{**head, **row} for row in results])

    def of(self, subject: str, subject_id: str) -> list[dict[str, Any]]:
        """List the results about one thing, oldest first."""
        of_subject = (expectation_result.c.subject == subject) & (
            expectation_result.c.subject_id == subject_id
        )
        query = select(expectation_result).where(of_subject).order_by(expectation_result.c.result_id)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


class GateStore:
    """The gate's verdicts; one per snapshot, the latest counts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, snapshot_id: str, exit_id: str, cleared: bool, verdict: Mapping[str, object]) -> None:  # noqa: FBT001  the verdict is yes or no
        """Keep a verdict; verdict fits JSON."""
        values = {"cleared": cleared, "verdict": dict(verdict), "decided_at": func.now()}
        statement = insert(gate_verdict).values(snapshot_id=snapshot_id, exit_id=exit_id, **values)
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["snapshot_id"], set_=values))

    def of(self, snapshot_id: str) -> dict[str, Any] | None:
        """Find the verdict on a snapshot."""
        with self._engine.connect() as connection:
            query = select(gate_verdict).where(gate_verdict.c.snapshot_id == snapshot_id)
            row = connection.execute(query).mappings().one_or_none()
        return dict(row) if row else None


class DiscrepancyStore:
    """What does not fit between request, shipment and count."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def replace(self, exit_id: str, rows: Sequence[Mapping[str, object]]) -> None:
        """
        Make the discrepancies of an exit those of the newest match.

        One that is still there keeps the time it was found and what became of it; an open one
        that is gone is taken out.

        Args:
            exit_id: whose.
            rows: request_id (or the desk's number when the request is not ours), sku, condition,
                kind, qty [pcs > 0], value_minor and currency.
        """
        given = [{"exit_id": exit_id, **row} for row in rows]
        new = insert(discrepancy)
        update_ = {name: new.excluded[name] for name in ("qty", "value_minor", "currency")}
        upsert = new.on_conflict_do_update(index_elements=["exit_id", *DISCREPANCY_KEY], set_=update_)
        own = (discrepancy.c.exit_id == exit_id) & (discrepancy.c.state == "open")
        one = [discrepancy.c[name] == bindparam(f"old_{name}") for name in DISCREPANCY_KEY]
        with self._engine.begin() as connection:
            held = connection.execute(select(*(discrepancy.c[name] for name in DISCREPANCY_KEY)).where(own))
            found = {tuple(row[name] for name in DISCREPANCY_KEY) for row in given}
            gone = [
                {f"old_{name}": value for name, value in zip(DISCREPANCY_KEY, row, strict=True)}
                for row in held
                if tuple(row) not in found
            ]
            if gone:
                connection.execute(delete(discrepancy).where(own, *one), gone)
            if given:
                connection.execute(upsert, given)

    def of(self, exit_id: str) -> list[dict[str, Any]]:
        """List the discrepancies of an exit by request, SKU, condition and kind."""
        query = select(discrepancy).where(discrepancy.c.exit_id == exit_id)
        ordered = query.order_by(*(discrepancy.c[name] for name in DISCREPANCY_KEY))
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(ordered).mappings()]

"""What was judged: expectation results and the gate's verdicts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert

from include.winddown.adapters.stores.tables import expectation_result, gate_verdict


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

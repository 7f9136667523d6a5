"""Claims: prepared with their evidence, answered for by a person, handed over once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from include.winddown.adapters.stores.discrepancies import KEY
from include.winddown.adapters.stores.tables import (
    claim,
    claim_answer,
    claim_evidence,
    claim_line,
    discrepancy,
)
from include.winddown.domain.errors import BadParam, ClaimNotApproved, NothingToDo
from include.winddown.domain.match.claims import ClaimState

CLAIM_ID_DIGITS = 12
YES = "Approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A prepared claim; digest is that of its pack."""

    claim_id: str
    exit_id: str
    warehouse_id: str
    digest: str
    lines_count: int
    currency: str
    amount_minor: int


class ClaimStore:
    """The claims of every exit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def prepare(
        self, one: Claim, lines: Sequence[Mapping[str, Any]], files: Mapping[str, tuple[str, int]]
    ) -> None:
        """Keep a claim with its lines and evidence; the same one again is found, not added."""
        values = {name: getattr(one, name) for name in Claim.__slots__}
        head = {"claim_id": one.claim_id, "exit_id": one.exit_id}
        rows = [head | {name: line[name] for name in (*KEY, "qty", "value_minor")} for line in lines]
        evidence = [
            {"claim_id": one.claim_id, "name": name, "sha256": sha256, "size_bytes": size}
            for name, (sha256, size) in files.items()
        ]
        with self._engine.begin() as connection:
            new = upsert(claim).values(values).on_conflict_do_nothing().returning(claim.c.claim_id)
            if connection.execute(new).scalar_one_or_none() is not None:
                connection.execute(insert(claim_line), rows)
                connection.execute(insert(claim_evidence), evidence)

    def of(self, claim_ids: Sequence[str]) -> list[Claim]:
        """Find claims by id, in order of it."""
        query = select(*(claim.c[name] for name in Claim.__slots__)).where(claim.c.claim_id.in_(claim_ids))
        with self._engine.connect() as connection:
            return [Claim(**row) for row in connection.execute(query.order_by(claim.c.claim_id)).mappings()]

    def handed_over(self, exit_id: str, digits: str) -> str:
        """
        Find the one claim of an exit that begins with some digits and was handed over.

        Raises:
            BadParam: there is none, or several.
        """
        own = (claim.c.exit_id == exit_id) & claim.c.handed_over_at.is_not(None)
        query = select(claim.c.claim_id).where(own, claim.c.claim_id.startswith(digits, autoescape=True))
        with self._engine.connect() as connection:
            found: list[str] = list(connection.scalars(query))
        if len(found) != 1:
            msg = f"{len(found)} claims of {exit_id} that were handed over begin with {digits!r}; give the claim's id"
            raise BadParam(msg)
        return found[0]

    def record_answer(self, one: Claim, answer: Mapping[str, Any]) -> None:
        """Take down who answered what about exactly this pack; the same answer again is found."""
        row = {
            "claim_id": one.claim_id,
            "digest": one.digest,
            "option": answer["option"],
            "user_id": answer["user_id"],
            "user_name": answer["user_name"],
            "answered_at": answer["answered_at"],
            "ti_id": answer["ti_id"],
            "dag_run_id": answer["run_id"],
        }
        with self._engine.begin() as connection:
            connection.execute(upsert(claim_answer).values(row).on_conflict_do_nothing())

    def hand_over(self, one: Claim) -> str:
        """
        Mark a claim as handed over, and its discrepancies as claimed; doing it again changes nothing.

        Returns:
            Who approved it.

        Raises:
            ClaimNotApproved: nobody answered about this very pack.
            NothingToDo: it was rejected.
        """
        asked = (claim_answer.c.claim_id == one.claim_id) & (claim_answer.c.digest == one.digest)
        query = select(claim_answer.c.option, claim_answer.c.user_name).where(asked)
        with self._engine.begin() as connection:
            answer = connection.execute(query.order_by(claim_answer.c.answered_at.desc())).first()
            who = _approver(one, answer)
            mine = (claim.c.claim_id == one.claim_id) & claim.c.handed_over_at.is_(None)
            given = {"handed_over_at": func.now(), "handed_over_by": who}
            if connection.execute(update(claim).where(mine).values(given)).rowcount:
                lines = select(*(claim_line.c[name] for name in ("exit_id", *KEY)))
                for line in connection.execute(lines.where(claim_line.c.claim_id == one.claim_id)).mappings():
                    same = [discrepancy.c[name] == value for name, value in line.items()]
                    still_open = discrepancy.c.state == ClaimState.OPEN
                    values = {"state": ClaimState.CLAIMED, "decided_by": who, "changed_at": func.now()}
                    connection.execute(update(discrepancy).where(*same, still_open).values(values))
        return who


def _approver(one: Claim, answer: Any) -> str:
    if answer is None:
        msg = f"nobody answered for claim {one.claim_id}; answer its required action, or prepare it again"
        raise ClaimNotApproved(msg)
    who = str(answer.user_name or "somebody")
    if answer.option != YES:
        msg = f"claim {one.claim_id} was rejected by {who}"
        raise NothingToDo(msg)
    return who

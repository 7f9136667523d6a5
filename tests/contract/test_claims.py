"""Claims in a real PostgreSQL: prepared once, answered for, handed over once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.claims import Claim, ClaimStore
from include.winddown.adapters.stores.discrepancies import DiscrepancyStore
from include.winddown.domain.errors import ClaimNotApproved, NothingToDo

LINE: dict[str, Any] = {
    "request_id": "r-1",
    "sku": "SKU-1",
    "condition": "sellable",
    "kind": "short",
    "qty": 2,
    "value_minor": 1_000,
}
FILES = {"lines.csv": ("a" * 64, 10)}
CLAIM = Claim(
    claim_id="c1",
    exit_id="demo-1",
    warehouse_id="WH-1",
    digest="d" * 64,
    lines_count=1,
    currency="RUB",
    amount_minor=1_000,
)


def answer(option: str) -> dict[str, Any]:
    who = {"user_id": "7", "user_name": "Anna", "ti_id": f"ti-{option}", "run_id": "run"}
    return {"option": option, "answered_at": datetime(2026, 4, 1, tzinfo=UTC), **who}


@pytest.fixture
def claims(engine: Engine, exit_id: str) -> ClaimStore:
    told = {"currency": "RUB", "stake": "claim", "basis": "purchase_cost", "detail": ""}
    DiscrepancyStore(engine).replace(exit_id, [LINE | told])
    store = ClaimStore(engine)
    store.prepare(CLAIM, [LINE], FILES)
    store.prepare(CLAIM, [LINE], FILES)
    return store


def state_of(engine: Engine) -> tuple[str, str | None]:
    (one,) = DiscrepancyStore(engine).of("demo-1")
    return one["state"], one["decided_by"]


def test_an_approved_claim_is_handed_over_once(claims: ClaimStore, engine: Engine) -> None:
    """Its discrepancies become claimed under the name of the approver; again changes nothing."""
    assert claims.of(["c1", "c2"]) == [CLAIM]
    claims.record_answer(CLAIM, answer("Approve"))
    claims.record_answer(CLAIM, answer("Approve"))
    assert (claims.hand_over(CLAIM), claims.hand_over(CLAIM)) == ("Anna", "Anna")
    assert state_of(engine) == ("claimed", "Anna")


def test_without_an_answer_nothing_is_handed_over(claims: ClaimStore, engine: Engine) -> None:
    """Nor with an answer about another pack, nor with a no."""
    with pytest.raises(ClaimNotApproved, match="nobody answered"):
        claims.hand_over(CLAIM)
    claims.record_answer(replace(CLAIM, digest="e" * 64), answer("Approve"))
    with pytest.raises(ClaimNotApproved):
        claims.hand_over(CLAIM)
    claims.record_answer(CLAIM, answer("Reject"))
    with pytest.raises(NothingToDo, match="rejected by Anna"):
        claims.hand_over(CLAIM)
    assert state_of(engine) == ("open", None)


@pytest.mark.parametrize(
    "statement",
    [
        "update claim set amount_minor = 9",
        "update claim set handed_over_at = now()",
        "delete from claim_line",
        "update claim_evidence set size_bytes = 1",
        "delete from claim",
    ],
)
def test_evidence_stays(claims: ClaimStore, engine: Engine, statement: str) -> None:
    """A claim, its lines and its evidence are never edited, and nobody hands over without a name."""
    assert claims.of(["c1"])
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))

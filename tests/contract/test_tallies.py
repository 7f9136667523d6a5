"""Verdicts, results and discrepancies in a real PostgreSQL."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.discrepancies import DiscrepancyStore
from include.winddown.adapters.stores.tallies import ExpectationStore, GateStore

RESULT = {
    "expectation": "sku is there",
    "critical": True,
    "success": False,
    "bad_rows": 3,
    "detail": {"n": 3},
}


def row(kind: str, qty: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "request_id": "r-1",
        "sku": "SKU-1",
        "condition": "sellable",
        "kind": kind,
        "qty": qty,
        "value_minor": 500 * qty,
        "currency": "RUB",
        "stake": "claim",
        "basis": "purchase_cost",
        "detail": "",
        **changes,
    }


def test_results_come_back_in_order(engine: Engine, exit_id: str) -> None:
    """Every judgement is kept beside the earlier ones."""
    store = ExpectationStore(engine)
    store.add(exit_id, "plan", "plan-1", [RESULT, {**RESULT, "success": True, "bad_rows": 0}])
    store.add(exit_id, "plan", "plan-1", [RESULT])
    store.add(exit_id, "plan", "plan-2", [])
    assert [one["bad_rows"] for one in store.of("plan", "plan-1")] == [3, 0, 3]
    assert store.of("plan", "plan-1")[0]["detail"] == {"n": 3}
    assert store.of("plan", "plan-2") == []


def test_an_unknown_subject_is_refused(engine: Engine, exit_id: str) -> None:
    """Results are about a snapshot, a plan or a reconciliation."""
    with pytest.raises(IntegrityError, match="expectation_result_subject_ck"):
        ExpectationStore(engine).add(exit_id, "weather", "x", [RESULT])


def test_the_latest_verdict_counts(engine: Engine, exit_id: str, snapshot_id: str) -> None:
    """The gate may be asked again about one snapshot."""
    gate = GateStore(engine)
    gate.record(snapshot_id, exit_id, False, {"blocking_orders": ["P-1"]})  # noqa: FBT003  yes or no
    gate.record(snapshot_id, exit_id, True, {"blocking_orders": []})  # noqa: FBT003  yes or no
    verdict = gate.of(snapshot_id)
    assert (verdict["cleared"], verdict["verdict"]) == (True, {"blocking_orders": []})
    assert gate.of("nope") is None


def test_discrepancies_are_those_of_the_newest_match(engine: Engine, exit_id: str) -> None:
    """A new match updates, adds and takes out; what is still there keeps the time it was found."""
    store = DiscrepancyStore(engine)
    store.replace(exit_id, [row("short", 2), row("damaged")])
    found_at = store.of(exit_id)[1]["found_at"]
    store.replace(exit_id, [row("short", 3), row("overage")])
    after = store.of(exit_id)
    assert [(one["kind"], one["qty"], one["value_minor"]) for one in after] == [
        ("overage", 1, 500),
        ("short", 3, 1_500),
    ]
    assert after[1]["found_at"] == found_at


def test_a_claimed_discrepancy_is_not_forgotten(engine: Engine, exit_id: str) -> None:
    """What a person works on stays, even when a later match no longer shows it."""
    store = DiscrepancyStore(engine)
    store.replace(exit_id, [row("short"), row("damaged")])
    with engine.begin() as connection:
        connection.execute(text("update discrepancy set state = 'claimed' where kind = 'short'"))
    store.replace(exit_id, [])
    assert [(one["kind"], one["state"]) for one in store.of(exit_id)] == [("short", "claimed")]


def test_a_discrepancy_of_no_pieces_is_refused(engine: Engine, exit_id: str) -> None:
    """Zero pieces are no discrepancy."""
    with pytest.raises(IntegrityError, match="discrepancy_qty_ck"):
        DiscrepancyStore(engine).replace(exit_id, [row("short", 0)])


@pytest.mark.parametrize(
    "statement",
    [
        "update discrepancy set state = 'paid'",
        "update discrepancy set state = 'written_off'",
        "update discrepancy set kind = 'damaged'",
    ],
)
def test_the_database_refuses_illegal_moves_itself(engine: Engine, exit_id: str, statement: str) -> None:
    """Also by hand no claim jumps a step, loses its name or becomes another."""
    DiscrepancyStore(engine).replace(exit_id, [row("short")])
    with engine.begin() as connection, pytest.raises(IntegrityError, match="discrepancy"):
        connection.execute(text(statement))


def test_what_is_claimed_is_not_deleted(engine: Engine, exit_id: str) -> None:
    """A claimed discrepancy stays, even when somebody deletes it by hand."""
    store = DiscrepancyStore(engine)
    store.replace(exit_id, [row("short")])
    with engine.begin() as connection:
        connection.execute(text("update discrepancy set state = 'claimed'"))
    with engine.begin() as connection, pytest.raises(IntegrityError, match="claimed and stays"):
        connection.execute(text("delete from discrepancy"))

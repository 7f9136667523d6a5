"""The gate over real snapshots: Parquet, DuckDB and PostgreSQL."""

from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.stores.parts import Parts
from include.winddown.adapters.stores.snapshots import Snapshot, SnapshotStore
from include.winddown.adapters.stores.tallies import GateStore
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.frames import CATALOGUE, SUPPLIES
from include.winddown.domain.gate import GateVerdict
from include.winddown.runtime import doors
from include.winddown.steps.gate import held_skus, judge_gate
from include.winddown.steps.plan_wind_down import estimate, split
from tests.contract.snapshot_kit import NOON, Row, order, product, shelf, snapshot_of

HISTORY = [order(f"P-{day}-{n}", days_ago=day + 0.5) for day in range(2, 80) for n in range(5)]


@pytest.fixture(autouse=True)
def _installation(monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path) -> None:
    """The doors of a step lead to the test's database and folder."""
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))


def judged(engine: Engine, merchant_exit: Exit, snapshot: Snapshot, **policy: object) -> GateVerdict:
    """Judge a snapshot and keep the verdict, as the task does."""
    verdict = judge_gate(replace(merchant_exit, policy=Policy.of(policy)), snapshot)
    GateStore(engine).record(snapshot.snapshot_id, merchant_exit.exit_id, verdict.cleared, asdict(verdict))
    return verdict


def supply(status: str, supply_id: str = "S-1") -> Row:
    return {
        "supply_id": supply_id,
        "status": status,
        "warehouse_id": None,
        "units_qty": 7,
        "can_be_cancelled": "yes",
        "listed_in": "orders",
    }


def test_the_second_clear_read_opens_the_gate(
    engine: Engine, snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit
) -> None:
    """The first says when the second is due; asking the same snapshot again changes nothing."""
    first = snapshot_of(snapshots, exit_id, [order("P-1")])
    for _ in range(2):
        verdict = judged(engine, merchant_exit, first)
        assert (verdict.cleared, verdict.second_read_at) == (False, "2026-11-08T16:00+00:00")
    second = snapshot_of(snapshots, exit_id, [order("P-1")], at=NOON + timedelta(hours=4))
    verdict = judged(engine, merchant_exit, second)
    assert (verdict.cleared, verdict.confirmed_by) == (True, first.snapshot_id)


@pytest.mark.fault("F24", "S2")
def test_a_blocked_read_in_between_starts_anew(
    engine: Engine, snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit
) -> None:
    """Clear, blocked, clear is not two clear reads."""
    reads = [("delivered", 0), ("awaiting_deliver", 2), ("delivered", 5)]
    verdicts = [
        judged(
            engine,
            merchant_exit,
            snapshot_of(snapshots, exit_id, [order("P-1", status)], at=NOON + timedelta(hours=hours)),
        )
        for status, hours in reads
    ]
    assert [verdict.cleared for verdict in verdicts] == [False, False, False]
    assert verdicts[2].second_read_at == "2026-11-08T21:00+00:00"


def test_open_supplies_block_and_closed_ones_do_not(
    engine: Engine, snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit
) -> None:
    """A supply without a warehouse is one too; a source that does not tell supplies is said to."""
    rows = [supply("COMPLETED", "S-1"), supply("SOMETHING_NEW", "S-2")]
    told = snapshot_of(snapshots, exit_id, more=[(SUPPLIES, rows)])
    verdict = judged(engine, merchant_exit, told, gate_confirm_after_minutes=0)
    assert [one.supply_id for one in verdict.blocking_supplies] == ["S-2"]
    assert (verdict.cleared, verdict.supplies_known) == (False, True)
    untold = judged(engine, merchant_exit, snapshot_of(snapshots, exit_id), gate_confirm_after_minutes=0)
    assert (untold.cleared, untold.supplies_known) == (True, False)


def test_the_forecast_reads_the_ages_of_postings(
    engine: Engine, snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit
) -> None:
    """All that is older than two days has left, so the last of today's leaves in two days."""
    pending = [order(f"N-{n}", "awaiting_deliver", days_ago=0.5) for n in range(4)]
    verdict = judged(engine, merchant_exit, snapshot_of(snapshots, exit_id, [*HISTORY, *pending]))
    assert verdict.forecast is not None
    assert verdict.forecast.likely_on == "2026-11-10"
    assert verdict.forecast.known_qty == len(HISTORY) + 4


def test_postings_on_their_way_are_named_and_do_not_block(
    engine: Engine, snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit
) -> None:
    """They block the closing later; the oldest come first."""
    orders = [order("P-2", "delivering", 3), order("P-1", "driver_pickup", 9), order("P-3")]
    verdict = judged(
        engine, merchant_exit, snapshot_of(snapshots, exit_id, orders), gate_confirm_after_minutes=0
    )
    assert verdict.cleared
    assert (verdict.in_transit_qty, verdict.in_transit_orders) == (2, ("P-1", "P-2"))


def test_what_is_held_back_is_kept_for_the_split(
    engine: Engine, snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit
) -> None:
    """The SKUs and the reasons come back from the stored verdict."""
    snapshot = snapshot_of(
        snapshots,
        exit_id,
        [order("P-1", "awaiting_deliver")],
        [shelf("A1"), shelf("B2", reserved_qty=1), shelf("C3")],
    )
    verdict = judged(engine, merchant_exit, snapshot, gate_policy="hold_back", gate_confirm_after_minutes=0)
    assert (verdict.passes, verdict.cleared) == (True, False)
    assert held_skus(snapshot.snapshot_id) == {
        "A1": "Held back: pending in P-1.",
        "B2": "Held back: 1 pieces reserved.",
    }


def test_the_split_holds_what_the_gate_holds_back(
    engine: Engine, snapshots: SnapshotStore, exit_id: str, merchant_exit: Exit, tmp_path: Path
) -> None:
    """All free units of the SKU in all warehouses and conditions; other SKUs go on, reserved ones stay."""
    shelves = [
        shelf("A1", 10),
        shelf("A1", 4, condition="damaged_by_seller"),
        shelf("A1", 6, warehouse_id="WH-2"),
        shelf("C3", 9),
    ]
    snapshot = snapshot_of(
        snapshots,
        exit_id,
        [order("P-1", "awaiting_deliver")],
        shelves,
        more=[(CATALOGUE, [product("A1"), product("C3")])],
    )
    judged(engine, merchant_exit, snapshot, gate_policy="hold_back", gate_confirm_after_minutes=0)
    key = {"exit_id": exit_id, "snapshot_id": snapshot.snapshot_id, "plan_id": "p"}
    (part,) = estimate([key | {"warehouse_id": name} for name in ("WH-1", "WH-2")])
    split(part)
    lines = Parts(UPath(tmp_path / "store"), exit_id, "p").read("lines", part["part_no"]).to_pylist()
    a1 = [(line["warehouse_id"], line["planned_qty"]) for line in lines if line["sku"] == "A1"]
    assert a1 == [("WH-1", 4), ("WH-1", 10), ("WH-2", 6)]
    assert {line["disposition"] for line in lines if line["sku"] == "A1"} == {"hold"}
    assert sum(line["planned_qty"] for line in lines if line["sku"] == "C3") == 9
    assert "hold" not in {line["disposition"] for line in lines if line["sku"] == "C3"}
    assert {line["why"] for line in lines if line["disposition"] == "hold"} == {"Held back: pending in P-1."}

"""Stock against the marketplace's totals, through the steps: sandbox, real PostgreSQL, real files."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import Connection
from sqlalchemy import Engine
from upath import UPath

from include.winddown.domain.errors import StockDisagrees
from include.winddown.runtime import doors
from include.winddown.steps import plan_wind_down, take_snapshot
from include.winddown.steps.compare import comparison_notes
from include.winddown.steps.open_exit import open_exit
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "4", "--size", "12") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


@pytest.fixture
def opened(
    sandbox: Sandbox, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Open an exit that works on the sandbox, with policy settings; the asset event goes nowhere."""
    sheet = tmp_path / "costs.csv"
    sheet.write_bytes(sandbox.http.get("/world/costs.csv").content)
    host, port = "127.0.0.1", int(sandbox.address.rsplit(":", 1)[1])

    def connection(conn_type: str, password: str, **extra: object) -> Connection:
        return Connection(
            conn_id=password,
            conn_type=conn_type,
            host=host,
            port=port,
            login=sandbox.greeting["client_id"],
            password=sandbox.greeting[password],
            extra=json.dumps(extra),
        )

    there = {
        "shop": connection("ozon", "api_key", sandbox=True, costs=str(sheet)),
        "desk": connection("http", "partner_token", kind="partner_api", scheme="http"),
        "dock": connection("http", "dock_token", kind="dock_api", scheme="http"),
        "winddown_approvers": Connection(conn_id="winddown_approvers", extra=json.dumps({"ada": "7"})),
    }
    monkeypatch.setattr(doors, "connection_of", there.__getitem__)
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))
    monkeypatch.setattr(take_snapshot, "announce", lambda *_args, **_facts: None)
    monkeypatch.setattr(plan_wind_down, "run_key", lambda: "run-1")
    for step in ("open_exit", "take_snapshot", "plan_wind_down"):
        monkeypatch.setattr(f"include.winddown.steps.{step}.started_by", lambda: "zoe")

    def open_with(**policy: Any) -> str:
        form = {
            "exit_id": "demo-1",
            "merchant": "Demo merchant",
            "marketplace_conn": "shop",
            "desk_conn": "desk",
            "dock_conn": "dock",
            "destination": "OWN-WH-1",
            "currency": "RUB",
            "deadline_on": (datetime.now(UTC) + timedelta(weeks=12)).date().isoformat(),
            "policy": {"gate_confirm_after_minutes": 0, **policy},
        }
        return open_exit(json.dumps(form))

    return open_with


def snapshot(sandbox: Sandbox, exit_id: str, *, drift: int = 0) -> str:
    """Take a snapshot as the DAG does; on order the marketplace counts one piece more than its partner."""
    key = take_snapshot.begin(exit_id, "", "False")
    for name in ("pull_catalogue", "pull_stock", "pull_orders", "pull_totals", "pull_supplies"):
        if name == "pull_totals":
            sandbox.faults(ozon={"totals_drift": drift})
        getattr(take_snapshot, name)(key)
    return take_snapshot.publish(take_snapshot.compare(take_snapshot.validate(key)))


@pytest.mark.fault("F24", "S3")
def test_totals_beyond_the_tolerance_stop_the_plan(sandbox: Sandbox, opened: Callable[..., str]) -> None:
    """One piece apart and none allowed: the gate names SKU, both counts, the limit and the two ways out."""
    exit_id = opened()
    snapshot_id = snapshot(sandbox, exit_id, drift=1)
    with pytest.raises(StockDisagrees) as stopped:
        plan_wind_down.gate(exit_id)
    sentence = str(stopped.value)
    (note,) = comparison_notes(snapshot_id)
    assert note.startswith("the warehouses' report and the marketplace's totals differ in 1 SKUs: ")
    assert sentence == (
        f"{note}; allowed are 0 pieces a SKU. Ask the partner for a new report"
        " and take a new snapshot, or raise stock_difference_max_qty in the exit's policy"
    )
    sku, report, totals = told(note)
    assert sku in {row["sku"] for row in sandbox.stock()}
    assert totals == report + 1


def told(note: str) -> tuple[str, int, int]:
    """The SKU and the pieces of both sides."""
    sku, sides = note.split("SKUs: ")[1].split(": ")
    report, totals = (int(side.split()[0]) for side in sides.split(", "))
    return sku, report, totals


def test_a_new_snapshot_that_agrees_opens_the_plan(sandbox: Sandbox, opened: Callable[..., str]) -> None:
    """The first way out: the next snapshot counts, and nothing of the difference is left."""
    exit_id = opened()
    snapshot(sandbox, exit_id, drift=1)
    agreeing = snapshot(sandbox, exit_id)
    assert comparison_notes(agreeing) == []
    parts = plan_wind_down.gate(exit_id)
    assert {part["snapshot_id"] for part in parts} == {agreeing}
    assert {part["warehouse_id"] for part in parts} == {row["warehouse_id"] for row in sandbox.stock()}


def test_totals_within_the_tolerance_pass_and_are_told(sandbox: Sandbox, opened: Callable[..., str]) -> None:
    """The second way out: the plan goes on, and the approver reads the difference."""
    exit_id = opened(stock_difference_max_qty=1)
    snapshot_id = snapshot(sandbox, exit_id, drift=1)
    assert plan_wind_down.gate(exit_id)
    (note,) = comparison_notes(snapshot_id)
    _sku, report, totals = told(note)
    assert totals == report + 1

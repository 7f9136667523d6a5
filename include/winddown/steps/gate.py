"""Judge the newest snapshot at the gate: what blocks, who agrees, until when."""

from dataclasses import replace

from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.adapters.stores.tallies import GateStore
from include.winddown.domain import gate as gates
from include.winddown.domain.drain import AGE_MAX_DAYS, AgeCount, Forecast, forecast_drain
from include.winddown.domain.exits import Exit
from include.winddown.runtime import doors
from include.winddown.steps.gather import day_of, snapshots, taken_at


def judge_gate(merchant_exit: Exit, snapshot: Snapshot) -> gates.GateVerdict:
    """Gather what the gate needs to know and decide."""
    seen = _see(snapshot)
    reads = ask_rows(
        doors.database(), "gate_reads", exit_id=merchant_exit.exit_id, taken_at=taken_at(snapshot)
    )
    earlier = [gates.Read(**row | {"blocking_skus": tuple(row["blocking_skus"])}) for row in reads]
    verdict = gates.confirm(seen, taken_at(snapshot), earlier, merchant_exit.policy)
    transit = run_bulk(
        "gate_transit",
        {"orders": snapshots().paths(snapshot.snapshot_id, "orders")},
        {"in_transit": list(gates.IN_TRANSIT_STATUSES)},
    ).to_pylist()[0]
    return replace(
        verdict,
        supplies_known=snapshots().has(snapshot.snapshot_id, "supplies"),
        in_transit_qty=transit["in_transit_qty"],
        in_transit_orders=tuple(transit["in_transit_orders"] or ()),
        forecast=_forecast(snapshot) if verdict.blocking_orders else None,
    )


def held_skus(snapshot_id: str) -> dict[str, str]:
    """Tell which SKUs the gate holds back, and why."""
    verdict = GateStore(doors.database()).of(snapshot_id)
    return dict(verdict["verdict"].get("held", {})) if verdict else {}


def unread_rows(snapshot_id: str) -> dict[str, int]:
    """Count the rows in quarantine, by what they were meant to be."""
    return ask_rows(doors.database(), "gate_unread", snapshot_id=snapshot_id)[0]


def _see(snapshot: Snapshot) -> gates.GateVerdict:
    store, snapshot_id = snapshots(), snapshot.snapshot_id
    pending = run_bulk(
        "gate_pending",
        {"orders": store.paths(snapshot_id, "orders")},
        {"passable": list(gates.PASSABLE_STATUSES)},
    )
    reserved = run_bulk("gate_reserved", {"stock": store.paths(snapshot_id, "stock")})
    supplies = (
        run_bulk(
            "gate_supplies",
            {"supplies": store.paths(snapshot_id, "supplies")},
            {"closed": list(gates.CLOSED_SUPPLY_STATUSES)},
        ).to_pylist()
        if store.has(snapshot_id, "supplies")
        else []
    )
    return gates.decide(
        [gates.PendingLine(**row) for row in pending.to_pylist()],
        [gates.ReservedStock(**row) for row in reserved.to_pylist()],
        unread_rows(snapshot_id)["order_rows"],
        [gates.OpenSupply(**row) for row in supplies],
    )


def _forecast(snapshot: Snapshot) -> Forecast | None:
    ages = run_bulk(
        "gate_ages",
        {"orders": snapshots().paths(snapshot.snapshot_id, "orders")},
        {
            "taken_at": taken_at(snapshot),
            "passable": list(gates.PASSABLE_STATUSES),
            "age_max": AGE_MAX_DAYS,
        },
    )
    return forecast_drain([AgeCount(**row) for row in ages.to_pylist()], day_of(snapshot))

"""What several steps gather: stores, the exit, its snapshot, the digest of a stored plan."""

from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.approvals import ApprovalStore
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.plans import Plan, PlanStore
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.snapshots import Snapshot, SnapshotStore
from include.winddown.domain.approval import check_approved
from include.winddown.domain.cabinets import check_cabinet
from include.winddown.domain.exits import Exit
from include.winddown.domain.frames import Frame
from include.winddown.domain.plan import digest_plan
from include.winddown.runtime import doors


def snapshots() -> SnapshotStore:
    """The snapshot store of this installation."""
    return SnapshotStore(doors.database(), doors.store_root())


def exit_of(exit_id: str) -> Exit:
    """The exit of a run; UnknownExit names the known ones."""
    return ExitStore(doors.database()).get(exit_id)


def check_own_cabinet(merchant_exit: Exit) -> None:
    """Refuse an exit whose cabinet or key is another open exit's too; see check_cabinet."""
    mine = doors.cabinet(merchant_exit)
    if mine is None:
        return
    others = [
        exit_id for exit_id in ExitStore(doors.database()).open_ids() if exit_id != merchant_exit.exit_id
    ]
    found = (doors.cabinet(exit_of(exit_id)) for exit_id in others)
    check_cabinet(mine, [cabinet for cabinet in found if cabinet])


def exit_and_snapshot(exit_id: str) -> tuple[Exit, Snapshot]:
    """The exit of a run and the snapshot in force."""
    merchant_exit = exit_of(exit_id)
    return merchant_exit, snapshots().latest_valid(exit_id)


def taken_at(snapshot: Snapshot) -> datetime:
    """When the stock of a valid snapshot was counted."""
    if snapshot.taken_at is None:
        msg = f"snapshot {snapshot.snapshot_id} is {snapshot.state}, not valid"
        raise ValueError(msg)
    return snapshot.taken_at.astimezone(UTC)


def landed_at(snapshot_id: str) -> datetime:
    """When the stock of a landed snapshot was counted."""
    paths = {name: snapshots().paths(snapshot_id, name) for name in ("stock", "orders")}
    taken_at: datetime = run_bulk("snapshot_taken", paths).to_pylist()[0]["taken_at"]
    return taken_at.astimezone(UTC)


def day_of(snapshot: Snapshot) -> date:
    """The business day of a snapshot."""
    return taken_at(snapshot).date()


def table_of(rows: pd.DataFrame, frame: Frame) -> pa.Table:
    """Give rows the declared Arrow types."""
    return pa.Table.from_pandas(rows, schema=arrow_schema(frame), preserve_index=False)


def recompute_digest(plan: Plan) -> str:
    """Compute the digest of a plan from what is stored now."""
    store = PlanStore(doors.database())
    lines, packed = store.lines(plan.plan_id), store.shipment_lines(plan.plan_id)
    decisions = store.decisions(plan.plan_id)
    rows = (table.to_pandas() for table in (lines, packed, decisions))
    return digest_plan(plan.summary["facts"], *rows)


def verified_digest(plan_id: str) -> str:
    """Give the digest of a plan whose approval and stored lines both carry it; see check_approved."""
    plan = PlanStore(doors.database()).get(plan_id)
    approval = ApprovalStore(doors.database()).of(plan_id)
    decided = (approval.decision, approval.digest) if approval else None
    check_approved(plan.digest, recompute_digest(plan), decided)
    return plan.digest


def approved_plans(exit_id: str) -> list[str]:
    """The ids of every approved plan of an exit, sorted."""
    return [str(row["plan_id"]) for row in ask_rows(doors.database(), "seal_approved", exit_id=exit_id)]

"""Gate, estimate, split, pack and freeze: from a snapshot to a plan put up for approval."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.expectations import judge
from include.winddown.adapters.stores.parts import Parts
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.adapters.stores.tallies import ExpectationStore, GateStore
from include.winddown.domain.approvers import authors_of, count_needed
from include.winddown.domain.corridor import corridor_notes
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.expectations import plan_expectations
from include.winddown.domain.frames import PLAN_LINES, SHIPMENT_LINES
from include.winddown.domain.gate import pass_or_stop
from include.winddown.domain.gate_words import verdict_sentence
from include.winddown.domain.plan import check_units, digest_plan, summarise_plan
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.shipments import list_shipments, pack_returns
from include.winddown.domain.split.engine import split_stock
from include.winddown.domain.split.weeks import weeks_until
from include.winddown.domain.split.whatif import Outcome, add_outcomes
from include.winddown.domain.texts import cut, markdown_safe
from include.winddown.runtime import doors
from include.winddown.runtime.stations import run_key, started_by, tell
from include.winddown.steps.approval import ask, hear, seal
from include.winddown.steps.balance import bring_books_up_to_date
from include.winddown.steps.clearing import begin_clearing, stop_without_stock
from include.winddown.steps.compare import comparison_notes, stop_at_differences
from include.winddown.steps.corridor import corridor
from include.winddown.steps.gate import judge_gate, unread_rows
from include.winddown.steps.gather import (
    approved_plans,
    day_of,
    exit_and_snapshot,
    exit_of,
    snapshots,
    table_of,
)
from include.winddown.steps.split import ALL, demand_of, ranges_of, response_of, response_table, stock_of
from include.winddown.steps.what_if import what_if

__all__ = ["ask", "corridor", "estimate", "freeze", "gate", "hear", "pack", "seal", "split", "what_if"]

SAMPLE_ROWS = 12


def gate(exit_id: str) -> list[dict[str, str]]:
    """Let the exit's newest snapshot through, or stop and name what blocks it."""
    begin_clearing(exit_id)
    merchant_exit, snapshot = exit_and_snapshot(exit_id)
    EventStore(doors.database()).add(exit_id, doors.desk(merchant_exit).events())
    stop_at_differences(merchant_exit, snapshot.snapshot_id)
    verdict = judge_gate(merchant_exit, snapshot)
    GateStore(doors.database()).record(snapshot.snapshot_id, exit_id, verdict.cleared, asdict(verdict))
    sentence = verdict_sentence(verdict)
    tell(sentence)
    pass_or_stop(verdict, sentence)
    bring_books_up_to_date(merchant_exit, snapshot)
    stop_without_stock(snapshot)
    plan_id = f"{snapshot.snapshot_id}-{run_key()}"
    warehouses = snapshots().warehouses(snapshot.snapshot_id)
    return [
        {
            "exit_id": exit_id,
            "snapshot_id": snapshot.snapshot_id,
            "plan_id": plan_id,
            "warehouse_id": warehouse_id,
        }
        for warehouse_id in warehouses
    ]


def estimate(parts: list[dict[str, str]]) -> list[dict[str, str]]:
    """Learn the demand of all SKUs together, and cut them into ranges for the split."""
    key = {name: value for name, value in next(iter(parts)).items() if name != "warehouse_id"}
    merchant_exit, snapshot = exit_of(key["exit_id"]), snapshots().get(key["snapshot_id"])
    demand = demand_of(snapshot, key["exit_id"], merchant_exit.policy)
    store = _parts(key)
    store.write("demand", ALL, pa.Table.from_pandas(demand.listings, preserve_index=False))
    store.write("response", ALL, response_table(demand.response))
    ranges = ranges_of(snapshot)
    tell(f"{len(demand.listings)} SKUs with sellable stock, split in {len(ranges)} parts")
    return [
        key
        | {
            "part_no": f"{row['part_no']:05}",
            "first_sku": str(row["first_sku"]),
            "last_sku": str(row["last_sku"]),
        }
        for row in ranges
    ]


def split(part: dict[str, str]) -> dict[str, str]:
    """Give every unit of a range of SKUs its disposition, in all warehouses together."""
    merchant_exit, snapshot = exit_of(part["exit_id"]), snapshots().get(part["snapshot_id"])
    store, counted_on = _parts(part), day_of(snapshot)
    weeks = weeks_until((merchant_exit.deadline_on - counted_on).days, merchant_exit.policy)
    demand = store.read("demand", ALL).to_pandas()
    response = response_of(store.read("response", ALL))
    stock = stock_of(snapshot, part, merchant_exit.policy)
    found = split_stock(stock, demand, response, weeks, merchant_exit.policy, counted_on)
    store.write("lines", part["part_no"], table_of(found.lines, PLAN_LINES))
    store.write("decisions", part["part_no"], table_of(found.decisions, DECISIONS))
    tell(f"{found.lines.groupby('disposition')['planned_qty'].sum().to_dict()}")
    return part


def pack(part: dict[str, str]) -> dict[str, str]:
    """Pack the returns of one warehouse into shipments."""
    merchant_exit = exit_of(part["exit_id"])
    place = {"warehouse_id": part["warehouse_id"]}
    lines = run_bulk("pack_lines", {"lines": _parts(part).paths("lines")}, place).to_pandas()
    packed = pack_returns(lines, merchant_exit.destination, merchant_exit.policy)
    _parts(part).write("shipment_lines", part["warehouse_id"], table_of(packed, SHIPMENT_LINES))
    tell(f"{part['warehouse_id']}: {packed['shipment_no'].nunique()} shipments")
    return part


def freeze(parts: list[dict[str, str]], tried: Iterable[list[list[Any]]]) -> str:
    """Put the whole plan under one digest, judge it, and store it as proposed, beside what else was tried."""
    key = next(iter(parts))
    merchant_exit, snapshot = exit_of(key["exit_id"]), snapshots().get(key["snapshot_id"])
    lines, decisions, packed = (_gathered(key, kind) for kind in ("lines", "decisions", "shipment_lines"))
    _judge(key, merchant_exit.policy, lines, packed, decisions)
    rows, packed_rows, decided = lines.to_pandas(), packed.to_pandas(), decisions.to_pandas()
    shipments = list_shipments(packed_rows)
    summary = summarise_plan(rows, shipments, decided)
    facts = _facts(merchant_exit, snapshot, summary["at_stake_minor"])
    extra = {
        "facts": facts,
        "approved_before": approved_plans(merchant_exit.exit_id),
        "sample": _sample(rows),
        "notes": [markdown_safe(note) for note in comparison_notes(snapshot.snapshot_id)]
        + corridor_notes(merchant_exit.policy.prices.corridor_pct, merchant_exit.policy.language),
        "unread_stock_rows": unread_rows(snapshot.snapshot_id)["stock_rows"],
        "what_if": add_outcomes([Outcome(*one) for one in part] for part in tried),
    }
    PlanStore(doors.database()).propose(
        plan_id=key["plan_id"],
        exit_id=merchant_exit.exit_id,
        snapshot_id=snapshot.snapshot_id,
        digest=digest_plan(facts, rows, packed_rows, decided),
        summary=summary | extra,
        lines=lines.to_batches(),
        shipments=shipments.to_dict("records"),
        shipment_lines=packed.to_batches(),
        decisions=decisions.to_batches(),
    )
    return key["plan_id"]


def _facts(merchant_exit: Exit, snapshot: Snapshot, at_stake_minor: int) -> dict[str, object]:
    """What steers the plan and its approval beside the lines: under the digest, too."""
    policy = merchant_exit.policy
    by_exit = ExitStore(doors.database()).authors(merchant_exit.exit_id)
    return {
        "exit_id": merchant_exit.exit_id,
        "snapshot_id": snapshot.snapshot_id,
        "deadline_on": merchant_exit.deadline_on.isoformat(),
        "destination": merchant_exit.destination,
        "policy": policy.settings(),
        "authors": authors_of(started_by(), snapshot.started_by, *by_exit),
        "approvals_needed": count_needed(at_stake_minor, policy.approval_second_above_minor),
    }


def _judge(
    key: dict[str, str], policy: Policy, lines: pa.Table, packed: pa.Table, decisions: pa.Table
) -> None:
    stock = run_bulk("freeze_stock", {"stock": snapshots().paths(key["snapshot_id"], "stock")})
    check_units(stock.to_pandas(), lines.to_pandas())
    judgement = judge(
        {"plan_lines": lines, "shipment_lines": packed, "stock": stock, "decisions": decisions},
        plan_expectations(
            weight_max_g=policy.shipment_weight_max_g,
            volume_usable_ml=policy.shipment_volume_max_ml * policy.usable_fill_pct // 100,
        ),
    )
    ExpectationStore(doors.database()).add(key["exit_id"], "plan", key["plan_id"], judgement.rows())
    tell(judgement.summary())
    judgement.raise_if_failed(f"plan {key['plan_id']}")


def _sample(lines: pd.DataFrame) -> list[dict[str, object]]:
    """The lines with the most money at stake, their texts safe to show as Markdown."""
    worth = (lines["planned_qty"] * lines["price_minor"]).sort_values(ascending=False, kind="stable")
    shown = ["warehouse_id", "sku", "name", "disposition", "planned_qty", "why"]
    top = lines.loc[worth.index[:SAMPLE_ROWS], shown]
    return [
        {
            name: markdown_safe(cut(value)) if isinstance(value, str) else int(value)
            for name, value in row.items()
        }
        for row in top.to_dict("records")
    ]


def _parts(part: dict[str, str]) -> Parts:
    return Parts(doors.store_root(), part["exit_id"], part["plan_id"])


def _gathered(key: dict[str, str], kind: str) -> pa.Table:
    return run_bulk("freeze_parts", {"parts": _parts(key).paths(kind)})

"""Gate, split, pack and freeze: from a snapshot to a plan put up for approval."""

from dataclasses import asdict
from datetime import timedelta

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.expectations import judge
from include.winddown.adapters.stores.parts import Parts
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.questions import ask_state
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.adapters.stores.tallies import ExpectationStore, GateStore
from include.winddown.domain.exits import Policy
from include.winddown.domain.expectations import plan_expectations
from include.winddown.domain.frames import PLAN_LINES, SHIPMENT_LINES
from include.winddown.domain.gate import pass_or_stop
from include.winddown.domain.gate_words import verdict_sentence
from include.winddown.domain.plan import check_units, digest_plan, summarise_plan
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.shipments import list_shipments, pack_returns
from include.winddown.domain.split import horizon, split_stock
from include.winddown.domain.texts import cut, markdown_safe
from include.winddown.runtime import doors
from include.winddown.runtime.stations import run_key, tell
from include.winddown.steps.approval import ask, hear, seal
from include.winddown.steps.balance import bring_books_up_to_date
from include.winddown.steps.compare import comparison_notes, stop_at_differences
from include.winddown.steps.gate import held_skus, judge_gate, unread_rows
from include.winddown.steps.gather import (
    approved_plans,
    day_of,
    exit_and_snapshot,
    exit_of,
    snapshots,
    table_of,
    taken_at,
)

__all__ = ["ask", "freeze", "gate", "hear", "pack", "seal", "split"]

COMMITTED = {"warehouse_id": str, "sku": str, "condition": str, "committed_qty": int}
SAMPLE_ROWS = 12


def gate(exit_id: str) -> list[dict[str, str]]:
    """Let the exit's newest snapshot through, or stop and name what blocks it."""
    merchant_exit, snapshot = exit_and_snapshot(exit_id)
    EventStore(doors.database()).add(exit_id, doors.desk(merchant_exit).events())
    stop_at_differences(merchant_exit, snapshot.snapshot_id)
    verdict = judge_gate(merchant_exit, snapshot)
    GateStore(doors.database()).record(snapshot.snapshot_id, exit_id, verdict.cleared, asdict(verdict))
    sentence = verdict_sentence(verdict)
    tell(sentence)
    pass_or_stop(verdict, sentence)
    bring_books_up_to_date(merchant_exit, snapshot)
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


def split(part: dict[str, str]) -> dict[str, str]:
    """Give every unit of one warehouse its disposition."""
    merchant_exit, snapshot = exit_of(part["exit_id"]), snapshots().get(part["snapshot_id"])
    stock, days_known = _stock_of(snapshot, part, merchant_exit.policy)
    clock = horizon((merchant_exit.deadline_on - day_of(snapshot)).days, days_known, merchant_exit.policy)
    lines = split_stock(stock, clock, merchant_exit.policy)
    _parts(part).write("lines", part["warehouse_id"], table_of(lines, PLAN_LINES))
    tell(f"{part['warehouse_id']}: {lines.groupby('disposition')['planned_qty'].sum().to_dict()}")
    return part


def pack(part: dict[str, str]) -> dict[str, str]:
    """Pack the returns of one warehouse into shipments."""
    merchant_exit = exit_of(part["exit_id"])
    lines = _parts(part).read("lines", part["warehouse_id"]).to_pandas()
    packed = pack_returns(lines, merchant_exit.destination, merchant_exit.policy)
    _parts(part).write("shipment_lines", part["warehouse_id"], table_of(packed, SHIPMENT_LINES))
    tell(f"{part['warehouse_id']}: {packed['shipment_no'].nunique()} shipments")
    return part


def freeze(parts: list[dict[str, str]]) -> str:
    """Put the whole plan under one digest, judge it, and store it as proposed."""
    key = next(iter(parts))
    merchant_exit, snapshot = exit_of(key["exit_id"]), snapshots().get(key["snapshot_id"])
    lines, packed = _gathered(parts, "lines"), _gathered(parts, "shipment_lines")
    decisions = arrow_schema(DECISIONS).empty_table()
    _judge(key, merchant_exit.policy, lines, packed, decisions)
    rows, packed_rows, decided = lines.to_pandas(), packed.to_pandas(), decisions.to_pandas()
    shipments = list_shipments(packed_rows)
    facts = {
        "exit_id": merchant_exit.exit_id,
        "snapshot_id": snapshot.snapshot_id,
        "deadline_on": merchant_exit.deadline_on.isoformat(),
        "destination": merchant_exit.destination,
        "policy": merchant_exit.policy.settings(),
    }
    extra = {
        "facts": facts,
        "approved_before": approved_plans(merchant_exit.exit_id),
        "sample": _sample(rows),
        "notes": [markdown_safe(note) for note in comparison_notes(snapshot.snapshot_id)],
        "unread_stock_rows": unread_rows(snapshot.snapshot_id)["stock_rows"],
    }
    PlanStore(doors.database()).propose(
        plan_id=key["plan_id"],
        exit_id=merchant_exit.exit_id,
        snapshot_id=snapshot.snapshot_id,
        digest=digest_plan(facts, rows, packed_rows, decided),
        summary=summarise_plan(rows, shipments) | extra,
        lines=lines.to_batches(),
        shipments=shipments.to_dict("records"),
        shipment_lines=packed.to_batches(),
        decisions=decisions.to_batches(),
    )
    return key["plan_id"]


def _stock_of(snapshot: Snapshot, part: dict[str, str], policy: Policy) -> tuple[pd.DataFrame, int]:
    """Gather stock with catalogue, sales and promises, and how many days of sales are known."""
    now = taken_at(snapshot)
    paths = {name: snapshots().paths(snapshot.snapshot_id, name) for name in ("stock", "orders", "catalogue")}
    bounds = run_bulk("snapshot_taken", {name: paths[name] for name in ("stock", "orders")}).to_pylist()[0]
    days_known = (now - (bounds["first_ordered_at"] or now)).days + 1
    since = now - timedelta(days=min(days_known, policy.history_days))
    committed = ask_state(doors.database(), "split_committed", COMMITTED, exit_id=part["exit_id"])
    stock = run_bulk(
        "split_stock",
        {**paths, "committed": committed},
        {
            "since": since,
            "warehouse_id": part["warehouse_id"],
            "resale_default_pct": policy.returns.resale_default_pct,
        },
    )
    rows = stock.to_pandas()
    held = held_skus(snapshot.snapshot_id)
    return rows.assign(held_because=[held.get(sku, "") for sku in rows["sku"]]), days_known


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


def _gathered(parts: list[dict[str, str]], kind: str) -> pa.Table:
    return pa.concat_tables([_parts(part).read(kind, part["warehouse_id"]) for part in parts])

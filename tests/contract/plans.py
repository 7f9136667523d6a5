"""A small plan for the contract tests: four lines, two shipments, and a person who approves."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.answers import AnswerStore, AskedQuestion
from include.winddown.adapters.stores.approvals import ApprovalStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.frames import PLAN_LINES, SHIPMENT_LINES
from include.winddown.domain.plan_frames import DECISIONS


def plan_lines(rows: int = 4) -> pa.Table:
    """Make plan lines of two warehouses; every second one is marked down."""
    numbers = range(rows)
    return pa.table(
        {
            "warehouse_id": [f"WH-{1 + number % 2}" for number in numbers],
            "sku": [f"SKU-{number}" for number in numbers],
            "offer_id": [f"ART-{number}" for number in numbers],
            "name": [f'Кружка "№ {number}", белая' for number in numbers],
            "condition": ["sellable"] * rows,
            "disposition": ["return" if number % 2 else "markdown" for number in numbers],
            "planned_qty": [10] * rows,
            "handling_class": ["standard"] * rows,
            "weight_g": [300] * rows,
            "volume_ml": [900] * rows,
            "price_minor": [19_900] * rows,
            "new_price_minor": [None if number % 2 else 13_930 for number in numbers],
            "currency": ["RUB"] * rows,
            "unit_cost_minor": [5_000] * rows,
            "resale_minor": [7_000] * rows,
            "why": ["cover 30 weeks > 2 × 11 weeks left"] * rows,
        },
        schema=arrow_schema(PLAN_LINES),
    )


def shipment_lines() -> pa.Table:
    """Make two shipments of WH-2: two SKUs in the first, one in the second."""
    return pa.table(
        {
            "shipment_no": ["WH-2-standard-001", "WH-2-standard-001", "WH-2-standard-002"],
            "warehouse_id": ["WH-2"] * 3,
            "destination": ["own-warehouse"] * 3,
            "handling_class": ["standard"] * 3,
            "sku": ["SKU-1", "SKU-3", "SKU-3"],
            "offer_id": ["ART-1", "ART-3", "ART-3"],
            "condition": ["sellable"] * 3,
            "planned_qty": [10, 6, 4],
            "weight_g": [300] * 3,
            "volume_ml": [900] * 3,
        },
        schema=arrow_schema(SHIPMENT_LINES),
    )


def decisions(rows: int = 4) -> pa.Table:
    """Make decisions on the SKUs of plan_lines; the second can be returned and turns, the rest cannot."""
    numbers = range(rows)
    constant = {
        "currency": "RUB", "free_qty": 10, "dispose_qty": 0, "price_minor": 19_900, "discount_pct": 30,
        "new_price_minor": 13_930, "rate_per_week": 1 / 3, "weeks_left": 11.571428571428571,
        "expected_returned_qty": 0.1 + 0.2, "expected_disposed_qty": 1e-300, "sale_net_minor": -1,
        "return_all_minor": -881, "hold_minor": 5, "markdown_minor": 6, "dispose_all_minor": -(10**15),
        "bound_minor": 900, "plan_minor": 7, "margin_minor": 1, "second_best": "markdown", "reason": "mixed",
    }  # fmt: skip
    return (
        pa.table(
            {name: [value] * rows for name, value in constant.items()}
            | {
                "sku": [f"SKU-{number}" for number in numbers],
                "offer_id": [f"ART-{number}" for number in numbers],
                "keep_qty": [0 if number % 2 else 10 for number in numbers],
                "return_qty": [10 if number % 2 else 0 for number in numbers],
                "expected_sold_qty": [0.0 if number % 2 else 9.7 for number in numbers],
                "was_price_minor": [None if number % 2 else 15_000 for number in numbers],
                "last_call_on": [date(2027, 1, 18) if number % 2 else None for number in numbers],
                "return_net_minor": [-1 if number % 2 else None for number in numbers],
                "flip_weeks": [2.25 if number % 2 else None for number in numbers],
                "flip_return_minor": [-1 if number % 2 else None for number in numbers],
                "flip_rate": [4.0 if number % 2 else None for number in numbers],
                "defaults": ["elasticity resale" if number % 2 else None for number in numbers],
            },
        )
        .select(DECISIONS.names)
        .cast(arrow_schema(DECISIONS))
    )


SHIPMENTS = [
    {
        "shipment_no": number,
        "warehouse_id": "WH-2",
        "destination": "own-warehouse",
        "handling_class": "standard",
        "units_qty": units,
        "weight_g": 300 * units,
        "volume_ml": 900 * units,
    }
    for number, units in (("WH-2-standard-001", 16), ("WH-2-standard-002", 4))
]


def asked(plan_id: str, digest: str = "d" * 64, **changes: Any) -> AskedQuestion:
    """Make the question about a plan."""
    values = {
        "plan_id": plan_id,
        "digest": digest,
        "task_id": "approve",
        "ti_id": f"ti-of-{plan_id}",
        "dag_run_id": f"run-of-{plan_id}",
        "asking_no": 2,
        "subject": f"[plan {digest[:12]}] Return?",
        "asked_of": ["approver"],
    }
    return AskedQuestion(**(values | changes))


def approve(engine: Engine, plan_id: str) -> None:
    """Have a person approve a plan."""
    answers, digest = AnswerStore(engine), PlanStore(engine).get(plan_id).digest
    answers.ask(asked(plan_id, digest))
    answers.hear(f"ti-of-{plan_id}", "Approve", "7", "approver", datetime(2026, 11, 8, 9, tzinfo=UTC))
    ApprovalStore(engine).decide(plan_id, digest, "approved", answers.answer(plan_id, "approve"))

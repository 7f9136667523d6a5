"""A plan: every line and shipment under one digest, and its sums."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from include.winddown.domain.errors import UnitsLost, shorten
from include.winddown.domain.frames import DISPOSITIONS, INTEGER_KINDS, PLAN_LINES, SHIPMENT_LINES, Frame
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.split.certificate import certify

DIGEST_SHOWN = 12
DAY_LENGTH = len("2026-01-31")
_MISSING = -1


def digest_plan(
    facts: Mapping[str, object],
    lines: pd.DataFrame,
    shipment_lines: pd.DataFrame,
    decisions: pd.DataFrame | None = None,
) -> str:
    """
    Seal a plan: any change of a line, a shipment, a decision or a fact gives another digest.

    Args:
        facts: exit, snapshot and policy; JSON-able.
        lines: frames.PLAN_LINES in any order.
        shipment_lines: frames.SHIPMENT_LINES in any order.
        decisions: plan_frames.DECISIONS in any order; none leaves the digest as it was when there
            were no decisions, so that plans of that time still fit theirs.

    Returns:
        64 hexadecimal digits (SHA-256).
    """
    seal = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode())
    frames = [(PLAN_LINES, lines), (SHIPMENT_LINES, shipment_lines)]
    if decisions is not None and len(decisions):
        frames.append((DECISIONS, decisions))
    for frame, rows in frames:
        ordered = rows.sort_values(list(frame.grain), kind="stable")
        for name in frame.names:
            seal.update(f"\x1d{frame.name}.{name}\x1e".encode())
            seal.update(_column_bytes(frame, name, ordered[name]))
    return seal.hexdigest()


def _column_bytes(frame: Frame, name: str, values: pd.Series) -> bytes:
    column = frame.column(name)
    if column.kind in INTEGER_KINDS:
        numbers = values.astype("Int64")
        missing = _MISSING if column.low >= 0 else ""  # what no value of the column looks like
        texts = [str(number) for number in numbers.astype(object).where(numbers.notna(), missing)]
    elif column.nullable or column.kind in ("real", "on"):
        cut = DAY_LENGTH if column.kind == "on" else None
        texts = ["" if pd.isna(value) else str(value)[:cut] for value in values.tolist()]
    else:
        texts = values.tolist()
    return "\x1f".join(texts).encode()


def check_units(stock: pd.DataFrame, lines: pd.DataFrame) -> None:
    """
    Hold the plan against the snapshot, SKU by SKU.

    Args:
        stock: one row per (warehouse_id, sku, condition) with on_hand_qty.
        lines: frames.PLAN_LINES.

    Raises:
        UnitsLost: names the rows whose pieces differ.
    """
    keys = ["warehouse_id", "sku", "condition"]
    planned = lines.groupby(keys, as_index=False)["planned_qty"].sum()
    there = stock.loc[stock["on_hand_qty"] > 0, [*keys, "on_hand_qty"]]
    both = there.merge(planned, on=keys, how="outer", validate="one_to_one").fillna(0)
    wrong = both.loc[both["on_hand_qty"] != both["planned_qty"]]
    if len(wrong):
        named = [
            f"{row.sku} in {row.warehouse_id} {row.condition}: {int(row.on_hand_qty)} there,"
            f" {int(row.planned_qty)} planned"
            for row in wrong.head(10).itertuples()
        ]
        msg = f"the plan does not hold every unit once: {shorten(named)}"
        raise UnitsLost(msg)


def summarise_plan(
    lines: pd.DataFrame, shipments: pd.DataFrame, decisions: pd.DataFrame | None = None
) -> dict[str, Any]:
    """
    Count a plan for people.

    Args:
        lines: frames.PLAN_LINES.
        shipments: of shipments.list_shipments.
        decisions: plan_frames.DECISIONS, if there are any.

    Returns:
        units by disposition, units_by_warehouse, units_by_class, shipments, and money in minor units:
        list_value_minor of everything, resale_minor of the returns, revenue_minor of the
        markdown list at its new prices, at_stake_minor = those two and the disposals at today's
        prices; decided, see certificate.certify, None without decisions.
    """
    by_warehouse = _count_units(lines, "warehouse_id")
    units = {name: sum(row[name] for row in by_warehouse.values()) for name in DISPOSITIONS}
    qty = lines["planned_qty"]
    returns = lines["disposition"] == "return"
    markdown = lines["disposition"] == "markdown"
    resale = int((qty * lines["resale_minor"])[returns].sum())
    revenue = int((qty * lines["new_price_minor"].astype("Int64"))[markdown].sum())
    disposed = int((qty * lines["price_minor"])[lines["disposition"] == "dispose"].sum())
    return {
        "units": {"on_hand": sum(units.values()), **units},
        "units_by_warehouse": by_warehouse,
        "units_by_class": _count_units(lines, "handling_class"),
        "shipments": len(shipments),
        "list_value_minor": int((qty * lines["price_minor"]).sum()),
        "resale_minor": resale,
        "revenue_minor": revenue,
        "at_stake_minor": resale + revenue + disposed,
        "decided": certify(decisions) if decisions is not None and len(decisions) else None,
    }


def _count_units(lines: pd.DataFrame, by: str) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for (name, disposition), qty in lines.groupby([by, "disposition"])["planned_qty"].sum().items():
        counted.setdefault(str(name), dict.fromkeys(DISPOSITIONS, 0))[str(disposition)] = int(qty)
    return counted

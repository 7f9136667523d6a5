"""Say in one dictionary where an exit stands."""

from typing import Any

from sqlalchemy import Engine

from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.domain.errors import UnitsLost
from include.winddown.domain.frames import DISPOSITIONS
from include.winddown.domain.movements import check_balance


def summarise(engine: Engine, exit_id: str) -> dict[str, Any]:
    """
    Sum an exit up from what is stored.

    Args:
        engine: winddown's database.
        exit_id: a known exit; one without a plan yet has zero units.

    Returns:
        exit_id, snapshot_id, gate {cleared, blocking_orders}, units {on_hand, return, markdown,
        dispose, hold}, units_by_warehouse, units_by_class, decided (see certificate.certify; None before
        there is a plan), what_if, plan {plan_id, state, digest}, requests {created,
        units_requested, units_accepted, units_shipped, units_received}, prices {changed,
        restored, refused, conflicts, waiting}, discrepancies,
        units_by_place and conservation_ok. `on_hand` is every unit the warehouses report,
        lost ones included; those are held.
    """
    plan = next(iter(ask_rows(engine, "report_plan", exit_id=exit_id)), None)
    gate = next(iter(ask_rows(engine, "report_gate", exit_id=exit_id)), None)
    requests: dict[str, Any] = dict(ask_rows(engine, "report_requests", exit_id=exit_id)[0])
    discrepancies = requests.pop("discrepancies")
    summary: Any = plan["summary"] if plan else {}
    verdict: Any = gate["verdict"] if gate else {}
    places, conserved = _places(engine, exit_id)
    nothing = {"on_hand": 0} | dict.fromkeys(DISPOSITIONS, 0)
    units = summary.get("units", nothing)
    planned = units["on_hand"] == sum(units[name] for name in DISPOSITIONS)
    return {
        "exit_id": exit_id,
        "snapshot_id": (plan or gate or {}).get("snapshot_id"),
        "gate": {
            "cleared": bool(gate and gate["cleared"]),
            "blocking_orders": list(verdict.get("blocking_orders", [])),
        },
        "units": units,
        **{name: summary.get(name, {}) for name in ("units_by_warehouse", "units_by_class")},
        "decided": summary.get("decided"),
        "what_if": summary.get("what_if", []),
        "plan": {name: plan[name] for name in ("plan_id", "state", "digest")} if plan else None,
        "requests": requests,
        "prices": dict(ask_rows(engine, "report_prices", exit_id=exit_id)[0]),
        "discrepancies": discrepancies,
        "units_by_place": places,
        "conservation_ok": conserved and planned,
    }


def _places(engine: Engine, exit_id: str) -> tuple[dict[str, int], bool]:
    """Pieces per place, and whether the books of every SKU add up."""
    balance = MovementStore(engine).balance(exit_id).to_pandas()
    try:
        return check_balance(balance), True
    except UnitsLost:
        return {str(node): int(qty) for node, qty in balance.groupby("node")["qty"].sum().items()}, False

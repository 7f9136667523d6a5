"""Where an exit stands: the table on the terminal and var/summary.json; pure but for the writing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DISPOSITIONS = ("return", "markdown", "dispose", "hold")


def summary_rows(summary: Mapping[str, Any]) -> dict[str, str]:
    """Word a summary for people, one line a fact."""
    gate, units, requests = summary["gate"], summary["units"], summary["requests"]
    rows = {
        "exit": str(summary["exit_id"]),
        "snapshot in force": str(summary["snapshot_id"] or "none yet"),
        "gate": _gate(gate),
        "units in the plan": _split(units),
    }
    for warehouse, split in (summary.get("units_by_warehouse") or {}).items():
        rows[f"  {warehouse}"] = _split(split)
    rows |= _decided(summary.get("decided"))
    rows["return requests created"] = f"{requests['created']:,}"
    rows["units requested"] = f"{requests['units_requested']:,}"
    rows["units shipped"] = f"{requests['units_shipped']:,}"
    rows["units received"] = f"{requests['units_received']:,}"
    rows |= _prices(summary.get("prices"))
    rows["discrepancies"] = f"{summary['discrepancies']:,}"
    rows["units by place"] = _places(summary["units_by_place"])
    rows["conservation of units"] = "holds" if summary["conservation_ok"] else "BROKEN"
    rows["seconds"] = ", ".join(f"{name} {value:.0f}" for name, value in summary["seconds"].items())
    return rows


def write_summary(summary: Mapping[str, Any], path: Path) -> None:
    """Replace the file in one step."""
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(summary, indent=1, default=str) + "\n", encoding="utf-8")
    unfinished.replace(path)


def _prices(prices: Mapping[str, int] | None) -> dict[str, str]:
    """How many prices stand as approved, and what became of the others."""
    if not prices:
        return {}
    told = {"refused": "refused", "conflicts": "changed by somebody else", "waiting": "on their way"}
    others = [f"{prices[name]:,} {words}" for name, words in told.items() if prices[name]]
    return {"prices changed": f"{prices['changed']:,}" + (f" ({', '.join(others)})" if others else "")}


def _decided(decided: Mapping[str, Any] | None) -> dict[str, str]:
    """How good the plan is, where decisions stand behind it."""
    if not decided:
        return {}
    best = decided["uplift"][decided["best_simple"]]
    share = "" if best["share"] is None else f", {best['share']:+.1%}"
    part = decided["certificate"]
    of_bound = "" if part is None else f" ({part:.1%} of what no plan exceeds)"
    simple = decided["best_simple"].replace("_", " ")
    return {
        "expected net": f"{decided['plan_minor'] / 100:,.2f}{of_bound}",
        f"  over {simple}": f"{best['minor'] / 100:+,.2f}{share}",
        "  with defaults": f"{decided['defaults']['listings']:,} of {decided['listings']:,} articles",
        "  returned at a loss": f"{decided['return_at_loss']['pieces']:,}",
    }


def _gate(gate: Mapping[str, Any]) -> str:
    if gate["cleared"]:
        return "cleared"
    orders = gate["blocking_orders"]
    return f"blocked by {len(orders)} open orders" if orders else "blocked, not by an order"


def _places(places: Mapping[str, int]) -> str:
    return ", ".join(f"{place} {qty:,}" for place, qty in places.items() if qty) or "nothing booked yet"


def _split(units: Mapping[str, int]) -> str:
    parts = ", ".join(f"{name} {units.get(name, 0):,}" for name in DISPOSITIONS)
    total = units.get("on_hand", sum(units.get(name, 0) for name in DISPOSITIONS))
    return f"{total:,} ({parts})"

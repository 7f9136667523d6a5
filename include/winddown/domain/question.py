"""What a person reads before approving a plan."""

from collections.abc import Mapping, Sequence
from typing import Any

from include.winddown.domain.frames import DISPOSITIONS
from include.winddown.domain.plan import DIGEST_SHOWN


def subject_of(digest: str, merchant: str) -> str:
    """Head the question; it begins with the digest the answer is bound to."""
    return f"[plan {digest[:DIGEST_SHOWN]}] Return and mark down the stock of {merchant}?"


def body_of(summary: Mapping[str, Any], currency: str, sample: Sequence[Mapping[str, object]]) -> str:
    """
    Tell the approver in Markdown what the plan does.

    Args:
        summary: of plan.summarise_plan, with facts (exit_id, deadline_on, destination),
            unread_stock_rows and notes beside it: what the snapshot tells otherwise than others,
            already escaped for Markdown.
        currency: of the exit.
        sample: the largest lines with warehouse_id, sku, name, disposition, planned_qty and why;
            their texts are already escaped for Markdown.
    """
    facts = summary["facts"]
    head = (
        f"Exit **{facts['exit_id']}**, deadline {facts['deadline_on']}, returns go to {facts['destination']}."
    )
    return "\n".join(
        [head, "", *_split(summary), "", *_money_and_notes(summary, currency), "", *_largest(sample)]
    )


def _split(summary: Mapping[str, Any]) -> list[str]:
    rows = [*sorted(summary["units_by_warehouse"].items()), ("**all**", summary["units"])]
    return [
        "| warehouse | return | mark down | dispose | hold |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {name} | " + " | ".join(f"{row[disposition]:,}" for disposition in DISPOSITIONS) + " |"
            for name, row in rows
        ),
    ]


def _money_and_notes(summary: Mapping[str, Any], currency: str) -> list[str]:
    return [
        f"- goods at today's prices: {_money(summary['list_value_minor'], currency)}",
        f"- resale value of the returns: {_money(summary['resale_minor'], currency)}",
        f"- revenue of the markdown list if all is sold: {_money(summary['revenue_minor'], currency)}",
        f"- return shipments: {summary['shipments']}",
        f"- stock rows in quarantine, so in no plan: {summary['unread_stock_rows']}",
        *(f"- {note}" for note in summary.get("notes", [])),
    ]


def _largest(sample: Sequence[Mapping[str, object]]) -> list[str]:
    return [
        "The largest lines:",
        "",
        "| warehouse | sku | name | what | pieces | why |",
        "|---|---|---|---|---:|---|",
        *(
            f"| {row['warehouse_id']} | {row['sku']} | {row['name']} | {row['disposition']}"
            f" | {row['planned_qty']:,} | {row['why']} |"
            for row in sample
        ),
    ]


def _money(minor: int, currency: str) -> str:
    return f"{minor / 100:,.2f} {currency}"

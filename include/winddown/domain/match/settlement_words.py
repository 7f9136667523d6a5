"""What a person is shown who settles a claim, and who is told that claims end soon."""

from collections.abc import Mapping, Sequence
from typing import Any

from include.winddown.domain.amounts import amount_of
from include.winddown.domain.match.settlement import (
    AGAIN,
    IN_GOODS,
    PAID,
    REFUSED,
    TAKEN_BACK,
    WITHDRAWN,
    WRITE_OFF,
    ClaimLine,
)
from include.winddown.domain.texts import markdown_safe


def word_question(
    exit_id: str, claim_id: str, lines: Sequence[ClaimLine], history: Sequence[Mapping[str, Any]]
) -> str:
    """
    Word what is known of a claim, for the person who says what became of it; Markdown.

    Args:
        exit_id: whose.
        claim_id: empty = discrepancies that nobody claimed.
        lines: what may be settled.
        history: settled_at, outcome, cash_minor, currency, stock_qty, reference, by_user and why, oldest first.
    """
    rows = "\n".join(
        f"| {_cell(line.request_no)} | {_cell(line.sku)} | {line.kind} | {line.qty} | {_money(line.value_minor)} {line.currency} | {line.state} |"
        for line in lines
    )
    before = "\n".join(
        f"- {row['settled_at']:%Y-%m-%d %H:%M} {row['outcome']}: {amount_of(row['cash_minor'])} {row['currency']},"
        f" {row['stock_qty']} pieces, {_cell(row['reference'])}, by {_cell(row['by_user'])}: {_cell(row['why'])}"
        for row in history
    )
    what = f"claim `{claim_id}`" if claim_id else "what nobody claimed"
    return (
        f"Exit `{exit_id}`, {what}.\n\n| request | SKU | kind | pieces | value | state |\n|---|---|---|---|---|---|\n{rows}\n\n"
        f"{before}\n\n"
        f"- **{PAID}**, **{IN_GOODS}**: give amount_minor or pieces, and the reference.\n"
        f"- **{REFUSED}**: then claim it again, or write it off.\n"
        f"- **{AGAIN}**: a refused one was handed over anew; a withdrawn one is open again.\n"
        f"- **{WITHDRAWN}**: found, explained or given up; after a payment give what went back.\n"
        f"- **{TAKEN_BACK}**: the partner took the payment back; what is lost is open again.\n"
        f"- **{WRITE_OFF}**: the loss stays yours, under your name.\n"
    )


def word_lapsing(exit_id: str, lines: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """
    Word which claims end soon: subject and text.

    Args:
        exit_id: whose.
        lines: request_no, sku, kind, qty, value_minor, currency and claim_until_on, the first to end first.
    """
    first = lines[0]["claim_until_on"]
    told = [
        f"until {row['claim_until_on']}: {row['kind']}, {row['qty']} of {row['sku']} on {row['request_no']},"
        f" {_money(row['value_minor'])} {row['currency']}"
        for row in lines
    ]
    subject = f"exit {exit_id}: {len(lines)} claims end soon, the first on {first}; trigger claim_returns"
    return subject, "\n".join(told)


def _money(value_minor: int | None) -> str:
    return "?" if value_minor is None else amount_of(value_minor)


def _cell(value: object) -> str:
    return markdown_safe(str(value if value is not None else ""))

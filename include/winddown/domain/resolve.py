"""What is still open in the ledger: what may be tried again by itself, and what people must hear of."""

from collections.abc import Mapping, Sequence
from typing import Any

from include.winddown.domain.publish import KIND as OWN_STOCK

TRY_AGAIN_SECONDS = 900
"""A ready effect that nobody has touched for so long is taken up by a new run."""
ALERT_SECONDS = 900
"""An effect whose outcome has been unknown for so long is told to people."""
SHOWN_DIGITS = 12

Row = Mapping[str, Any]
"""A row of sql/state/resolve_open.sql."""


def exits_to_try_again(rows: Sequence[Row]) -> list[str]:
    """
    Name the exits with an effect that may be sent and that no run is at.

    What was refused for its key or role waits for a person: trying again would only be refused again. Own stock is
    told by the hand-over, whose own tries go on.
    """
    return sorted(
        {
            row["exit_id"]
            for row in rows
            if row["state"] == "ready"
            and row["is_free"]
            and row["kind"] != OWN_STOCK
            and row["last_outcome"] != "denied"
            and row["age_seconds"] >= TRY_AGAIN_SECONDS
        }
    )


def alerts(rows: Sequence[Row], people: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """
    Say what people must hear of and were not told yet.

    Args:
        rows: of the open effects.
        people: accounts where a person answers, in days; waiting for one is no trouble.

    Returns:
        The key of the effect and a sentence, in the order of the rows.
    """
    found = []
    for row in rows:
        sentence = _trouble(row, people)
        if sentence and not row["is_told"]:
            found.append((str(row["effect_key"]), sentence))
    return found


def _trouble(row: Row, people: frozenset[str]) -> str:
    name = f"exit {row['exit_id']}, {row['kind']} {row['effect_key'][:SHOWN_DIGITS]}"
    if row["state"] == "escalated":
        return f"{name} needs a person: {row['detail']}. Settle it with the DAG settle_effect"
    if row["state"] == "unknown" and row["age_seconds"] >= ALERT_SECONDS and row["account"] not in people:
        minutes = row["age_seconds"] // 60
        return f"{name}: for {minutes} minutes nobody knows whether it was done ({row['detail']})"
    if row["state"] == "ready" and row["last_outcome"] == "denied":
        return f"{name} was refused for its key or role ({row['detail']}). Mend the connection, run the DAG again"
    return ""

"""Open rows: find the line each may mean, and word what has none; a quantity never becomes zero."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from include.winddown.domain.match.allocate import Candidate, OpenCount, Share, allocate
from include.winddown.domain.match.kinds import DOCK

NO_LINE = "no_line"
COLUMNS = ("account_id", "request_no", "sku", "condition", "class", "qty", "clock_at", "detail")


def give_to_lines(
    counts: Sequence[Mapping[str, Any]], candidates: Iterable[Mapping[str, Any]]
) -> list[Share]:
    """
    Allocate open rows to lines, the partner's and the dock's apart.

    Args:
        counts: open rows in order of time, with number, leg, reason and qty [pcs].
        candidates: number, how, line_id, waiting_qty, requested_us and request_no.
    """
    possible = [
        Candidate(
            number=row["number"],
            how=row["how"],
            line_id=row["line_id"],
            waiting_qty=row["waiting_qty"],
            order=(row["requested_us"], row["request_no"], row["line_id"]),
        )
        for row in candidates
    ]
    shares = []
    for leg in sorted({row["leg"] for row in counts}):
        own = [OpenCount(number=row["number"], qty=row["qty"]) for row in counts if _is_open(row, leg)]
        numbers = {count.number for count in own}
        shares += allocate(own, [one for one in possible if one.number in numbers])
    return shares


def _is_open(row: Mapping[str, Any], leg: str) -> bool:
    return bool(row["leg"] == leg and row["reason"] == NO_LINE and row["qty"])


def word_the_rest(counts: Iterable[Mapping[str, Any]], shares: Iterable[Share]) -> pd.DataFrame:
    """
    List the open rows that no line took, by class, with their quantity as written.

    Returns:
        COLUMNS, one row per open row with pieces. Their value is not known, which is not zero.
    """
    taken = {share.number for share in shares}
    rows = [
        {
            "account_id": row["account_id"],
            "request_no": row["request_no"],
            "sku": row["sku"],
            "condition": row["condition"] or "",
            "class": _class_of(row),
            "qty": abs(row["written_qty"] if row["qty"] is None else row["qty"]),
            "clock_at": row["happened_at"],
            "detail": _detail(row),
        }
        for row in counts
        if row["number"] not in taken and row["written_qty"]
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _class_of(row: Mapping[str, Any]) -> str:
    if row["reason"] != NO_LINE:
        return str(row["reason"])
    return "unexpected" if row["leg"] == DOCK else "parked"


def _detail(row: Mapping[str, Any]) -> str:
    named = {"carton": row["carton_id"], "shipment": row["shipment_no"], "tracking": row["tracking_no"]}
    told = [f"{name} {value}" for name, value in named.items() if value]
    return ", ".join(
        [*told, f"state {row['word']!r}" if row["reason"] == "unknown_state" else "", row["note"]]
    ).strip(", ")

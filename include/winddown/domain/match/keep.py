"""Discrepancies in the form in which they are kept: one row for each request, SKU, condition and class."""

from collections.abc import Mapping

import pandas as pd

from include.winddown.domain.match.money import SOON

NOTE = "note"
KEY = ["request_id", "sku", "condition", "kind"]


def rows_to_keep(
    found: pd.DataFrame, request_ids: Mapping[str, str], currency: str
) -> list[dict[str, object]]:
    """
    Sum discrepancies up by KEY.

    Args:
        found: decide.FOUND of one exit.
        request_ids: our id of each request number; the number itself stands for a request that is not ours.
        currency: of the exit, where a discrepancy names none.

    Returns:
        Rows with KEY, qty, value_minor (missing when the value of any piece is), currency, stake, basis, clock_at,
        claim_until_on and detail. What is within the tolerance is a note: listed, and not claimed.
    """
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for one in found.to_dict("records"):
        number = str(one["request_no"])
        key = (request_ids.get(number, number), one["sku"], one["condition"], one["class"])
        fresh = {
            **dict(zip(KEY, key, strict=True)),
            "qty": int(one["qty"]),
            "value_minor": _known(one["value_minor"]),
            "currency": one["currency"] or currency,
            "stake": NOTE if one["claim"] == SOON else one["stake"],
            "basis": one["basis"],
            "clock_at": _known(one["clock_at"]),
            "claim_until_on": _known(one["claim_until_on"]),
            "detail": one["detail"],
        }
        rows[key] = _added(rows[key], fresh) if key in rows else fresh
    return list(rows.values())


def _known(value: object) -> object:
    if pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def _added(before: dict[str, object], more: dict[str, object]) -> dict[str, object]:
    values = (before["value_minor"], more["value_minor"])
    details = sorted({str(before["detail"]), str(more["detail"])} - {""})
    return before | {
        "qty": int(str(before["qty"])) + int(str(more["qty"])),
        "value_minor": None if None in values else sum(int(str(value)) for value in values),
        "detail": "; ".join(details),
    }

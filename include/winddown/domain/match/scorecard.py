"""How well a partner returns goods: shrink, damage, days to ship, restatements."""

from collections.abc import Sequence

import pandas as pd

SUMS = ("requested_qty", "shipped_qty", "received_qty", "damaged_qty", "lost_qty", "disposed_qty")
COLUMNS = (*SUMS, "shrink_pct", "damage_pct", "days_to_ship", "restated_events")


def score_chunk(accounted: pd.DataFrame) -> pd.DataFrame:
    """Sum a chunk of accounted lines up, one row per warehouse_id."""
    shipped_days = (accounted["shipped_at"] - accounted["requested_at"]).dt.total_seconds() / 86_400
    rows = accounted.assign(
        damaged_qty=accounted["received_damaged_qty"],
        days=shipped_days.fillna(0.0),
        shipped_lines=shipped_days.notna().astype("int64"),
    )
    return rows.groupby("warehouse_id", as_index=False)[[*SUMS, "days", "shipped_lines"]].sum()


def score_partners(chunks: Sequence[pd.DataFrame], restated: pd.DataFrame) -> pd.DataFrame:
    """
    Rate each partner's warehouse.

    Args:
        chunks: of score_chunk.
        restated: one row per warehouse_id with restated_events, where there are any.

    Returns:
        One row per warehouse_id with COLUMNS: shrink_pct = lost ÷ shipped, damage_pct = damaged ÷ received,
        days_to_ship on average; missing where nothing was shipped or received.
    """
    whole = pd.concat(chunks, ignore_index=True).groupby("warehouse_id", as_index=False).sum()
    both = whole.merge(restated, on="warehouse_id", how="left", validate="one_to_one")
    return both.assign(
        shrink_pct=_share(both["lost_qty"], both["shipped_qty"]),
        damage_pct=_share(both["damaged_qty"], both["received_qty"]),
        days_to_ship=(both["days"] / both["shipped_lines"].where(both["shipped_lines"] > 0)).round(1),
        restated_events=both["restated_events"].fillna(0).astype("int64"),
    )[["warehouse_id", *COLUMNS]]


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (100 * part / whole.where(whole > 0)).round(2)

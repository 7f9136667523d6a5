"""What a discrepancy is worth, and until when it may be claimed."""

from datetime import datetime

import numpy as np
import pandas as pd

from include.winddown.domain.match.classes import CLASSES
from include.winddown.domain.match.frames import VALUE_COLUMNS
from include.winddown.domain.match.lines import windows_of
from include.winddown.domain.match.settings import Match

TOLERATED = ("short", "lost_in_transit", "damaged", "wrong_item")
OPEN, CLOSED, SOON, NEVER = "open", "over", "within_tolerance", "no_claim"
"""May it be claimed: yes; the window is over; it is too small; nobody owes for it."""


def value(found: pd.DataFrame, policy: Match, now: datetime) -> pd.DataFrame:
    """
    Put money and the claim window beside each discrepancy.

    Args:
        found: as `classify` gives it: class, qty, clock_at, warehouse_id and the value columns,
            in which a missing value is a missing value, never zero.
        policy: basis, tolerances and windows.
        now: aware.

    Returns:
        The rows with basis, unit_minor, value_minor = qty × unit_minor (missing where the unit's
        value is), claim_until_on, claim (OPEN, CLOSED, SOON or NEVER) and stake.
    """
    unit = found[VALUE_COLUMNS[policy.basis]].astype("Int64")
    until = _until(found, policy)
    valued = found.assign(
        basis=policy.basis,
        unit_minor=unit,
        value_minor=unit * found["qty"].astype("Int64"),
        stake=found["class"].map({name: one.stake for name, one in CLASSES.items()}),
        claim_until_on=until,
    )
    return valued.assign(claim=_claim(valued, policy, now))


def _until(found: pd.DataFrame, policy: Match) -> pd.Series:
    days = windows_of(found["warehouse_id"], policy, "claim_days")
    hidden = windows_of(found["warehouse_id"], policy, "concealed_days")
    late = np.where(
        found["class"] == "lost_in_transit", windows_of(found["warehouse_id"], policy, "lost_after_days"), 0
    )
    span = np.where(found["class"] == "concealed_damage", hidden, days) + late
    start = pd.to_datetime(found["clock_at"], utc=True)
    return (start + pd.to_timedelta(span, unit="D")).dt.date


def _claim(
    valued: pd.DataFrame, policy: Match, now: datetime
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    is_ours = valued["stake"] == "claim"
    is_small = valued["class"].isin(TOLERATED) & (
        (valued["qty"] <= policy.short_tolerance_qty)
        | (valued["value_minor"] <= policy.short_tolerance_minor).fillna(value=False)
    )
    today = now.date()
    is_over = np.array([day is not pd.NaT and day < today for day in valued["claim_until_on"]], dtype=bool)
    return np.select([~is_ours, is_small, is_over], [NEVER, SOON, CLOSED], OPEN)


def total_minor(valued: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Sum the known values up, by stake and currency; what has no value is in no sum."""
    known = valued.loc[valued["value_minor"].notna()]
    sums = known.groupby([known["stake"], known["currency"].fillna("")])["value_minor"].sum()
    return {(str(stake), str(currency)): int(minor) for (stake, currency), minor in sums.items()}

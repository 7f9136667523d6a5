"""The equation of one line: where each requested piece is, and what came beyond them, apart."""

from datetime import datetime

import numpy as np
import pandas as pd

from include.winddown.domain.match.frames import BUCKETS, LINES
from include.winddown.domain.match.settings import Match

Pieces = np.ndarray[tuple[int], np.dtype[np.int64]]
Truth = np.ndarray[tuple[int], np.dtype[np.bool_]]
_DAY = np.timedelta64(1, "D")


def account_for(legs: pd.DataFrame, policy: Match, now: datetime) -> pd.DataFrame:
    """
    Give every requested piece exactly one place.

    What the own dock counted comes first and is never lowered by anything else; then what is
    surely not to come, then what the partner lost; what is left is under way, lost or unresolved.

    Args:
        legs: one row per (account_id, request_no, sku, condition) with the sums told_*_qty [pcs],
            requested_qty, is_closed, is_disposal, is_final, last_at (the newest scan of the line,
            or missing), requested_at and warehouse_id.
        policy: the days after which pieces under way are lost.
        now: aware.

    Returns:
        The same rows and columns, plus those of frames.LINES and the details that the classes
        need: concealed_qty, beyond_shipped_qty, over_shipped_qty, lost_told_qty, short_qty,
        overdue_qty, overpaid_qty, idle_days, is_late_days.
    """
    got = _received(legs)
    never = legs["told_cancelled_qty"] + legs["told_sold_qty"] + legs["told_disposed_qty"]
    # who closed a line short did not know of what arrived later
    waited_for = np.maximum(legs["requested_qty"] - got["received_qty"] - never, 0)
    short_closed = np.minimum(legs["told_short_closed_qty"], waited_for)
    gone = never + short_closed
    known = got["received_qty"] + gone
    rest = np.maximum(legs["requested_qty"] - known, 0)
    lost_told = np.minimum(legs["told_lost_qty"], rest)
    absent = np.minimum(_absent(legs, got["received_qty"], gone), rest - lost_told)
    idle_days = days_between(legs["last_at"], now)
    is_overdue = idle_days >= windows_of(legs["warehouse_id"], policy, "lost_after_days")
    is_lost = legs["is_closed"] | is_overdue
    lines = legs.assign(
        **got,
        shipped_qty=np.maximum(legs["told_shipped_qty"], 0),
        sold_qty=legs["told_sold_qty"],
        short_closed_qty=short_closed,
        made_good_qty=np.maximum(legs["told_made_good_qty"], 0),
        cancelled_qty=gone - legs["told_disposed_qty"],
        disposed_qty=legs["told_disposed_qty"],
        overage_qty=np.maximum(known - legs["requested_qty"], 0),
        lost_told_qty=lost_told,
        short_qty=np.where(legs["is_closed"], absent, 0),
        overdue_qty=np.where(is_overdue & ~legs["is_closed"], absent, 0),
        lost_qty=lost_told + np.where(is_lost, absent, 0),
        in_transit_qty=np.where(is_lost, 0, absent),
        unresolved_qty=rest - lost_told - absent,
        idle_days=np.where(legs["last_at"].isna(), days_between(legs["requested_at"], now), idle_days),
    )
    return _make_good(_beyond(lines, gone))


def _received(legs: pd.DataFrame) -> dict[str, pd.Series]:
    """Sum the dock's counts up; damage found later moves pieces from good to damaged, never more than were good."""
    good = np.maximum(legs["told_ok_qty"], 0)
    concealed = np.minimum(legs["told_concealed_qty"], good)
    damaged, wrong = legs["told_damaged_qty"] + concealed, legs["told_wrong_qty"]
    return {
        "received_ok_qty": good - concealed,
        "received_damaged_qty": damaged,
        "received_wrong_qty": wrong,
        "concealed_qty": concealed,
        "received_qty": good - concealed + damaged + wrong,
    }


def _absent(legs: pd.DataFrame, received: pd.Series, gone: pd.Series) -> pd.Series:
    """
    Count what was sent and is not here.

    Lost pieces were among those sent as far as sent and lost together exceed what could be either.
    """
    shipped, lost = np.maximum(legs["told_shipped_qty"], 0), legs["told_lost_qty"]
    among = np.clip(shipped + lost + gone - legs["requested_qty"], 0, lost)
    return np.maximum(shipped - received - among, 0)


def _beyond(lines: pd.DataFrame, gone: pd.Series) -> pd.DataFrame:
    received, shipped = lines["received_qty"], lines["shipped_qty"]
    return lines.assign(
        over_shipped_qty=np.maximum(shipped + gone - lines["told_sold_qty"] - lines["requested_qty"], 0),
        beyond_shipped_qty=np.maximum(np.minimum(received, lines["requested_qty"]) - shipped, 0),
    )


def _make_good(lines: pd.DataFrame) -> pd.DataFrame:
    """Move what was compensated out of lost, in transit and unresolved, in this order; the rest pays for damage."""
    left = np.maximum(lines["told_compensated_qty"] - lines["told_reversed_qty"], 0)
    moved: dict[str, pd.Series] = {}
    for name in ("lost_qty", "in_transit_qty", "unresolved_qty"):
        part = np.minimum(left, lines[name])
        moved[name] = lines[name] - part
        left = left - part
    paid = lines["lost_qty"] + lines["in_transit_qty"] + lines["unresolved_qty"] - sum(moved.values())
    claims = lines["received_damaged_qty"] + lines["received_wrong_qty"] + lines["disposed_qty"]
    return lines.assign(
        **moved, compensated_qty=paid, overpaid_qty=np.maximum(left - claims, 0), paid_here_qty=left
    )


def days_between(at: pd.Series, now: datetime) -> Pieces:
    """Count whole days from each time to now; 0 where there is none, or it is still to come."""
    since = np.datetime64(now.replace(tzinfo=None), "us") - at.dt.tz_localize(None).to_numpy()
    days = np.where(np.isnat(since), np.timedelta64(0), since) // _DAY
    return np.maximum(days.astype(np.int64), 0)


def windows_of(warehouses: pd.Series, policy: Match, name: str) -> Pieces:
    """Give each row the number of days its partner has for something."""
    if not policy.by_partner and not policy.by_country:
        return np.full(len(warehouses), getattr(policy, name), dtype=np.int64)
    known = {warehouse: getattr(policy.of(warehouse), name) for warehouse in warehouses.fillna("").unique()}
    days: Pieces = warehouses.fillna("").map(known).to_numpy(dtype=np.int64)
    return days


def lines_of(accounted: pd.DataFrame) -> pd.DataFrame:
    """Leave of the accounted legs the columns of frames.LINES, in its order."""
    return accounted[list(LINES.names)]


def units_of(lines: pd.DataFrame) -> dict[str, int]:
    """Sum the lines up, by what became of the pieces."""
    names = ("requested_qty", "shipped_qty", *BUCKETS, "overage_qty")
    return {name.removesuffix("_qty"): int(lines[name].sum()) for name in names}

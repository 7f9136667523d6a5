"""Which difference is which: the classes of discrepancies, who owes for them, and when their clock starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from include.winddown.domain.match.settings import Match

Stake = Literal["claim", "repay", "review", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscrepancyClass:
    """
    One class.

    Attributes:
        qty: the column of accounted lines that counts it; empty = it comes from open rows or the money leg.
        stake: claim = the partner owes; repay = we owe; review = a person decides; note = to be known.
        clock: the column of legs from which its claim window runs.
        meaning: for people.
    """

    qty: str
    stake: Stake
    meaning: str
    clock: str = "last_at"


CLASSES: Mapping[str, DiscrepancyClass] = {
    "short": DiscrepancyClass(
        qty="short_claim_qty",
        stake="claim",
        clock="closed_at",
        meaning="sent, and not there when the count was closed",
    ),
    "lost_in_transit": DiscrepancyClass(
        qty="overdue_claim_qty", stake="claim", meaning="sent, and no scan for too many days"
    ),
    "lost_by_partner": DiscrepancyClass(
        qty="lost_told_claim_qty", stake="claim", meaning="the partner itself says it lost them"
    ),
    "damaged": DiscrepancyClass(
        qty="damaged_claim_qty", stake="claim", clock="received_at", meaning="damaged when they arrived"
    ),
    "concealed_damage": DiscrepancyClass(
        qty="concealed_qty",
        stake="claim",
        clock="received_at",
        meaning="damage found after the delivery was signed",
    ),
    "wrong_item": DiscrepancyClass(
        qty="received_wrong_qty",
        stake="claim",
        clock="received_at",
        meaning="another article lay in their place",
    ),
    "disposed_without_consent": DiscrepancyClass(
        qty="disposed_claim_qty",
        stake="claim",
        meaning="a return was asked for, and the partner destroyed them",
    ),
    "identity_broken": DiscrepancyClass(
        qty="broken_qty", stake="claim", meaning="called complete, and these pieces are nowhere"
    ),
    "found_after_compensation": DiscrepancyClass(
        qty="overpaid_qty",
        stake="repay",
        meaning="compensated, and arrived after all: withdraw the claim or repay",
    ),
    "reversed": DiscrepancyClass(
        qty="reversed_claim_qty",
        stake="claim",
        meaning="the compensation was taken back, and the pieces are not here",
    ),
    "overage": DiscrepancyClass(
        qty="overage_qty",
        stake="review",
        clock="received_at",
        meaning="more than was requested; nothing is clipped",
    ),
    "over_shipped": DiscrepancyClass(
        qty="over_shipped_qty",
        stake="review",
        meaning="sent, cancelled and destroyed are more than requested",
    ),
    "beyond_shipped": DiscrepancyClass(
        qty="beyond_shipped_qty",
        stake="note",
        meaning="counted, and the partner has not reported sending them",
    ),
    "stuck": DiscrepancyClass(
        qty="stuck_qty", stake="review", meaning="not sent, and no news for too many days"
    ),
    "not_accepted": DiscrepancyClass(
        qty="not_accepted_qty",
        stake="review",
        clock="requested_at",
        meaning="the desk did not agree to send them",
    ),
    "sold_after_request": DiscrepancyClass(
        qty="sold_qty",
        stake="note",
        meaning="sold before they were packed; the request shrinks, nothing is lost",
    ),
    "short_closed": DiscrepancyClass(
        qty="short_closed_qty", stake="note", meaning="closed short by a named person"
    ),
    "unexpected": DiscrepancyClass(qty="", stake="review", meaning="arrived, and no request asked for them"),
    "unidentified": DiscrepancyClass(
        qty="", stake="review", meaning="arrived without SKU or barcode; value unknown"
    ),
    "unmapped": DiscrepancyClass(qty="", stake="review", meaning="a barcode nobody knows; kept as it came"),
    "parked": DiscrepancyClass(qty="", stake="review", meaning="sent for a request that is not known yet"),
    "unknown_state": DiscrepancyClass(
        qty="", stake="review", meaning="a state nobody knows; never read as closed"
    ),
    "unknown_condition": DiscrepancyClass(qty="", stake="review", meaning="a condition nobody knows"),
    "unknown_unit": DiscrepancyClass(
        qty="", stake="review", meaning="packs without a pack factor on that day"
    ),
    "customer_return": DiscrepancyClass(
        qty="", stake="note", meaning="came back from buyers: new stock, to be asked back"
    ),
    "fee_twice": DiscrepancyClass(qty="", stake="claim", meaning="the same fee was charged twice"),
    "fee_beyond_moved": DiscrepancyClass(
        qty="", stake="claim", meaning="a fee for more pieces than were sent or destroyed"
    ),
    "fee_currency": DiscrepancyClass(
        qty="", stake="review", meaning="a fee in another currency than the request"
    ),
}


def classify(lines: pd.DataFrame, policy: Match) -> pd.DataFrame:
    """
    Find every discrepancy of accounted lines.

    Args:
        lines: as `account_for` gives them.
        policy: when a silent request is stuck.

    Returns:
        One row per (line, class) with qty > 0: the line's columns, plus class, qty and clock_at.
    """
    counted = _count(lines, policy)
    named = [(name, one) for name, one in CLASSES.items() if one.qty]
    at = [np.flatnonzero(counted[one.qty] > 0) for _, one in named]
    qty = [counted[one.qty].to_numpy()[rows] for (_, one), rows in zip(named, at, strict=True)]
    clock = [counted[one.clock].iloc[rows] for (_, one), rows in zip(named, at, strict=True)]
    return (
        counted.iloc[np.concatenate(at)]
        .assign(
            **{
                "class": np.repeat([name for name, _ in named], [len(rows) for rows in at]),
                "qty": np.concatenate(qty).astype("int64"),
                "clock_at": pd.concat(clock).to_numpy(),
            }
        )
        .reset_index(drop=True)
    )


def _count(lines: pd.DataFrame, policy: Match) -> pd.DataFrame:
    """Share what was compensated out among the claims, so that nothing is claimed twice."""
    rest = lines["unresolved_qty"]
    asked_back = ~lines["is_disposal"]
    left = lines["paid_here_qty"]
    claims = {}
    for claim, qty in (
        ("disposed_claim_qty", np.where(asked_back, lines["disposed_qty"], 0)),
        ("damaged_claim_qty", _unpaid_damage(lines)),
    ):
        part = np.minimum(left, qty)
        claims[claim] = qty - part
        left = left - part
    short = _shared(lines, "short_qty", "overdue_qty", "lost_told_qty")
    reversed_ = np.minimum(lines["told_reversed_qty"], lines["lost_qty"] + lines["in_transit_qty"])
    is_idle = lines["idle_days"] >= policy.stuck_after_days
    return lines.assign(
        **claims,
        **{name.replace("_qty", "_claim_qty"): qty for name, qty in short.items()},
        reversed_claim_qty=reversed_,
        broken_qty=np.where(lines["is_final"], rest, 0),
        stuck_qty=np.where(is_idle & ~lines["is_final"], rest, 0),
        not_accepted_qty=lines["told_not_accepted_qty"],
    )


def _unpaid_damage(lines: pd.DataFrame) -> pd.Series:
    """Damaged at arrival; pieces asked back as damaged are no damage, and concealed damage has a class of its own."""
    fresh = lines["received_damaged_qty"] - lines["concealed_qty"]
    return fresh.where(lines["condition"] == "sellable", 0)


def _shared(lines: pd.DataFrame, *names: str) -> dict[str, pd.Series]:
    """Lower the causes of loss by what was compensated of them; what was reversed is claimed as that."""
    total = sum((lines[name] for name in names), start=pd.Series(0, index=lines.index))
    back = np.minimum(lines["told_reversed_qty"], lines["lost_qty"])
    left = np.maximum(total - (lines["lost_qty"] - back), 0)
    shared = {}
    for name in reversed(names):
        part = np.minimum(left, lines[name])
        shared[name] = lines[name] - part
        left = left - part
    return shared

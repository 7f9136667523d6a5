"""
Give every unit of stock exactly one disposition: return, markdown, dispose or hold.

This is the first rule, behind the interface the optimiser will fill: a sellable SKU in a
warehouse goes back when its weeks of cover exceed `cover_multiple` × the weeks left, and is
marked down otherwise. Known drawback: it compares weeks, not money.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from include.winddown.domain.errors import DeadlinePassed, UnitsLost, shorten
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import PLAN_LINES

DAYS_A_WEEK = 7
ML_IN_MM3 = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """
    The clock of one split.

    Attributes:
        weeks_left: from the snapshot to the deadline.
        history_days: days of sales that `sold_qty` covers.
    """

    weeks_left: float
    history_days: int


@dataclass(frozen=True, slots=True)
class _Choice:
    disposition: str
    condition: str
    qty: int
    weekly: float
    cover: float


def horizon(days_left: int, days_known: int, policy: Policy) -> Horizon:
    """
    Set the clock.

    Args:
        days_left: days from the snapshot to the deadline.
        days_known: days between the first known order and the snapshot, at least 1.
        policy: its `history_days` is the longest look back.

    Raises:
        DeadlinePassed: the deadline is not after the snapshot.
    """
    if days_left <= 0:
        msg = f"the deadline is {-days_left} days before the snapshot; open the exit with a later deadline"
        raise DeadlinePassed(msg)
    return Horizon(
        weeks_left=days_left / DAYS_A_WEEK, history_days=max(1, min(days_known, policy.history_days))
    )


def split_stock(stock: pd.DataFrame, clock: Horizon, policy: Policy) -> pd.DataFrame:
    """
    Give every unit exactly one disposition.

    Args:
        stock: one row per (warehouse_id, sku, condition); on_hand_qty, reserved_qty and
            committed_qty [pcs] (committed = approved for return and not yet shipped), sold_qty
            [pcs in the last `clock.history_days`], and the catalogue's columns. Where a column
            held_because is there and not empty, the free units are held for that reason.
        clock: weeks left and the length of the history.
        policy: the thresholds.

    Returns:
        frames.PLAN_LINES, sorted by its grain; planned_qty.sum() == stock.on_hand_qty.sum().

    Raises:
        UnitsLost: more units are reserved or committed than are there; names the SKUs.
    """
    held = _held_qty(stock)
    free = stock["on_hand_qty"].to_numpy() - held
    _refuse_negative(stock, free)
    sized = stock.assign(volume_ml=_volume_ml(stock))
    decision = _dispose_of_free(sized, free, clock, policy)
    moved = _lines(sized, free, decision["disposition"], decision["why"], policy)
    kept = _lines(sized, held, np.full(len(stock), "hold"), _why_held(stock), policy)
    lines = pd.concat([moved, kept], ignore_index=True)
    return _merge_holds(lines)


def _held_qty(stock: pd.DataFrame) -> np.ndarray:
    lost = (stock["condition"] == "lost").to_numpy()
    spoken_for = (stock["reserved_qty"] + stock["committed_qty"]).to_numpy()
    return np.asarray(np.where(lost, stock["on_hand_qty"].to_numpy(), spoken_for))


def _refuse_negative(stock: pd.DataFrame, free: np.ndarray) -> None:
    short = stock.loc[free < 0]
    if len(short):
        named = [
            f"{row.sku} in {row.warehouse_id} ({row.on_hand_qty} there, {row.reserved_qty} reserved,"
            f" {row.committed_qty} on approved returns)"
            for row in short.head(5).itertuples()
        ]
        msg = (
            f"more units are spoken for than are there: {shorten(named, 5)}."
            " Run follow_returns to read what has been shipped, then take a new snapshot"
        )
        raise UnitsLost(msg)


def _volume_ml(stock: pd.DataFrame) -> np.ndarray:
    volume_mm3 = stock["length_mm"] * stock["width_mm"] * stock["height_mm"]
    return np.asarray(np.maximum(1, -(-volume_mm3.to_numpy() // ML_IN_MM3)))


def _dispose_of_free(
    stock: pd.DataFrame, free: np.ndarray, clock: Horizon, policy: Policy
) -> dict[str, np.ndarray]:
    weekly = stock["sold_qty"].to_numpy() / clock.history_days * DAYS_A_WEEK
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = np.where(weekly > 0, free / weekly, np.inf)
    limit = policy.cover_multiple * clock.weeks_left
    condition = stock["condition"].to_numpy()
    held_because = stock.get("held_because", pd.Series("", index=stock.index)).to_numpy()
    disposition = np.select(
        [
            held_because != "",
            _too_large(stock, policy),
            condition == "damaged_by_seller",
            condition == "damaged_by_warehouse",
            cover > limit,
        ],
        ["hold", "hold", policy.damaged_by_seller, policy.damaged_by_warehouse, "return"],
        default="markdown",
    )
    columns = (disposition, condition, free, weekly, cover)
    why = [
        reason or _why_free(_Choice(*row), clock, policy)
        for reason, *row in zip(held_because.tolist(), *(column.tolist() for column in columns), strict=True)
    ]
    return {"disposition": disposition, "why": np.array(why, dtype=object)}


def _too_large(stock: pd.DataFrame, policy: Policy) -> np.ndarray:
    usable_ml = policy.shipment_volume_max_ml * policy.usable_fill_pct // 100
    heavy = stock["weight_g"].to_numpy() > policy.shipment_weight_max_g
    return np.asarray(heavy | (stock["volume_ml"].to_numpy() > usable_ml))


def _why_free(choice: _Choice, clock: Horizon, policy: Policy) -> str:
    if choice.disposition == "hold":
        return "One piece is heavier or larger than a shipment may be: ask for a special transport."
    if choice.condition != "sellable":
        verb = "goes back" if choice.disposition == "return" else "is disposed of"
        return f"{choice.condition.replace('_', ' ').capitalize()}: by policy it {verb}."
    if choice.weekly == 0:
        return f"None sold in {clock.history_days} days, {clock.weeks_left:.1f} weeks left: all go back."
    pace = f"{choice.qty} pieces last {choice.cover:.1f} weeks at {choice.weekly:.1f} a week"
    bound = f"{policy.cover_multiple} x {clock.weeks_left:.1f} weeks left"
    if choice.disposition == "return":
        return f"{pace}, more than {bound}: they go back."
    return f"{pace}, within {bound}: sold on at -{policy.discount_pct} %."


def _why_held(stock: pd.DataFrame) -> np.ndarray:
    reasons = []
    for row in stock[["condition", "reserved_qty", "committed_qty"]].itertuples(index=False):
        if row.condition == "lost":
            reasons.append("The warehouse reports them lost: nothing to move, a claim against the warehouse.")
            continue
        parts = []
        if row.reserved_qty:
            parts.append(f"{row.reserved_qty} reserved for orders")
        if row.committed_qty:
            parts.append(f"{row.committed_qty} already on approved returns")
        reasons.append(" and ".join(parts).capitalize() + ".")
    return np.array(reasons, dtype=object)


def _lines(
    stock: pd.DataFrame, qty: np.ndarray, disposition: np.ndarray, why: np.ndarray, policy: Policy
) -> pd.DataFrame:
    lowered = np.maximum(1, (stock["price_minor"] * (100 - policy.discount_pct) + 50) // 100)
    new_price = lowered.astype("Int64").where(disposition == "markdown", other=pd.NA)
    lines = stock.assign(disposition=disposition, planned_qty=qty, new_price_minor=new_price, why=why)
    return lines.loc[qty > 0, list(PLAN_LINES.names)]


def _merge_holds(lines: pd.DataFrame) -> pd.DataFrame:
    """Join the two hold lines a row can have (too large, and reserved): the grain allows one."""
    grain = list(PLAN_LINES.grain)
    ordered = lines.sort_values(grain, kind="stable", ignore_index=True)
    if not ordered.duplicated(grain).any():
        return ordered
    rest = {name: "first" for name in ordered.columns if name not in grain}
    joined = ordered.groupby(grain, sort=True, as_index=False).agg(
        {**rest, "planned_qty": "sum", "why": " ".join}
    )
    return joined[list(PLAN_LINES.names)]

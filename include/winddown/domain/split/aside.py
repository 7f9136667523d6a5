"""What is not for sale or may not move: its disposition follows from its state, not from money."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from include.winddown.domain.errors import UnitsLost, shorten
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.words import tongue

ML_IN_MM3 = 1_000


class Sorted(NamedTuple):
    """
    Stock sorted into what may be sold, and the rest.

    Attributes:
        free: rows with free_qty and volume_ml, to be split by what is worth most.
        fixed: rows with disposition, planned_qty and why; several may share a grain.
    """

    free: pd.DataFrame
    fixed: pd.DataFrame


def set_aside(stock: pd.DataFrame, policy: Policy) -> Sorted:
    """
    Set aside what is lost, spoken for, held back, damaged or too large.

    Args:
        stock: one row per (warehouse_id, sku, condition); on_hand_qty, reserved_qty and
            committed_qty [pcs] (committed = approved for return and not yet shipped), and the
            catalogue's columns. Where a column held_because is there and not empty, the free units
            are held for that reason.
        policy: what happens to damaged units, and how large a shipment may be.

    Raises:
        UnitsLost: more units are reserved or committed than are there; names the SKUs.
    """
    held_qty = _held_qty(stock)
    free_qty = stock["on_hand_qty"].to_numpy() - held_qty
    _refuse_negative(stock, free_qty)
    sized = stock.assign(volume_ml=_volume_ml(stock))
    disposition, why = _fixed_of_free(sized, policy)
    is_fixed = (disposition != "") & (free_qty > 0)
    held = sized.assign(planned_qty=held_qty)[held_qty > 0]
    fixed = pd.concat(
        [
            sized.assign(disposition=disposition, planned_qty=free_qty, why=why)[is_fixed],
            held.assign(disposition="hold", why=_why_held(held, policy.language)),
        ],
        ignore_index=True,
    )
    is_free = (disposition == "") & (free_qty > 0)
    return Sorted(sized.assign(free_qty=free_qty)[is_free].reset_index(drop=True), fixed)


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


def _fixed_of_free(stock: pd.DataFrame, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    """Give disposition and sentence of the free units of each row; empty where money decides."""
    held_because = stock.get("held_because", pd.Series("", index=stock.index)).to_numpy(dtype=object)
    condition = stock["condition"].to_numpy(dtype=object)
    by_damage = {
        "damaged_by_seller": policy.damaged_by_seller,
        "damaged_by_warehouse": policy.damaged_by_warehouse,
    }
    cases = [held_because != "", _too_large(stock, policy), *(condition == name for name in by_damage)]
    disposition = np.select(cases, ["hold", "hold", *by_damage.values()], default="")
    words = tongue(policy.language).fixed
    why = np.select(
        cases, [held_because, words.too_large, *(words.damaged[one] for one in by_damage.items())], default=""
    )
    return disposition, why


def _too_large(stock: pd.DataFrame, policy: Policy) -> np.ndarray:
    usable_ml = policy.shipment_volume_max_ml * policy.usable_fill_pct // 100
    heavy = stock["weight_g"].to_numpy() > policy.shipment_weight_max_g
    return np.asarray(heavy | (stock["volume_ml"].to_numpy() > usable_ml))


def _why_held(held: pd.DataFrame, language: str) -> np.ndarray:
    """Word each pair of numbers once."""
    words = tongue(language).fixed
    pairs = zip(held["reserved_qty"].tolist(), held["committed_qty"].tolist(), strict=True)
    said: dict[tuple[int, int], str] = {}
    spoken_for = [said.get(pair) or said.setdefault(pair, words.held(*pair)) for pair in pairs]
    return np.where(held["condition"] == "lost", words.lost, np.array(spoken_for, dtype=object))

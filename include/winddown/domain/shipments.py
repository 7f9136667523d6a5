"""
Pack returned units into shipments: first-fit decreasing within weight and usable volume.

One group is (warehouse, destination, handling class); groups are never mixed. Lines are
divisible, so a line fills the rest of a shipment and goes on in the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from include.winddown.domain.errors import UnitTooLarge
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import SHIPMENT_LINES


@dataclass(slots=True)
class _Shipment:
    number: int
    volume_left_ml: int
    weight_left_g: int


@dataclass(frozen=True, slots=True)
class _Piece:
    row: int
    qty: int
    volume_ml: int
    weight_g: int

    def fits(self, volume_ml: int, weight_g: int) -> int:
        return min(volume_ml // self.volume_ml, weight_g // self.weight_g)


def pack_returns(lines: pd.DataFrame, destination: str, policy: Policy) -> pd.DataFrame:
    """
    Pack every return line.

    Args:
        lines: frames.PLAN_LINES; only disposition 'return' is read.
        destination: the own warehouse.
        policy: shipment_weight_max_g, shipment_volume_max_ml and usable_fill_pct.

    Returns:
        frames.SHIPMENT_LINES sorted by (shipment_no, sku, condition);
        its planned_qty.sum() is that of the return lines.

    Raises:
        UnitTooLarge: one unit alone does not fit; the split holds such units back.
    """
    returns = lines.loc[lines["disposition"] == "return"]
    packed = [
        part.assign(
            shipment_no=_numbers(warehouse_id, handling_class, part["_shipment"]), destination=destination
        )
        for (warehouse_id, handling_class), group in returns.groupby(
            ["warehouse_id", "handling_class"], sort=True
        )
        for part in [_pack_group(group, policy)]
    ]
    if not packed:
        return returns.assign(shipment_no="", destination=destination)[list(SHIPMENT_LINES.names)]
    result = pd.concat(packed, ignore_index=True)[list(SHIPMENT_LINES.names)]
    return result.sort_values(["shipment_no", "sku", "condition"], kind="stable", ignore_index=True)


def _numbers(warehouse_id: str, handling_class: str, numbers: pd.Series) -> list[str]:
    return [f"{warehouse_id}.{handling_class}.{number:05d}" for number in numbers]


def _pack_group(group: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    ordered = group.sort_values(
        ["volume_ml", "weight_g", "sku", "condition"], ascending=[False, False, True, True], kind="stable"
    ).reset_index(drop=True)
    room = _Shipment(
        0, policy.shipment_volume_max_ml * policy.usable_fill_pct // 100, policy.shipment_weight_max_g
    )
    placed = np.array(list(_place(ordered, room)), dtype=np.int64).reshape(-1, 3)
    return ordered.iloc[placed[:, 0]].assign(_shipment=placed[:, 1], planned_qty=placed[:, 2])


def _place(ordered: pd.DataFrame, room: _Shipment) -> Iterator[tuple[int, int, int]]:
    """Yield (row, shipment number, pieces); shipments nothing can enter any more are dropped on the way."""
    least_ml = np.minimum.accumulate(ordered["volume_ml"].to_numpy()[::-1])[::-1].tolist()
    least_g = np.minimum.accumulate(ordered["weight_g"].to_numpy()[::-1])[::-1].tolist()
    columns = zip(*(ordered[name].tolist() for name in ("planned_qty", "volume_ml", "weight_g")), strict=True)
    open_shipments: list[_Shipment] = []
    opened = 0
    for row, (qty, volume_ml, weight_g) in enumerate(columns):
        piece = _Piece(row, qty, volume_ml, weight_g)
        open_shipments = [
            shipment
            for shipment in open_shipments
            if shipment.volume_left_ml >= least_ml[row] and shipment.weight_left_g >= least_g[row]
        ]
        left = qty
        for shipment in open_shipments:
            taken = _take(shipment, piece, left)
            left -= taken
            if taken:
                yield row, shipment.number, taken
        while left:
            opened += 1
            shipment = _open(opened, room, piece, ordered)
            taken = _take(shipment, piece, left)
            left -= taken
            open_shipments.append(shipment)
            yield row, shipment.number, taken


def _open(number: int, room: _Shipment, piece: _Piece, ordered: pd.DataFrame) -> _Shipment:
    if piece.fits(room.volume_left_ml, room.weight_left_g) < 1:
        sku = ordered["sku"].iloc[piece.row]
        msg = (
            f"sku {sku}: one piece of {piece.weight_g} g and {piece.volume_ml} ml does not fit a shipment of"
            f" {room.weight_left_g} g and {room.volume_left_ml} ml; raise the limits in the exit's policy"
        )
        raise UnitTooLarge(msg)
    return _Shipment(number, room.volume_left_ml, room.weight_left_g)


def _take(shipment: _Shipment, piece: _Piece, left: int) -> int:
    taken = min(left, piece.fits(shipment.volume_left_ml, shipment.weight_left_g))
    shipment.volume_left_ml -= taken * piece.volume_ml
    shipment.weight_left_g -= taken * piece.weight_g
    return taken


def list_shipments(lines: pd.DataFrame) -> pd.DataFrame:
    """
    Sum shipment lines up to shipments.

    Returns:
        One row per shipment_no with warehouse_id, destination, handling_class,
        units_qty [pcs], weight_g and volume_ml of the whole shipment.
    """
    heavy = lines.assign(
        units_qty=lines["planned_qty"],
        weight_g=lines["weight_g"] * lines["planned_qty"],
        volume_ml=lines["volume_ml"] * lines["planned_qty"],
    )
    keys = ["shipment_no", "warehouse_id", "destination", "handling_class"]
    return heavy.groupby(keys, sort=True, as_index=False)[["units_qty", "weight_g", "volume_ml"]].sum()

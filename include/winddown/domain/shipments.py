"""
Pack returned units into shipments, within weight and usable volume.

One group is (warehouse, destination, handling class); groups are never mixed. Lines are
divisible, so a line fills the rest of a shipment and goes on in the next one.
"""

import numpy as np
import pandas as pd

from include.winddown.domain.errors import UnitTooLarge
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import SHIPMENT_LINES
from include.winddown.domain.split.containers import fill_containers


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
    limits = (
        policy.shipment_weight_max_g,
        policy.shipment_volume_max_ml * policy.usable_fill_pct // 100,
    )
    _refuse_too_large(ordered, limits)
    pieces, weight_g, volume_ml = (
        ordered[name].to_numpy() for name in ("planned_qty", "weight_g", "volume_ml")
    )
    placed = fill_containers(pieces, weight_g, volume_ml, limits)
    return ordered.iloc[placed[:, 0]].assign(_shipment=placed[:, 1], planned_qty=placed[:, 2])


def _refuse_too_large(lines: pd.DataFrame, limits: tuple[int, int]) -> None:
    weight_g, volume_ml = lines["weight_g"].to_numpy(), lines["volume_ml"].to_numpy()
    too_large = np.flatnonzero((weight_g > limits[0]) | (volume_ml > limits[1]))
    if len(too_large):
        row = int(too_large[0])
        msg = (
            f"sku {lines['sku'].iloc[row]}: one piece of {weight_g[row]} g and {volume_ml[row]} ml does not fit"
            f" a shipment of {limits[0]} g and {limits[1]} ml; raise the limits in the exit's policy"
        )
        raise UnitTooLarge(msg)


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

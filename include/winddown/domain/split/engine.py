"""The split: every unit of stock gets exactly one disposition, the free ones where they recover most."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from include.winddown.domain.errors import UnitsLost
from include.winddown.domain.frames import PLAN_LINES
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.aside import Sorted, set_aside
from include.winddown.domain.split.assumed import name_assumed
from include.winddown.domain.split.decide import decide_listings
from include.winddown.domain.split.listings import Response
from include.winddown.domain.split.money import Goods, goods_of
from include.winddown.domain.split.place import Placed, place_pieces
from include.winddown.domain.split.weeks import Weeks
from include.winddown.domain.split.words import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """
    A split of some SKUs' stock.

    Attributes:
        lines: frames.PLAN_LINES, sorted by its grain.
        decisions: plan_frames.DECISIONS, one row a SKU with free units.
        charge_minor: what today's returns are charged where freight goes by the container.
    """

    lines: pd.DataFrame
    decisions: pd.DataFrame
    charge_minor: int


def split_stock(
    stock: pd.DataFrame,
    demand: pd.DataFrame,
    response: Response,
    weeks: Weeks,
    policy: Policy,
    counted_on: date,
) -> Split:
    """
    Give every unit exactly one disposition.

    Args:
        stock: all rows of some SKUs, one per (warehouse_id, sku, condition), with the catalogue's columns
            and fees; see aside.set_aside and money.goods_of.
        demand: one row a SKU with free units: sku, rate [pieces a week at the full price], doubt,
            category, is_locked, was_price_minor, defaults.
        response: of the buyers to lower prices.
        weeks: left.
        policy: the economics.
        counted_on: the day of the snapshot.

    Returns:
        Lines whose planned_qty.sum() == stock.on_hand_qty.sum().

    Raises:
        UnitsLost: more units are spoken for than are there, or a unit would get two dispositions.
    """
    parts = set_aside(stock, policy)
    if parts.free.empty:
        lines = _merge_same(parts.fixed.assign(new_price_minor=pd.NA))
        return Split(lines=lines, decisions=pd.DataFrame(columns=list(DECISIONS.names)), charge_minor=0)
    goods = goods_of(parts.free, demand, response.share, weeks, policy)
    placed = hold_losses(goods, place_pieces(goods, response, weeks.clock), policy)
    decisions = decide_listings(goods, placed, demand, response, weeks, counted_on)
    first = goods.rows.iloc[goods.listings.start[:-1]]
    decisions = decisions.assign(defaults=name_assumed(decisions["defaults"], first, policy))
    lines = _lines(goods, placed, decisions, parts, policy)
    if int(lines["planned_qty"].sum()) != int(stock["on_hand_qty"].sum()):
        msg = f"{int(stock['on_hand_qty'].sum())} units are there, {int(lines['planned_qty'].sum())} are planned"
        raise UnitsLost(msg)
    return Split(lines=lines, decisions=decisions, charge_minor=round(placed.charge_minor))


def hold_losses(goods: Goods, placed: Placed, policy: Policy) -> Placed:
    """Let pieces stay whose way back costs more than they fetch, unless the policy allows it."""
    net = goods.places.back + goods.freight.linear - placed.freight
    if policy.returns.return_at_loss == "allow" or not ((placed.returned > 0) & (net < 0)).any():
        return placed
    held = np.where(net < 0, placed.returned, 0)
    return placed._replace(returned=placed.returned - held, kept=placed.kept + held, held=held)


def _lines(
    goods: Goods, placed: Placed, decisions: pd.DataFrame, parts: Sorted, policy: Policy
) -> pd.DataFrame:
    why = sentences(decisions, policy.language)
    new_price = decisions["new_price_minor"].to_numpy()
    moved = []
    for disposition, qty in (
        ("return", placed.returned),
        ("markdown", placed.kept),
        ("dispose", placed.disposed),
    ):
        price = pd.Series(new_price[goods.listing]).astype("Int64")
        rows = goods.rows.assign(
            disposition=disposition,
            planned_qty=qty,
            new_price_minor=price if disposition == "markdown" else pd.NA,
            why=why[goods.listing],
        )
        moved.append(rows[qty > 0])
    fixed = parts.fixed.assign(new_price_minor=pd.NA)
    return _merge_same(pd.concat([*moved, fixed], ignore_index=True))


def _merge_same(lines: pd.DataFrame) -> pd.DataFrame:
    """Join lines of one grain: a row can be held for two reasons, or fixed and free units go one way."""
    grain = list(PLAN_LINES.grain)
    typed = lines.assign(new_price_minor=lines["new_price_minor"].astype("Int64"))
    ordered = typed[list(PLAN_LINES.names)].sort_values(grain, kind="stable", ignore_index=True)
    if not ordered.duplicated(grain).any():
        return ordered
    rest = {name: "first" for name in ordered.columns if name not in grain}
    joined = ordered.groupby(grain, sort=True, as_index=False).agg(
        {**rest, "planned_qty": "sum", "why": " ".join}
    )
    return joined[list(PLAN_LINES.names)]

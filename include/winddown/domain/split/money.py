"""What each listing costs and fetches: the solver's columns from stock, catalogue, fees and policy."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from include.winddown.domain.policy import Policy
from include.winddown.domain.split.freight import Freight, linear_freight, tariff_of
from include.winddown.domain.split.full_price import step_of
from include.winddown.domain.split.listings import Listings, Places
from include.winddown.domain.split.waves import Tariff
from include.winddown.domain.split.weeks import DAYS_A_WEEK, Weeks

BP = 10_000
DAYS_A_YEAR = 365
G_A_KG = 1_000
ML_A_M3 = 1_000_000


class Goods(NamedTuple):
    """
    Free stock as the solver sees it.

    Attributes:
        rows: the free rows, one a place, in the order of places: by listing, the best return value first.
        sku: of each listing, ascending.
        listing: of each place.
        listings, places, freight: see there.
    """

    rows: pd.DataFrame
    sku: np.ndarray
    listing: np.ndarray
    listings: Listings
    places: Places
    freight: Freight


def goods_of(
    free: pd.DataFrame, demand: pd.DataFrame, share: np.ndarray, weeks: Weeks, policy: Policy
) -> Goods:
    """
    Bring stock, fees and demand into columns.

    Args:
        free: rows of aside.Sorted.free; where the marketplace told fees, also commission_bp,
            delivery_minor, acquiring_minor and min_price_minor, empty where it did not.
        demand: one row a SKU with rate, doubt, category and is_locked; see estimate.Demand.
        share: the ladder, of the full price.
        weeks: left.
        policy: the economics.
    """
    told = free.reset_index(drop=True)
    gross = _gross_back(told, policy)
    group, tariffs = _groups(told, policy)
    sizes = (told["weight_g"].to_numpy(np.int64), told["volume_ml"].to_numpy(np.int64))
    pieces = told["free_qty"].to_numpy(np.int64)
    linear = linear_freight(pieces, group, *sizes, tariffs)
    back = gross - linear if weeks.clock.last_call >= 0 else np.full(len(told), -np.inf)
    sku, number = np.unique(told["sku"].to_numpy(dtype=str), return_inverse=True)
    order = np.lexsort((told["warehouse_id"].to_numpy(dtype=str), -back, number))
    listing = number[order]
    start = np.searchsorted(listing, np.arange(len(sku) + 1))
    rows = told.iloc[order].reset_index(drop=True)
    places = Places(pieces[order], back[order])
    listings = _listings(rows, demand, start, (share, places), (weeks, policy))
    weight, volume = sizes
    freight = Freight(group[order], weight[order], volume[order], linear[order], tariffs)
    return Goods(rows, sku, listing, listings, places, freight)


def _listings(
    rows: pd.DataFrame,
    demand: pd.DataFrame,
    start: np.ndarray,
    money: tuple[np.ndarray, Places],
    terms: tuple[Weeks, Policy],
) -> Listings:
    """Take what is the same in all warehouses from a listing's first place."""
    (share, places), (weeks, policy) = money, terms
    first = rows.iloc[start[:-1]].reset_index(drop=True)
    known = demand.set_index("sku").loc[first["sku"]]
    fee_share, fee = _fees(first, policy)
    weight, volume = (first[name].to_numpy(np.float64) for name in ("weight_g", "volume_ml"))
    stored = policy.storage.storage_minor_per_m3_day * volume / ML_A_M3
    cost = first["unit_cost_minor"].to_numpy(np.float64)
    carried = cost * policy.storage.carrying_pct_per_year / 100 / DAYS_A_YEAR
    scrap = -(policy.disposal.piece_minor + policy.disposal.kg_minor * weight / G_A_KG)
    full_minor = first["full_minor"].to_numpy(np.int64)
    listings = Listings(
        pieces=np.add.reduceat(places.pieces, start[:-1]) if len(first) else np.zeros(0, np.int64),
        price=np.array(full_minor, np.float64),
        fee_share=fee_share,
        fee=fee,
        storage=(stored + carried) * weeks.step_days,
        scrap=scrap,
        rate=known["rate"].to_numpy(np.float64) * weeks.step_days / DAYS_A_WEEK,
        # copies, because what pandas gives cannot be written to, and would be compiled for apart
        doubt=np.array(known["doubt"], np.float64),
        category=np.array(known["category"], np.int64),
        first=step_of(first["price_minor"].to_numpy(np.int64), full_minor, share),
        last=np.ones(len(first), np.int64),
        start=start,
        locked=np.array(known["is_locked"], np.bool_),
    )
    return listings._replace(last=_deepest(listings, places, share, _floors(first, policy), policy))


def _fees(first: pd.DataFrame, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    """Give the marketplace's share of a price, and what it keeps of every sale."""
    commission = told_or(first, "commission_bp", policy.fees.commission_bp)
    acquiring = told_or(first, "acquiring_minor", 0)
    is_told = told_or(first, "acquiring_minor", -1) >= 0
    share = (commission + np.where(is_told, 0, policy.fees.acquiring_bp)) / BP
    return share, told_or(first, "delivery_minor", policy.fees.sale_fee_minor) + acquiring


def told_or(rows: pd.DataFrame, name: str, default: float) -> np.ndarray:
    """Read a column of amounts that may be empty or not there at all."""
    if name not in rows:
        return np.full(len(rows), float(default))
    return np.asarray(pd.to_numeric(rows[name]).astype("Float64").fillna(default), np.float64)


def _gross_back(rows: pd.DataFrame, policy: Policy) -> np.ndarray:
    """Net of a returned piece before freight."""
    fetched = rows["resale_minor"].to_numpy(np.float64) * policy.returns.sellable_pct / 100
    return np.asarray(fetched - policy.returns.handling_minor - policy.returns.pick_minor)


def _floors(first: pd.DataFrame, policy: Policy) -> np.ndarray:
    """The lowest price allowed: a share of the cost, and the marketplace's own minimum."""
    by_cost = first["unit_cost_minor"].to_numpy(np.float64) * policy.prices.floor_pct_of_cost / 100
    return np.asarray(np.maximum(by_cost, told_or(first, "min_price_minor", 0)))


def _deepest(
    listings: Listings, places: Places, share: np.ndarray, floor: np.ndarray, policy: Policy
) -> np.ndarray:
    """The ladder step beyond the deepest that cap, floor and break-even allow; today's price always is allowed."""
    asked = listings.price[:, None] * share
    is_allowed = asked >= floor[:, None]
    is_allowed &= np.rint(100 * (1 - share)) <= policy.prices.discount_max_pct
    if policy.prices.keep_break_even and len(listings.pieces):
        lowest = np.minimum.reduceat(places.back, listings.start[:-1])
        gain = asked * (1 - listings.fee_share[:, None]) - listings.fee[:, None]
        is_allowed &= gain >= np.maximum(lowest, listings.scrap)[:, None]
    is_allowed |= np.arange(len(share)) <= listings.first[:, None]
    return np.asarray(np.logical_and.accumulate(is_allowed, axis=1).sum(axis=1), np.int64)


def _groups(rows: pd.DataFrame, policy: Policy) -> tuple[np.ndarray, tuple[Tariff, ...]]:
    """Number the groups of (warehouse, handling class); all go to one destination."""
    keys = pd.MultiIndex.from_frame(rows[["warehouse_id", "handling_class"]])
    group, found = keys.factorize(sort=True)
    return np.asarray(group, np.int64), tuple(tariff_of(policy.freight.of(*one)) for one in found)

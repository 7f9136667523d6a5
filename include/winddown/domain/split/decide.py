"""Decisions of a plan as rows that people can read and a digest can cover: plan_frames.DECISIONS."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from include.winddown.domain.plan_frames import ALTERNATIVES, DECISIONS
from include.winddown.domain.split.flips import Flips, find_flips
from include.winddown.domain.split.full_price import asked
from include.winddown.domain.split.listings import Response
from include.winddown.domain.split.money import Goods
from include.winddown.domain.split.place import Placed
from include.winddown.domain.split.weeks import DAYS_A_WEEK, Weeks

EXPLAINED_MAX = 1_000
"""For so many listings, those with the most money at stake, is told where their choice would turn."""


def decide_listings(
    goods: Goods,
    placed: Placed,
    demand: pd.DataFrame,
    response: Response,
    weeks: Weeks,
    counted_on: date,
) -> pd.DataFrame:
    """
    Write a row of plan_frames.DECISIONS for each listing with free pieces.

    Args:
        goods: the free stock.
        placed: what happens to it.
        demand: one row a SKU; its was_price_minor and defaults are passed on.
        response: of the buyers.
        weeks: left.
        counted_on: the day of the snapshot.
    """
    listings, found = goods.listings, placed.found
    first = goods.rows.iloc[listings.start[:-1]].reset_index(drop=True)
    known = demand.set_index("sku").loc[first["sku"]].reset_index()
    lift = response.lift[listings.category, listings.first]
    flips = find_flips(listings, goods.places, response, weeks.clock, _most_at_stake(goods))
    rows = pd.DataFrame(
        {
            **{name: first[name] for name in ("sku", "offer_id", "currency", "price_minor")},
            "free_qty": listings.pieces,
            **_pieces(goods, placed),
            **_prices(goods, placed, response),
            "was_price_minor": known["was_price_minor"],
            "rate_per_week": listings.rate * lift * DAYS_A_WEEK / weeks.step_days,
            "weeks_left": weeks.days_left / DAYS_A_WEEK,
            "last_call_on": counted_on + timedelta(weeks.call_days) if weeks.call_days >= 0 else None,
            # sums of chances may end a rounding error below zero
            "expected_sold_qty": np.maximum(found.sold, 0),
            "expected_returned_qty": np.maximum(found.returned, 0),
            "expected_disposed_qty": np.maximum(found.disposed, 0),
            "return_net_minor": _return_net(goods, placed),
            **_money(placed),
            **_turning(flips, lift, weeks),
            "defaults": known["defaults"],
        }
    )
    held = by_listing(goods, placed.held) > 0
    return rows.assign(reason=_reasons(rows, held, weeks))[list(DECISIONS.names)]


def _most_at_stake(goods: Goods) -> np.ndarray:
    worth = goods.listings.price * goods.listings.pieces
    return np.sort(np.argsort(-worth, kind="stable")[:EXPLAINED_MAX])


def _pieces(goods: Goods, placed: Placed) -> dict[str, np.ndarray]:
    columns = {"keep_qty": placed.kept, "return_qty": placed.returned, "dispose_qty": placed.disposed}
    return {name: by_listing(goods, pieces).astype(np.int64) for name, pieces in columns.items()}


def by_listing(goods: Goods, values: np.ndarray) -> np.ndarray:
    """Sum values of places up to listings."""
    return np.bincount(goods.listing, weights=values, minlength=len(goods.sku))


def _prices(goods: Goods, placed: Placed, response: Response) -> dict[str, np.ndarray]:
    listings = goods.listings
    step = np.where(placed.found.keep > 0, placed.found.step, listings.first)
    share = response.share[step]
    new = asked(listings.price, share[:, None])[:, 0]
    net = new * (1 - listings.fee_share) - listings.fee
    return {
        "new_price_minor": new,
        "discount_pct": np.rint(100 * (1 - share)).astype(np.int64),
        "sale_net_minor": whole(net),
    }


def whole(amounts: np.ndarray) -> np.ndarray:
    """Round amounts to minor units."""
    return np.asarray(np.rint(amounts), np.int64)


def _return_net(goods: Goods, placed: Placed) -> pd.Series:
    """Average net of a returned piece after freight; empty where none can be returned."""
    able = np.isfinite(goods.places.back)
    weight = np.where(able, np.where(placed.returned > 0, placed.returned, 1e-9 * goods.places.pieces), 0.0)
    back = np.where(able, goods.places.back + goods.freight.linear - placed.freight, 0.0)
    total = by_listing(goods, weight)
    average = by_listing(goods, weight * back) / np.where(total > 0, total, 1.0)
    return pd.Series(whole(average)).astype("Int64").where(total > 0)


def _money(placed: Placed) -> dict[str, np.ndarray]:
    found = placed.found
    columns = {
        "plan_minor": found.value,
        "return_all_minor": found.return_all,
        "hold_minor": found.hold,
        "markdown_minor": found.markdown,
        "dispose_all_minor": found.dispose_all,
        "bound_minor": found.bound,
    }
    money = {name: whole(amounts) for name, amounts in columns.items()}
    others = np.stack([money[f"{name}_minor"] for name in ALTERNATIVES])
    best = others.argmax(axis=0)
    second = np.asarray(ALTERNATIVES, dtype=object)[best]
    return money | {"margin_minor": money["plan_minor"] - others.max(axis=0), "second_best": second}


def _turning(flips: Flips, lift: np.ndarray, weeks: Weeks) -> dict[str, pd.Series]:
    back = pd.Series(np.rint(flips.back)).astype("Int64")
    return {
        "flip_weeks": pd.Series(flips.weeks * weeks.step_days / DAYS_A_WEEK),
        "flip_return_minor": back,
        "flip_rate": pd.Series(flips.rate * lift * DAYS_A_WEEK / weeks.step_days),
    }


def _reasons(rows: pd.DataFrame, held: np.ndarray, weeks: Weeks) -> np.ndarray:
    """Say in one word why, the most telling one."""
    out = rows["return_qty"] + rows["dispose_qty"]
    cases = {
        "no_return_left": (out == 0) & (weeks.call_days < 0),
        "return_at_loss": held | ((rows["return_qty"] > 0) & (rows["return_net_minor"].fillna(0) < 0)),
        "return_all": rows["return_qty"] == rows["free_qty"],
        "dispose": rows["dispose_qty"] > 0,
        "mixed": out > 0,
        "markdown": rows["new_price_minor"] < rows["price_minor"],
    }
    return np.select(list(cases.values()), list(cases), default="keep_all")

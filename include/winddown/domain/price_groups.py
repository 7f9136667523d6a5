"""Which prices of a plan change, and in which groups they are sent."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from include.winddown.domain.errors import PriceUnsafe, shorten
from include.winddown.domain.prices import Cut, bucket_of, may_be_shown

CHANGES = (
    "sku",
    "version",
    "offer_id",
    "price_minor",
    "old_price_minor",
    "from_minor",
    "currency",
    "reason",
    "group",
)


def plan_changes(decisions: pd.DataFrame, latest: pd.DataFrame, digest: str, cut: Cut) -> pd.DataFrame:
    """
    List the changes that put a plan's prices into effect.

    A SKU whose price stays gets a change too while an older plan's one is still on its way: a newer
    version takes its place.

    Args:
        decisions: plan_frames.DECISIONS.
        latest: one row a SKU: the newest change, with version, digest (of its plan) and is_open.
        digest: of the plan.
        cut: how groups are made.

    Returns:
        CHANGES, grain SKU, in order of group and SKU; group is 'bucket-number'.
    """
    columns = ["sku", "offer_id", "price_minor", "new_price_minor", "was_price_minor", "currency"]
    known = latest[["sku", "version", "digest", "is_open"]]
    both = decisions[columns].merge(known, on="sku", how="left", validate="one_to_one")
    is_overtaken = both["is_open"].eq(True) & both["digest"].ne(digest)  # noqa: FBT003
    is_changed = both["new_price_minor"] != both["price_minor"]
    rows = both.loc[is_changed | is_overtaken].sort_values("sku", kind="stable")
    changes = pd.DataFrame(
        {
            "sku": rows["sku"],
            "version": rows["version"].fillna(0).astype("int64") + 1,
            "offer_id": rows["offer_id"],
            "price_minor": rows["new_price_minor"].astype("int64"),
            "old_price_minor": _shown(rows["new_price_minor"], rows["was_price_minor"]),
            "from_minor": rows["price_minor"].astype("int64"),
            "currency": rows["currency"],
            "reason": "markdown",
        }
    )
    return group_changes(changes, cut)


def restore_changes(latest: pd.DataFrame, gone: set[str] | None, cut: Cut) -> pd.DataFrame:
    """
    List the changes that give SKUs their first price back.

    Args:
        latest: one row a SKU: the newest change, with version, offer_id, price_minor, first_minor (what
            stood before our first change), currency, is_open, problem and may_rise (the country's rule).
        gone: SKUs without sellable stock; None = the deadline has passed, so all of them.
        cut: how groups are made.

    Returns:
        CHANGES, as of plan_changes.
    """
    is_ours = ~latest["is_open"] & latest["problem"].isna() & latest["may_rise"]
    is_lower = latest["price_minor"] < latest["first_minor"]
    is_over = latest["sku"].isin(gone) if gone is not None else True
    rows = latest.loc[is_ours & is_lower & is_over].sort_values("sku", kind="stable")
    changes = pd.DataFrame(
        {
            "sku": rows["sku"],
            "version": rows["version"].astype("int64") + 1,
            "offer_id": rows["offer_id"],
            "price_minor": rows["first_minor"].astype("int64"),
            "old_price_minor": 0,
            "from_minor": rows["price_minor"].astype("int64"),
            "currency": rows["currency"],
            "reason": "restore",
        }
    )
    return group_changes(changes, cut)


def group_changes(changes: pd.DataFrame, cut: Cut) -> pd.DataFrame:
    """Cut changes into groups: by bucket, and within it by SKU, so that the same changes make the same groups."""
    ordered = changes.assign(bucket=[bucket_of(sku, cut.buckets) for sku in changes["sku"]])
    ordered = ordered.sort_values(["bucket", "sku"], kind="stable").reset_index(drop=True)
    number = ordered.groupby("bucket").cumcount() // cut.most
    names = [f"{bucket:02}-{no:04}" for bucket, no in zip(ordered["bucket"], number, strict=True)]
    return ordered.assign(group=pd.Series(names, dtype="object"))[list(CHANGES)]


def bucket_in(group: str) -> int:
    """Read the bucket in a group's name."""
    return int(group.partition("-")[0])


def check_floors(changes: pd.DataFrame, costs_minor: Mapping[str, int], floor_pct: int) -> None:
    """
    Check once more, before anything is sent, that no markdown is at or below zero or below the policy's floor.

    Args:
        changes: CHANGES.
        costs_minor: unit cost by SKU.
        floor_pct: no price below this share of it.

    Raises:
        PriceUnsafe: names the SKUs; nothing of the plan's prices is sent.
    """
    floors = changes["sku"].map(costs_minor).fillna(0) * floor_pct / 100
    is_low = (changes["price_minor"] <= 0) | (
        (changes["price_minor"] < np.floor(floors)) & (changes["price_minor"] < changes["from_minor"])
    )
    if is_low.any():
        named = [f"{row.sku} at {row.price_minor}" for row in changes[is_low].head(10).itertuples()]
        msg = f"{int(is_low.sum())} prices are below the floor: {shorten(named)}. Nothing is sent; make a new plan"
        raise PriceUnsafe(msg)


def _shown(prices: pd.Series, former: pd.Series) -> pd.Series:
    """Show the former price where the marketplace would; where it is not known or too near, nothing is shown."""
    pairs = zip(prices.astype("int64"), former.astype("Int64").fillna(0).astype("int64"), strict=True)
    shown = [old if old and may_be_shown(price, old) else 0 for price, old in pairs]
    return pd.Series(shown, index=prices.index, dtype="int64")

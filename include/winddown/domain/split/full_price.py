"""
The price a listing's ladder is cut from: the one before this exit's first markdown.

A plan that took the lowered price for the full one would lower it by the same shares again, past the
deepest discount allowed, and would take weeks at the full price for weeks above it.
"""

import numpy as np
import pandas as pd


def still_on_ladder(lowered: pd.DataFrame, share: np.ndarray) -> pd.DataFrame:
    """
    Keep the products whose lowered price still is a step of the ladder.

    Args:
        lowered: one row a SKU: sku, price_minor (today's) and full_minor (before the first change).
        share: the ladder, of the full price.

    Returns:
        sku and full_minor. Somebody else priced the others anew, or the ladder is another one now: their
        ladder begins at today's price.
    """
    steps = step_of(lowered["price_minor"].to_numpy(), lowered["full_minor"].to_numpy(), share)
    return lowered.loc[steps > 0, ["sku", "full_minor"]].reset_index(drop=True)


def step_of(price_minor: np.ndarray, full_minor: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Find today's price on the ladder of the full price; 0 also where it is no step of it."""
    is_step = asked(full_minor, share) == price_minor[:, None]
    return np.asarray(np.where(is_step.any(axis=1), is_step.argmax(axis=1), 0), np.int64)


def asked(full_minor: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Give the prices of the ladder in whole minor units, by product and step."""
    prices = np.maximum(1, np.floor(full_minor[:, None] * share + 0.5))
    return np.asarray(prices, np.int64)

"""Stock and demand for tests of the split, and a split with little to say."""

from datetime import date

import numpy as np
import pandas as pd

from include.winddown.domain.policy import Policy
from include.winddown.domain.split.engine import Split, split_stock
from include.winddown.domain.split.response import learn_response
from include.winddown.domain.split.weeks import weeks_until

TODAY = date(2026, 11, 23)


def row(**changes) -> dict[str, object]:
    """One row of stock: 100 sellable lamps at 19.99, 6.44 for a returned one."""
    return {
        "warehouse_id": "WH-1",
        "sku": "A1",
        "offer_id": "a-1",
        "name": "Lamp",
        "condition": "sellable",
        "on_hand_qty": 100,
        "reserved_qty": 0,
        "committed_qty": 0,
        "length_mm": 100,
        "width_mm": 100,
        "height_mm": 100,
        "weight_g": 500,
        "handling_class": "standard",
        "price_minor": 1999,
        "full_minor": changes.get("price_minor", 1999),
        "currency": "RUB",
        "unit_cost_minor": 900,
        "resale_minor": 700,
    } | changes


def stock(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows as a frame; one lamp's when none is given."""
    return pd.DataFrame(list(rows) or [row()])


def demand(there: pd.DataFrame, rate: float = 5.0, **changes) -> pd.DataFrame:
    """The same demand for every SKU: pieces a week at today's price."""
    skus = sorted(there["sku"].unique())
    columns = {
        "rate": rate,
        "doubt": 0.1,
        "category": 0,
        "is_locked": False,
        "was_price_minor": pd.array([None] * len(skus), dtype="Int64"),
        "defaults": None,
    }
    return pd.DataFrame({"sku": skus, **(columns | changes)})


def split(
    there: pd.DataFrame,
    rate: float = 5.0,
    days_left: int = 70,
    policy: Policy | None = None,
    **known,
) -> Split:
    """Split with one demand for all and the default response."""
    terms = policy or Policy()
    share = 1 - np.array(terms.prices.steps_pct()) / 100
    response = learn_response(share, 1).response
    weeks = weeks_until(days_left, terms)
    return split_stock(there, demand(there, rate, **known), response, weeks, terms, TODAY)


def dispositions(lines: pd.DataFrame) -> dict[str, int]:
    """Pieces by disposition."""
    counted = lines.groupby("disposition")["planned_qty"].sum()
    return {str(name): int(qty) for name, qty in counted.items()}

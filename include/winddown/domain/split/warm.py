"""Compile what the split needs before somebody waits for it: a plan of two lamps, under both kinds of price rule."""

from datetime import date

import numpy as np
import pandas as pd

from include.winddown.domain.policy import Policy
from include.winddown.domain.split.engine import split_stock
from include.winddown.domain.split.response import learn_response
from include.winddown.domain.split.weeks import weeks_until

_LAMP = {
    "sku": "1",
    "offer_id": "1",
    "name": "Lamp",
    "condition": "sellable",
    "on_hand_qty": 50,
    "reserved_qty": 0,
    "committed_qty": 0,
    "length_mm": 100,
    "width_mm": 100,
    "height_mm": 100,
    "weight_g": 500,
    "handling_class": "standard",
    "price_minor": 2_000,
    "full_minor": 2_000,
    "currency": "RUB",
    "unit_cost_minor": 900,
    "resale_minor": 700,
}


def warm_up() -> None:
    """Run every compiled function once; machine code of an earlier run is used again."""
    stock = pd.DataFrame([_LAMP | {"warehouse_id": name} for name in ("A", "B")])
    known = {"sku": ["1"], "rate": 3.0, "doubt": 0.2, "category": 0, "is_locked": False}
    demand = pd.DataFrame(known | {"was_price_minor": pd.array([None], dtype="Int64"), "defaults": None})
    for country in ("RU", "DE"):
        policy = Policy.of({"prices": {"country": country}, "freight": {"container_minor": 500}})
        share = 1 - np.array(policy.prices.steps_pct()) / 100
        response = learn_response(share, 1).response
        split_stock(stock, demand, response, weeks_until(70, policy), policy, date(2026, 1, 5))

"""What is odd or missing in the economics of single products, and what follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from include.winddown.domain.amounts import amount_of
from include.winddown.domain.errors import DeadlinePassed
from include.winddown.domain.policy import Policy

BP = 10_000
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One thing that people should know of a product before they believe its plan.

    Attributes:
        sku: of the product.
        code: what is odd.
        follows: which default or refusal follows, in one sentence.
    """

    sku: str
    code: str
    follows: str


Case = tuple[str, np.ndarray, np.ndarray, str]
"""A code, which products it holds for, the amount [minor units] its sentence names, and the sentence."""

CODES = ("no_resale", "no_fee", "no_history", "sale_at_loss", "below_cost", "return_at_loss")


def find_odd(products: pd.DataFrame, policy: Policy) -> Iterator[Finding]:
    """
    Name what is missing, and margins below zero, product by product.

    Args:
        products: one row a SKU: sku, price_minor, unit_cost_minor, resale_minor (may be missing),
            commission_bp, acquiring_minor and delivery_minor (may be missing), sold_qty [pcs in the
            history that is looked at].
        policy: its defaults fill what is missing.

    Returns:
        Findings in the order of CODES, then of the rows.
    """
    skus = products["sku"].to_numpy()
    for code, is_odd, amount, sentence in (*_missing(products, policy), *_below_zero(products, policy)):
        for at in np.flatnonzero(is_odd).tolist():
            yield Finding(sku=str(skus[at]), code=code, follows=sentence.format(amount_of(int(amount[at]))))


def _missing(products: pd.DataFrame, policy: Policy) -> tuple[Case, ...]:
    """Find what nobody told, and say what is assumed instead."""
    resale, is_told = _resale(products, _price(products), policy)
    no_fee = products["commission_bp"].isna().to_numpy()
    no_history = products["sold_qty"].to_numpy() == 0
    share = f"{policy.returns.resale_default_pct} % of the price"
    fee = f"{policy.fees.commission_bp / 100:g} %"
    weeks = policy.demand.history_weeks
    return (
        ("no_resale", ~is_told, resale, f"no resale value: {share}, {{}}, is assumed"),
        ("no_fee", no_fee, resale, f"no commission told: {fee} is assumed"),
        ("no_history", no_history, resale, f"not sold in {weeks} weeks: its rate is assumed"),
    )


def _below_zero(products: pd.DataFrame, policy: Policy) -> tuple[Case, ...]:
    """Find sales and returns that lose money."""
    price = _price(products)
    net = price - _fees(products, price, policy)
    resale, _ = _resale(products, price, policy)
    back = resale * policy.returns.sellable_pct // 100
    back = back - policy.returns.handling_minor - policy.returns.pick_minor
    cost = products["unit_cost_minor"].to_numpy(np.int64)
    at_loss = "a sale at today's price leaves {} after fees: it is not sold at a loss"
    below = "a sale leaves {} less than it cost: what was paid is gone, the plan counts what still comes in"
    return (
        ("sale_at_loss", net <= 0, net, at_loss),
        ("below_cost", (net > 0) & (net < cost), cost - net, below),
        ("return_at_loss", back < 0, back, f"a return leaves {{}}: {_at_loss(policy)}"),
    )


def _price(products: pd.DataFrame) -> np.ndarray:
    return np.asarray(products["price_minor"].to_numpy(np.int64))


def _fees(products: pd.DataFrame, price: np.ndarray, policy: Policy) -> np.ndarray:
    commission = _told(products, "commission_bp", policy.fees.commission_bp)
    acquiring = _told(products, "acquiring_minor", -(-price * policy.fees.acquiring_bp // BP))
    delivery = _told(products, "delivery_minor", policy.fees.sale_fee_minor)
    return np.asarray(-(-price * commission // BP) + acquiring + delivery)


def _resale(products: pd.DataFrame, price: np.ndarray, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    is_told = products["resale_minor"].notna().to_numpy()
    return _told(products, "resale_minor", price * policy.returns.resale_default_pct // 100), is_told


def _told(products: pd.DataFrame, name: str, default: int | np.ndarray) -> np.ndarray:
    values = products[name].astype("Int64")
    told = values.fillna(0).to_numpy(np.int64)
    return np.where(values.isna().to_numpy(), default, told)


def _at_loss(policy: Policy) -> str:
    if policy.returns.return_at_loss == "allow":
        return "it comes back only where disposal costs more"
    return "it does not come back, unless the policy's returns.return_at_loss is allow"


def last_call_on(deadline_on: date, policy: Policy) -> date:
    """The last day on which a return can be asked for."""
    return deadline_on - timedelta(policy.returns.lead_time_days + policy.returns.safety_days)


LEAD_NOTES = ("none_left", "only_now")
"""What a deadline inside the lead time means: no return is possible any more, or only in this week."""


def lead_note(counted_on: date, deadline_on: date, policy: Policy) -> str:
    """Give one of LEAD_NOTES; empty when there is time."""
    call = last_call_on(deadline_on, policy)
    if call < counted_on:
        return "none_left"
    return "only_now" if (call - counted_on).days < DAYS_A_WEEK else ""


def deadline_note(counted_on: date, deadline_on: date, policy: Policy) -> str:
    """
    Say what a deadline inside the lead time means; empty when there is time.

    Raises:
        DeadlinePassed: the deadline is not after the day of the count.
    """
    days = (deadline_on - counted_on).days
    if days <= 0:
        msg = f"the deadline {deadline_on} is not after {counted_on}, the day of the count; give a later one"
        raise DeadlinePassed(msg)
    call = last_call_on(deadline_on, policy)
    time = f"{days} days are left and a return takes {policy.returns.lead_time_days}"
    time += f" and {policy.returns.safety_days} for safety" if policy.returns.safety_days else ""
    follows = {
        "none_left": f"no return is possible any more, the last call was on {call}; what is not sold is disposed of",
        "only_now": f"returns are possible only now, until {call}",
    }
    note = lead_note(counted_on, deadline_on, policy)
    return f"{time}: {follows[note]}" if note else ""

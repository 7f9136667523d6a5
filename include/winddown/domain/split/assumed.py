"""Which figures of a listing were not given, so that the policy's stood in."""

import numpy as np
import pandas as pd

from include.winddown.domain.economics import Fees, Freight, Returns
from include.winddown.domain.policy import Policy


def name_assumed(defaults: pd.Series, first: pd.DataFrame, policy: Policy) -> np.ndarray:
    """
    Add what was assumed of costs and fees to what was assumed of demand.

    Args:
        defaults: one text a listing, codes of plan_frames.DEFAULTS with blanks between, or missing.
        first: one row a listing: is_resale_assumed, and commission_bp, acquiring_minor and
            delivery_minor, empty or not there at all where the marketplace does not tell them.
        policy: a setting that stands at its default counts as not given.

    Returns:
        The texts, sorted, each code once; None where nothing was assumed.
    """
    of_all = _of_policy(policy)
    flags = {
        "resale": _is_set(first, "is_resale_assumed"),
        "commission": _is_missing(first, "commission_bp")
        & (policy.fees.commission_bp == Fees().commission_bp),
        "acquiring": _is_missing(first, "acquiring_minor")
        & (policy.fees.acquiring_bp == Fees().acquiring_bp),
        "delivery": _is_missing(first, "delivery_minor") & (policy.fees.sale_fee_minor == 0),
    }
    number, known = pd.factorize(defaults.fillna("").to_numpy(dtype=object))
    for place, is_set in enumerate(flags.values()):
        number = number + len(known) * (is_set.astype(np.int64) << place)
    kinds, kind = np.unique(number, return_inverse=True)
    texts = []
    for one in kinds.tolist():
        bits, at = divmod(one, max(1, len(known)))
        own = {code for place, code in enumerate(flags) if bits >> place & 1}
        texts.append(" ".join(sorted(of_all | own | set(str(known[at]).split()))) or None)
    return np.array([*texts, None], dtype=object)[:-1][kind]


def _of_policy(policy: Policy) -> set[str]:
    at_default = {
        "lead_time": policy.returns.lead_time_days == Returns().lead_time_days,
        "sellable_share": policy.returns.sellable_pct == Returns().sellable_pct,
        "fill": policy.freight.usable_fill_pct == Freight().usable_fill_pct,
    }
    return {code for code, is_default in at_default.items() if is_default}


def _is_set(rows: pd.DataFrame, name: str) -> np.ndarray:
    return rows[name].to_numpy(dtype=bool) if name in rows else np.zeros(len(rows), dtype=bool)


def _is_missing(rows: pd.DataFrame, name: str) -> np.ndarray:
    return rows[name].isna().to_numpy() if name in rows else np.ones(len(rows), dtype=bool)

"""Demand of every listing, learnt from all of them together, and what had to be assumed."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from include.winddown.domain.policy import Policy
from include.winddown.domain.split.history import Past, observe_markdowns
from include.winddown.domain.split.listings import Response
from include.winddown.domain.split.rates import estimate_rates, fit_prior
from include.winddown.domain.split.response import DEFAULT, Learnt, learn_response
from include.winddown.domain.split.swings import add_swing, fit_swing


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """
    What is known of demand.

    Attributes:
        listings: one row a SKU: sku, rate [pieces a week at the full price], doubt (variance of a week's
            demand beyond Poisson's ÷ rate²: what is not known of the rate, and how weeks swing around
            it), category (row of the response), is_locked (its price was changed too recently to be
            changed now), was_price_minor, defaults.
        response: by category.
    """

    listings: pd.DataFrame
    response: Response


def estimate_demand(past: Past, policy: Policy) -> Demand:
    """
    Estimate rates and response of all listings with stock.

    Args:
        past: what past weeks tell.
        policy: the ladder, what is believed of elasticities, days between two changes of a price.
    """
    prior = fit_prior(past.sold, past.weeks)
    rates = estimate_rates(past.sold, past.weeks, prior)
    swing = fit_swing(past.sold, past.squares, past.swing_weeks)
    share = 1 - np.array(policy.prices.steps_pct()) / 100
    learnt = learn_response(
        share,
        max(1, len(past.categories)),
        observe_markdowns(past, rates),
        beliefs=[policy.demand.of(name) for name in past.categories] or [policy.demand.of("")],
    )
    listings = pd.DataFrame(
        {
            "sku": past.sku,
            "rate": rates.mean,
            "doubt": add_swing(rates, swing).doubt,
            "category": past.category,
            "is_locked": past.other_price_days < policy.prices.min_change_days,
            "was_price_minor": pd.Series(past.lowest_minor).astype("Int64"),
            "defaults": _defaults((past.weeks <= 0) | prior.is_default, past, learnt, policy),
        }
    )
    return Demand(listings=listings, response=learnt.response)


def _defaults(is_unseen: np.ndarray, past: Past, learnt: Learnt, policy: Policy) -> np.ndarray:
    """Name what was assumed of each SKU, sorted, with blanks between; None where nothing was."""
    of_all = _of_policy(policy)
    flags = {
        "history": is_unseen,
        "elasticity": learnt.origin[past.category] == DEFAULT,
        "price_log": past.from_markdowns,
    }
    texts: dict[tuple[bool, ...], str | None] = {}
    for key in product((False, True), repeat=len(flags)):
        own = {code for code, is_set in zip(flags, key, strict=True) if is_set}
        texts[key] = " ".join(sorted(of_all | own)) or None
    columns = np.stack(list(flags.values()), axis=1).tolist()
    return np.array([texts[tuple(row)] for row in columns], dtype=object)


def _of_policy(policy: Policy) -> set[str]:
    """Name amounts of the policy that nobody gave; 0 is what stands there then."""
    amounts = {
        "storage": policy.storage.storage_minor_per_m3_day,
        "handling": policy.returns.handling_minor,
        "pick": policy.returns.pick_minor,
        "freight": policy.freight.container_minor + policy.freight.minimum_minor,
        "disposal": policy.disposal.piece_minor + policy.disposal.kg_minor,
    }
    return {code for code, amount in amounts.items() if amount == 0}

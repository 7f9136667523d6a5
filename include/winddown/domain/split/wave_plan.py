"""One way to send two waves of some groups, valued with what both are charged."""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.case import Case
from include.winddown.domain.split.freight import load_groups, share_charge
from include.winddown.domain.split.keep_values import Leaving
from include.winddown.domain.split.last_call import expect_out
from include.winddown.domain.split.tables import LOTS_MAX

_HARDLY = 1e-9


class WavePlan(NamedTuple):
    """
    What goes and stays.

    Attributes:
        units: by place, pieces that go back now.
        kept: by listing, pieces that stay on sale; what is left is disposed of.
        stays: by place, where they are.
        later: by place, net of a piece at the last call, -inf where its group is closed then [minor].
        leaving: of all listings, what becomes of the kept pieces.
    """

    units: np.ndarray
    kept: np.ndarray
    stays: np.ndarray
    later: np.ndarray
    leaving: Leaving


class Worth(NamedTuple):
    """
    What a plan is expected to net [minor].

    Attributes:
        listing: by listing, after its share of all charges.
        group: by group, when listings are shared out by the pieces at its places.
        freight: by place, charged for one piece that goes now.
        charge: by group, charged now.
    """

    listing: np.ndarray
    group: np.ndarray
    freight: np.ndarray
    charge: np.ndarray


def value_plan(case: Case, plan: WavePlan) -> Worth:
    """Value a plan with the stair of what goes now and of what is expected at the last call."""
    out = expect_out(case, plan.stays, plan.leaving.returned, plan.later)
    now, last = load_groups(plan.units, case.freight), load_groups(out, case.freight)
    is_small = case.is_small[case.freight.group]
    freight, later = (
        np.where(is_small, share_charge(loads, case.freight), case.freight.linear) for loads in (now, last)
    )
    net = plan.units * np.where(plan.units > 0, case.gross, 0.0)
    charged = plan.units * freight + out * (later - case.freight.linear)
    own = _per_listing(case, net) + _value_left(case, plan)
    share = case.places.pieces / case.listings.pieces[case.listing]
    by_place = own[case.listing] * share - charged
    return Worth(
        listing=own - _per_listing(case, charged),
        group=np.bincount(case.freight.group, weights=by_place, minlength=len(now.charge)),
        freight=freight,
        charge=np.where(case.is_small, now.charge, 0.0),
    )


def _per_listing(case: Case, values: np.ndarray) -> np.ndarray:
    return np.bincount(case.listing, weights=values, minlength=len(case.listings.pieces))


def _value_left(case: Case, plan: WavePlan) -> np.ndarray:
    """Value what stays, between two numbers of lots by straight line, and what is disposed of now."""
    stock, value = case.listings.pieces, plan.leaving.value
    lots = plan.kept / (stock / np.minimum(stock, LOTS_MAX))
    below = np.floor(lots + _HARDLY).astype(np.int64)
    rows, above = np.arange(len(stock)), np.minimum(below + 1, LOTS_MAX)
    part = np.maximum(lots - below, 0.0)
    stay = value[rows, below] + part * (value[rows, above] - value[rows, below])
    return np.asarray(stay + case.listings.scrap * (stock - _per_listing(case, plan.units) - plan.kept))

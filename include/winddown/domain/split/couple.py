"""
Returns that share containers: what goes back now from each place, freight being charged by the stair.

Listings are solved one by one as if freight were linear, which is right for a group of many full
containers and wrong for one that hardly fills the first. So groups of few rows are chosen as a whole,
in two ways: with a last call, and with one wave only, because two waves begin two containers. Each
group then keeps the way that nets more, groups that sent nothing are closed, and all is chosen once
more. The best of the plans, the linear one among them, is taken.

Larger groups keep the linear rate: what it loses is an opening charge and about one container a wave,
and the gain of every piece of all their rows would have to be held at once. Measured: 0.3
to 12 % of the value at 4 rows a group, 0.1 to 1 % at 50, 0.01 % at 500 and less beyond.
"""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.case import Case, cheapest_go, only_coupled, spread_stay
from include.winddown.domain.split.freight import Freight, load_groups
from include.winddown.domain.split.gains import Seats, gain_blocks
from include.winddown.domain.split.keep_values import Leaving, value_leaving
from include.winddown.domain.split.last_call import average_later, back_later, close_groups, expect_out
from include.winddown.domain.split.listings import Clock, Found, Listings, Places, Response
from include.winddown.domain.split.tables import LOTS_MAX
from include.winddown.domain.split.wave_plan import WavePlan, Worth, value_plan
from include.winddown.domain.split.waves import Blocks, choose_wave

ROWS_MAX = 2_000
_HARDLY = 1e-9


class Coupled(NamedTuple):
    """
    What the groups decided.

    Attributes:
        found: of all listings; the coupled ones with what stays, and at which price, after the stair.
        is_coupled: by listing, whether one of its places is in a group that was chosen as a whole.
        returned: by place, pieces that go back now; of other listings nothing is said (0).
        freight: by place, what the charge comes to for one of them [minor].
        charge: by group, what is charged now [minor].
        later: by place, net of a piece that goes back at the last call [minor]; -inf = nothing will.
    """

    found: Found
    is_coupled: np.ndarray
    returned: np.ndarray
    freight: np.ndarray
    charge: np.ndarray
    later: np.ndarray


def couple_waves(
    listings: Listings, places: Places, response: Response, clock: Clock, freight: Freight, found: Found
) -> Coupled:
    """
    Choose what goes back now, group by group.

    Args:
        listings: with stock.
        places: their stock by warehouse; back is net of freight.linear.
        response: of the buyers.
        clock: the weeks left.
        freight: of the places.
        found: what solve_listings made of the same.

    Returns:
        Whole pieces, as many as a place has at most. What a coupled listing is worth includes its share
        of the charges.
    """
    listing = np.repeat(np.arange(len(listings.pieces)), np.diff(listings.start))
    groups = len(freight.tariffs)
    rows = np.bincount(freight.group, weights=np.isfinite(places.back), minlength=groups)
    is_small = (rows > 0) & (rows <= ROWS_MAX)
    is_coupled = np.zeros(len(listings.pieces), np.bool_)
    is_coupled[listing[is_small[freight.group]]] = clock.last_call >= 0
    here = is_coupled[listing]
    case = only_coupled(is_coupled, here, (listings, places, freight), is_small)
    plan, worth = _best_plan(case, response, clock, found.keep[is_coupled])
    returned, charged, later = np.zeros(len(listing), np.int64), np.zeros(len(listing)), places.back.copy()
    returned[here], charged[here], later[here] = plan.units, worth.freight, plan.later
    return Coupled(_with(found, is_coupled, plan, worth), is_coupled, returned, charged, worth.charge, later)


def _best_plan(case: Case, response: Response, clock: Clock, kept: np.ndarray) -> tuple[WavePlan, Worth]:
    """Make the plans, and take the one that nets most."""
    none = np.zeros(len(case.freight.tariffs), np.bool_)
    linear = _linear_plan(case, response, clock, kept)
    out = expect_out(case, linear.stays, linear.leaving.returned, linear.later)
    two = _chosen_plan(case, response, clock, linear, (none, close_groups(case, out)))
    one = _chosen_plan(case, response, clock, linear, (none, case.is_small))
    valued = [(plan, value_plan(case, plan)) for plan in (linear, two, one)]
    is_one = valued[2][1].group > valued[1][1].group
    sent = [load_groups(plan.units, case.freight).weight > 0 for plan in (two, one)]
    closed_now = case.is_small & ~np.where(is_one, sent[1], sent[0])
    start = two._replace(stays=np.where(is_one[case.freight.group], one.stays, two.stays))
    out = expect_out(case, two.stays, two.leaving.returned, two.later)
    closed_last = case.is_small & (is_one | close_groups(case, out))
    both = _chosen_plan(case, response, clock, start, (closed_now, closed_last))
    valued.append((both, value_plan(case, both)))
    return max(valued, key=lambda each: float(each[1].listing.sum()))


def _linear_plan(case: Case, response: Response, clock: Clock, kept: np.ndarray) -> WavePlan:
    """Write down what was found with linear freight."""
    gone, stays = cheapest_go(case, kept)
    later = case.places.back
    leaving = value_leaving(case.listings, average_later(case, stays, later), kept, response, clock)
    return WavePlan(np.where(later > case.scrap, gone, 0), kept, stays, later, leaving)


def _chosen_plan(
    case: Case, response: Response, clock: Clock, start: WavePlan, closed: tuple[np.ndarray, np.ndarray]
) -> WavePlan:
    """Choose what goes now; some groups are closed now, some at the last call."""
    closed_now, closed_last = closed
    later = back_later(case, closed_last)
    average = average_later(case, start.stays, later)
    leaving = value_leaving(case.listings, average, start.kept, response, clock)
    units = _choose(case, leaving.value, closed_now)
    kept = _kept(case, units, leaving)
    stays = spread_stay(case, units, kept)
    average = average_later(case, stays, later)
    leaving = value_leaving(case.listings, average, kept, response, clock)
    return WavePlan(units, kept, stays, later, leaving)


def _choose(case: Case, value: np.ndarray, closed_now: np.ndarray) -> np.ndarray:
    """Choose group by group, the largest first: by place, pieces that go now."""
    group, pieces = case.freight.group, case.places.pieces
    back = np.where(closed_now[group], -np.inf, case.gross)
    gone = np.where(np.isfinite(back), pieces, 0)
    seats = Seats(case.listing, case.listings.start, pieces, back, gone, np.zeros(len(pieces), np.bool_))
    by_group = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[by_group], np.arange(len(case.freight.tariffs) + 1))
    for number in np.argsort(-load_groups(gone, case.freight).charge, kind="stable"):
        these = by_group[starts[number] : starts[number + 1]]
        place, gain, units = gain_blocks(these, seats, value)
        if case.is_small[number]:
            sizes = (case.freight.weight_g[place], case.freight.volume_ml[place])
            taken = choose_wave(Blocks(gain, units, *sizes), case.freight.tariffs[number]).units
        else:
            taken = np.where(gain > case.freight.linear[place], units, 0)
        gone[these] = 0
        np.add.at(gone, place, taken)
        seats.is_done[these] = True
    return gone


def _kept(case: Case, units: np.ndarray, leaving: Leaving) -> np.ndarray:
    """Tell how many of the pieces left stay on sale; the others are disposed of."""
    stock = case.listings.pieces
    left = stock - np.bincount(case.listing, weights=units, minlength=len(stock))
    size = stock / np.minimum(stock, LOTS_MAX)
    lots = np.floor(left / size + _HARDLY).astype(np.int64)
    best = leaving.keep[np.arange(len(stock)), lots]
    return np.where(best == lots, left, np.minimum(left, np.round(best * size))).astype(np.int64)


def _with(found: Found, is_coupled: np.ndarray, plan: WavePlan, worth: Worth) -> Found:
    """Put what was chosen for the coupled listings in place of what was found for them alone."""
    columns = {
        "value": worth.listing,
        "keep": plan.kept,
        "step": plan.leaving.step,
        "sold": plan.leaving.sold,
        "returned": plan.leaving.returned,
        "disposed": plan.leaving.disposed,
    }
    changed = {name: getattr(found, name).copy() for name in columns}
    for name, column in columns.items():
        changed[name][is_coupled] = column
    return found._replace(**changed)

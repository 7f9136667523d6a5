"""A listing's terms, and its programme solved and followed under whichever rule its prices obey."""

import numpy as np

from include.winddown.domain.split.compiled import compiled
from include.winddown.domain.split.follow import follow
from include.winddown.domain.split.kernel import Room, Sale, Stay, solve_weeks
from include.winddown.domain.split.listings import Clock, Listings
from include.winddown.domain.split.sticky import Ladders, Rule, follow_sticky, is_free, solve_sticky
from include.winddown.domain.split.tables import LOTS_MAX

_HARDLY = 1e-12


@compiled
def stay_of(row: int, listings: Listings, clock: Clock, worth: np.ndarray) -> Stay:
    """Put together what keeping a listing's stock means; worth is filled in by fill_worth."""
    return Stay(
        listings.pieces[row],
        listings.storage[row],
        worth,
        listings.scrap[row],
        listings.first[row],
        listings.last[row],
        clock.width,
    )


@compiled
def rule_of(row: int, listings: Listings, clock: Clock) -> Rule:
    """Tell what a listing's price may do."""
    return Rule(clock.every, clock.may_raise, len(listings.locked) > 0 and listings.locked[row])


@compiled
def gain_lots(sale: Sale, stay: Stay, rule: Rule, room: Room, ladders: Ladders) -> None:
    """Fill room.gained: what each number of lots gains when it is kept."""
    if is_free(rule):
        solve_weeks(sale, stay, room)
    else:
        solve_sticky(sale, stay, rule, room, ladders)


@compiled
def follow_lots(
    kept: int, stay: Stay, rule: Rule, room: Room, ladders: Ladders
) -> tuple[float, float, float]:
    """Follow the policy just found; gives pieces sold, returned and disposed of, each on average."""
    if is_free(rule):
        return follow(kept, stay, room)
    return follow_sticky(kept, stay, room, ladders)


@compiled
def whole_ends(
    pieces: int, kept: int, stay: Stay, ends: tuple[float, float, float]
) -> tuple[float, float, float]:
    """
    Spread whole pieces over their ends.

    Lots need not be whole pieces, and what the tables leave out of demand is neither sold nor left.

    Args:
        pieces: kept.
        kept: the lots that were followed for them.
        stay: of the listing.
        ends: as follow_lots gives them.
    """
    sold, returned, disposed = ends
    lots = min(stay.pieces, LOTS_MAX)
    sold = min(float(pieces), sold * pieces * lots / (kept * stay.pieces))
    left = pieces - sold
    returned = left * returned / max(returned + disposed, _HARDLY)
    return sold, returned, left - returned

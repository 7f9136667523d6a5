"""The listings whose places share containers, cut out of all listings."""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.freight import Freight
from include.winddown.domain.split.listings import Listings, Places, chosen


class Case(NamedTuple):
    """
    The coupled listings with their places.

    Attributes:
        listings, places, freight: as given to couple_waves.
        listing: of each place.
        gross: of each place, net of a returned piece before freight; -inf where nothing can be returned.
        scrap: of each place's listing.
        is_small: by group, whether it is chosen as a whole.
    """

    listings: Listings
    places: Places
    freight: Freight
    listing: np.ndarray
    gross: np.ndarray
    scrap: np.ndarray
    is_small: np.ndarray


def only_coupled(
    is_coupled: np.ndarray,
    here: np.ndarray,
    given: tuple[Listings, Places, Freight],
    is_small: np.ndarray,
) -> Case:
    """Leave out the listings that are not coupled."""
    listings, places, freight = given
    some, there = chosen(listings, places, np.flatnonzero(is_coupled))
    listing = np.repeat(np.arange(len(some.pieces)), np.diff(some.start))
    per_place = {
        name: column[here] for name, column in freight._asdict().items() if isinstance(column, np.ndarray)
    }
    return Case(
        listings=some,
        places=there,
        freight=freight._replace(**per_place),
        listing=listing,
        gross=there.back + freight.linear[here],
        scrap=some.scrap[listing],
        is_small=is_small,
    )


def spread_stay(case: Case, units: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Spread what stays on sale over what is left at the places."""
    left = case.places.pieces - units
    all_left = np.bincount(case.listing, weights=left, minlength=len(kept))
    return np.asarray(left * (kept / np.maximum(all_left, 1))[case.listing])


def cheapest_go(case: Case, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Empty the first places first: by place, pieces that are taken out and pieces that stay on sale."""
    pieces = case.places.pieces
    before = np.append(0, np.cumsum(pieces))
    before = before[:-1] - before[case.listings.start[:-1]][case.listing]
    gone = np.clip((case.listings.pieces - kept)[case.listing] - before, 0, pieces)
    return gone, pieces - gone

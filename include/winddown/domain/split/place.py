"""From a listing's decision to its warehouses: which pieces go, which stay."""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.couple import Coupled, couple_waves
from include.winddown.domain.split.listings import Clock, Found, Response
from include.winddown.domain.split.money import Goods
from include.winddown.domain.split.solve import solve_listings


class Placed(NamedTuple):
    """
    What happens to the pieces of each place, and what was found for each listing.

    Attributes:
        found: of the listings.
        kept, returned, disposed: pieces of each place.
        held: of the kept ones, those whose return would cost more than it fetches, until a person allows it.
        freight: of a piece of each place, as charged [minor].
        charge_minor: of all groups that were chosen as a whole, today's wave.
    """

    found: Found
    kept: np.ndarray
    returned: np.ndarray
    disposed: np.ndarray
    held: np.ndarray
    freight: np.ndarray
    charge_minor: float


def place_pieces(goods: Goods, response: Response, clock: Clock) -> Placed:
    """
    Decide for every piece: it stays on sale, goes back now or is disposed of now.

    Kept pieces stay where a return fetches least, and the first to go are those that fetch most. Where
    freight is charged by the container, the pieces of a small group go together or not at all.
    """
    listings, places, freight = goods.listings, goods.places, goods.freight
    found = solve_listings(listings, places, response, clock)
    coupled = None
    if clock.last_call >= 0 and any(tariff.cost_minor(1) for tariff in freight.tariffs):
        coupled = couple_waves(listings, places, response, clock, freight, found)
        found = coupled.found
    returned = _returned(goods, found, clock, coupled)
    left = places.pieces - returned
    out = np.bincount(goods.listing, weights=left, minlength=len(goods.sku)) - found.keep
    disposed = _first(left, np.maximum(0, np.rint(out)).astype(np.int64), goods)
    charged = freight.linear
    if coupled is not None:
        charged = np.where(coupled.is_coupled[goods.listing], coupled.freight, freight.linear)
    return Placed(
        found=found,
        kept=left - disposed,
        returned=returned,
        disposed=disposed,
        held=np.zeros(len(left), np.int64),
        freight=charged,
        charge_minor=0.0 if coupled is None else float(coupled.charge.sum()),
    )


def _returned(goods: Goods, found: Found, clock: Clock, coupled: Coupled | None) -> np.ndarray:
    """Take the pieces of each listing that do not stay from its first places, as far as returning pays."""
    gone = _first(goods.places.pieces, goods.listings.pieces - found.keep, goods)
    pays = (goods.places.back > goods.listings.scrap[goods.listing]) & (clock.last_call >= 0)
    alone = np.where(pays, gone, 0)
    if coupled is None:
        return alone
    return np.where(coupled.is_coupled[goods.listing], coupled.returned, alone)


def _first(pieces: np.ndarray, wanted: np.ndarray, goods: Goods) -> np.ndarray:
    """Take wanted pieces of each listing from its places, one place after the other."""
    before = np.cumsum(pieces) - pieces
    ahead = before - before[goods.listings.start[:-1]][goods.listing]
    return np.asarray(np.clip(wanted[goods.listing] - ahead, 0, pieces))

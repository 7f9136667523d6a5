"""Merchants' stocks whose places share containers, on committed seeds, and what a plan of them is worth."""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.couple import Coupled, couple_waves
from include.winddown.domain.split.freight import Freight, linear_freight, load_groups
from include.winddown.domain.split.keep_values import value_leaving
from include.winddown.domain.split.listings import Clock, Found, Listings, Places, Response
from include.winddown.domain.split.solve import solve_listings
from include.winddown.domain.split.tables import LOTS_MAX
from include.winddown.domain.split.waves import Tariff

LADDER = np.arange(10, 2, -1) / 10
CLASSES = 2


class World(NamedTuple):
    """What couple_waves is given, and the listing of each place."""

    listings: Listings
    places: Places
    response: Response
    clock: Clock
    freight: Freight
    listing: np.ndarray


def draw_world(
    seed: int, listings: int, tariff: Tariff, warehouses: int = 3, pieces_max: int = 120, weeks: int = 10
) -> World:
    """Draw listings of two handling classes, each in one or more warehouses; amounts in minor units."""
    chance = np.random.default_rng(seed)
    price = np.exp(chance.normal(7.6, 0.7, listings))
    volume_ml = np.clip(np.exp(chance.normal(7.4, 1.0, listings)), 50, 60_000).astype(np.int64)
    weight_g = np.clip(volume_ml * np.exp(chance.normal(-1.2, 0.6, listings)), 20, 22_000).astype(np.int64)
    kind = chance.integers(0, CLASSES, listings)
    counts = chance.integers(1, warehouses + 1, listings)
    listing = np.repeat(np.arange(listings), counts)
    where = np.concatenate([chance.permutation(warehouses)[:count] for count in counts])
    pieces = np.exp(chance.uniform(0, np.log(pieces_max), len(listing))).astype(np.int64)
    gross = (price * chance.uniform(0.05, 0.7, listings))[listing] - chance.uniform(0, 60, len(listing))
    group = where * CLASSES + kind[listing]
    tariffs = (tariff,) * (warehouses * CLASSES)
    linear = linear_freight(pieces, group, weight_g[listing], volume_ml[listing], tariffs)
    order = np.lexsort((-(gross - linear), listing))
    stock = np.bincount(listing, weights=pieces).astype(np.int64)
    cover = np.exp(chance.normal(np.log(18), 0.9, listings))
    return World(
        listings=Listings(
            pieces=stock,
            price=price,
            fee_share=np.full(listings, 0.15),
            fee=np.full(listings, 180.0),
            storage=volume_ml * 0.0008,
            scrap=np.full(listings, -20.0),
            rate=stock / cover,
            doubt=np.full(listings, 0.2),
            category=np.zeros(listings, np.int64),
            first=np.zeros(listings, np.int64),
            last=np.full(listings, len(LADDER)),
            start=np.append(0, np.cumsum(counts)),
        ),
        places=Places(pieces[order], (gross - linear)[order]),
        response=Response(LADDER, (LADDER**-2.4)[None, :], np.zeros((1, len(LADDER)))),
        clock=Clock(weeks, weeks - 2, any_week=False, width=4.5),
        freight=Freight(
            group[order], weight_g[listing][order], volume_ml[listing][order], linear[order], tariffs
        ),
        listing=listing[order],
    )


def solve_world(world: World) -> tuple[Found, Coupled]:
    """Solve with linear freight, then with the groups' stairs."""
    found = solve_listings(world.listings, world.places, world.response, world.clock)
    coupled = couple_waves(world.listings, world.places, world.response, world.clock, world.freight, found)
    return found, coupled


def linear_returns(world: World, found: Found) -> np.ndarray:
    """Take what linear freight returns now, by place: the first places first, unless disposal costs less."""
    pieces = world.places.pieces
    before = np.cumsum(pieces) - pieces
    before -= before[world.listings.start[:-1]][world.listing]
    out = np.clip((world.listings.pieces - found.keep)[world.listing] - before, 0, pieces)
    return np.where(world.places.back > world.listings.scrap[world.listing], out, 0)


def true_net(world: World, returned: np.ndarray, kept: np.ndarray, back: np.ndarray) -> float:
    """
    Value a plan with the stair of both waves.

    What stays is sold by the policy that expects `back` of a place's piece at the last call. The last
    call's charge is that of the load expected; a group that does not pay it is left out.
    """
    listings, places, freight, listing = world.listings, world.places, world.freight, world.listing
    gross, scrap = places.back + freight.linear, listings.scrap[listing]
    left = places.pieces - returned
    stays = left * (kept / np.maximum(np.bincount(listing, weights=left), 1))[listing]
    net = np.maximum(back, scrap)
    weight = np.where(stays > 0, stays, 1e-9 * places.pieces)
    later = np.bincount(listing, weights=weight * net) / np.bincount(listing, weights=weight)
    leaving = value_leaving(listings, later, kept, world.response, world.clock)
    lots = kept / (listings.pieces / np.minimum(listings.pieces, LOTS_MAX))
    total = sum(
        np.interp(at, np.arange(LOTS_MAX + 1), row) for at, row in zip(lots, leaving.value, strict=True)
    )
    total += listings.scrap @ (listings.pieces - np.bincount(listing, weights=returned) - kept)
    total += returned @ np.where(returned > 0, gross, 0) - load_groups(returned, freight).charge.sum()
    out = (leaving.returned / np.maximum(kept, 1))[listing] * stays * (net > scrap)
    charge = load_groups(out, freight).charge
    earned = np.bincount(freight.group, weights=out * (gross - scrap), minlength=len(charge))
    counted = np.bincount(freight.group, weights=out * (net - scrap), minlength=len(charge))
    return float(total + (np.maximum(earned - charge, 0) - counted).sum())

"""Play policies week by week against the same demand: simple ones, and the solver re-solving every week."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy.stats import poisson

from bench.split_world import FEE_SHARE, LADDER, World, clock_at, listings_of, places_of, take_rows
from include.winddown.domain.split.listings import Response
from include.winddown.domain.split.solve import solve_listings

FULL_PRICE, MINUS_30 = 0, 3
Choice = tuple[np.ndarray, np.ndarray]
Demand = Callable[[int, np.ndarray], np.ndarray]


class Policy(Protocol):
    """Decides once a week what stays on sale and at which price, and sees what was sold."""

    def plan(self, week: int, stock: np.ndarray) -> Choice:
        """Give the pieces to keep, and the ladder step of the price."""

    def see(self, step: np.ndarray, kept: np.ndarray, sold: np.ndarray) -> None:
        """Learn what a week's price sold."""


def play(world: World, demand: Demand, policy: Policy) -> np.ndarray:
    """
    Follow a policy to the deadline.

    Args:
        world: goods.
        demand: pieces wanted in a week at given ladder steps.
        policy: what is done.

    Returns:
        Net of each listing; what is left over at the end is disposed of.
    """
    stock = world.pieces.copy()
    net = np.zeros(len(stock))
    for week in range(world.weeks):
        keep, step = policy.plan(week, stock)
        worth = np.maximum(world.back, world.scrap) if week <= world.last_call else world.scrap
        sold = np.minimum(demand(week, step), keep)
        gain = world.price * LADDER[step] * (1 - FEE_SHARE) - world.fee
        net += (stock - keep) * worth + gain * sold - world.storage * (keep - sold / 2)
        stock = keep - sold
        policy.see(step, keep, sold)
    return net + stock * world.scrap


def poisson_demand(world: World, lift: np.ndarray, seed: int) -> Demand:
    """Draw demand that is the same luck for every policy, whatever its prices."""
    luck = np.random.default_rng(seed).random((world.weeks, len(world.pieces)))
    rows = np.arange(len(world.pieces))

    def wanted(week: int, step: np.ndarray) -> np.ndarray:
        return poisson.ppf(luck[week], world.rate * lift[rows, step]).astype(np.int64)

    return wanted


class Solved:
    """The solver, asked again every week with what is believed then."""

    def __init__(self, world: World, response: Response, rate: np.ndarray, doubt: np.ndarray) -> None:
        self.world, self.response, self.rate, self.doubt = world, response, rate, doubt
        self.category = np.arange(len(rate)) % len(response.lift)

    def plan(self, week: int, stock: np.ndarray) -> Choice:
        keep, step = np.zeros_like(stock), np.zeros_like(stock)
        left = np.flatnonzero(stock)
        there = take_rows(self.world, left)
        listings = listings_of(there, stock[left], self.rate[left], self.doubt[left])
        listings = listings._replace(category=self.category[left])
        places = places_of(there, stock[left])
        found = solve_listings(listings, places, self.response, clock_at(there, week))
        keep[left], step[left] = found.keep, found.step
        return keep, step

    def see(self, step: np.ndarray, kept: np.ndarray, sold: np.ndarray) -> None:
        """Know everything already."""


class Simple:
    """Prices by a timetable for the goods that stay; everything left is taken out at the last call."""

    def __init__(self, world: World, stays: np.ndarray, timetable: list[np.ndarray]) -> None:
        self.last_call, self.stays, self.timetable = world.last_call, stays, timetable

    def plan(self, week: int, stock: np.ndarray) -> Choice:
        step = self.timetable[min(week * len(self.timetable) // self.last_call, len(self.timetable) - 1)]
        return np.where(self.stays & (week < self.last_call), stock, 0), step

    def see(self, step: np.ndarray, kept: np.ndarray, sold: np.ndarray) -> None:
        """Follow the timetable whatever is sold."""


def simple_nets(world: World, demand: Demand, cover: np.ndarray) -> dict[str, np.ndarray]:
    """
    Play the policies people use.

    Args:
        world: goods.
        demand: the same for all.
        cover: how many weeks the stock is believed to last at today's price.

    Returns:
        Net of each listing by policy. The tuned rule is the best of 72 settings on this very demand.
    """
    rows = len(world.pieces)
    always = np.ones(rows, bool)
    steps = [np.full(rows, step) for step in range(len(LADDER))]

    def at(*timetable: int) -> np.ndarray:
        return play(world, demand, Simple(world, always, [steps[step] for step in timetable]))

    back = world.pieces * np.maximum(world.back, world.scrap)
    flat = {step: at(step) for step in (FULL_PRICE, 2, MINUS_30, 5)}
    late = cover > 2 * world.weeks
    settings = [
        np.where(cover > out * world.weeks, back, np.where(cover <= hold * world.weeks, flat[0], flat[step]))
        for out in (0.75, 1, 1.5, 2, 3, np.inf)
        for hold in (0, 0.5, 1, 1.5)
        for step in (2, MINUS_30, 5)
    ]
    return {
        "return all": world.pieces * world.back,
        "30 % off": flat[MINUS_30],
        "literal rule": np.where(late, back, flat[MINUS_30]),
        "rule, price kept": np.where(late, back, np.where(cover <= world.weeks, flat[0], flat[MINUS_30])),
        "20/40/60 % off": at(2, 4, 6),
        "hold": flat[FULL_PRICE],
        "tuned rule": max(settings, key=np.sum),
    }

"""Listings for the property tests of the solver: drawn by a seed, solved one by one."""

import numpy as np

from include.winddown.domain.split.listings import Clock, Found, Listings, Places, Response
from include.winddown.domain.split.solve import solve_listings
from tests.property.exact_dp import Case

LADDER = np.arange(10, 2, -1) / 10
FULL_WIDTH = 40.0
Row = dict[str, float]


def draw_row(seed: int, places: int = 1) -> Row:
    """Draw a listing; amounts in minor units, at most 64 pieces."""
    chance = np.random.default_rng(seed)
    pieces = int(np.exp(chance.uniform(np.log(places), np.log(64.99))))
    price = float(np.exp(chance.uniform(np.log(200), np.log(50_000))))
    return {
        "pieces": max(places, pieces),
        "price": price,
        "fee_share": chance.uniform(0, 0.45),
        "fee": price * chance.choice([0.0, 0.1, 0.3]),
        "storage": price * np.exp(chance.uniform(np.log(1e-4), np.log(0.05))),
        "scrap": -price * chance.choice([-0.05, 0.0, 0.02, 0.2]),
        "rate": np.exp(chance.uniform(np.log(0.02), np.log(25))),
        "doubt": chance.choice([0.0, 0.1, 1.0, 4.0]),
        "elasticity": chance.uniform(0.3, 4.5),
        "lift_doubt": chance.choice([0.0, 0.2]),
        "first": chance.choice([0, 0, 0, 2]),
        "last": chance.choice([8, 8, 8, 4]),
        "weeks": chance.integers(0, 13),
        "last_call": chance.integers(0, 13),
        "any_week": chance.integers(0, 2),
        "places": places,
        **{f"back{place}": price * chance.uniform(-0.1, 0.8) for place in range(places)},
    }


def spread_of(row: Row) -> list[tuple[int, float]]:
    """Spread a row's pieces over its warehouses, the highest return value first."""
    count = int(row["places"])
    shares = np.diff(np.linspace(0, row["pieces"], count + 1).astype(int))
    nets = sorted((row[f"back{place}"] for place in range(count)), reverse=True)
    return list(zip(shares.tolist(), nets, strict=True))


def solve_row(row: Row, width: float = FULL_WIDTH) -> Found:
    """Solve one listing."""
    places = spread_of(row)
    column = {name: np.array([float(row[name])]) for name in ("price", "fee_share", "fee", "storage")}
    listings = Listings(
        pieces=np.array([int(row["pieces"])]),
        **column,
        scrap=np.array([row["scrap"]]),
        rate=np.array([row["rate"]]),
        doubt=np.array([row["doubt"]]),
        category=np.array([0]),
        first=np.array([int(row["first"])]),
        last=np.array([int(row["last"])]),
        start=np.array([0, len(places)]),
    )
    return solve_listings(
        listings,
        Places(np.array([pieces for pieces, _ in places]), np.array([net for _, net in places])),
        Response(LADDER, lift_of(row)[None, :], np.full((1, len(LADDER)), row["lift_doubt"])),
        Clock(int(row["weeks"]), min(int(row["last_call"]), int(row["weeks"])), bool(row["any_week"]), width),
    )


def lift_of(row: Row) -> np.ndarray:
    """Give expected demand at each price ÷ at today's; lifts without a pattern by the seed in `shape`."""
    if "shape" in row:
        rises = np.random.default_rng(int(row["shape"])).choice([1.0, 1.0, 1.05, 1.4, 2.5], len(LADDER) - 1)
        return np.concatenate([[1.0], np.cumprod(rises)])
    return LADDER ** -row["elasticity"]


def case_of(row: Row) -> Case:
    """Turn a row into what the exact programme is given."""
    lift = lift_of(row)[int(row["first"]) : int(row["last"])]
    price = row["price"] * LADDER[int(row["first"]) : int(row["last"])]
    mean = row["rate"] * lift
    more = row["lift_doubt"]
    return Case(
        places=tuple(spread_of(row)),
        scrap=row["scrap"],
        storage=row["storage"],
        gain=tuple(price * (1 - row["fee_share"]) - row["fee"]),
        mean=tuple(mean),
        variance=tuple(mean + mean**2 * (row["doubt"] + more * (1 + row["doubt"]))),
        weeks=int(row["weeks"]),
        last_call=min(int(row["last_call"]), int(row["weeks"])),
        any_week=bool(row["any_week"]),
    )


def list_value(row: Row) -> float:
    """Value the stock at today's price."""
    return row["pieces"] * row["price"]

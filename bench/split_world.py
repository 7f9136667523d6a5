"""
Eight populations of goods, made by seed; money in minor units.

The regimes are those a merchant knows: slow and fast goods, bulky cheap ones, dear ones, little and
much time left, goods that fetch little elsewhere, and a mixture.
"""

from typing import NamedTuple

import numpy as np

from include.winddown.domain.split.listings import Clock, Listings, Places, Response

LADDER = np.arange(10, 2, -1) / 10
LEAD_WEEKS = 2
WIDTH = 4.5
CATEGORIES = 10
SEED = 20_261_123


class Regime(NamedTuple):
    """
    How a population is drawn.

    Attributes:
        price: median [minor].
        cover: median weeks that the stock would last; its spread is `spread`, of logarithms.
        rate: median pieces a week.
        litres: median size of a piece.
        salvage: lowest and highest resale value ÷ price.
        weeks: left.
    """

    price: float = 2_500.0
    cover: float = 14.0
    spread: float = 0.9
    rate: float = 2.0
    litres: float = 2.0
    salvage: tuple[float, float] = (0.3, 0.8)
    weeks: int = 12


REGIMES = {
    "slow": Regime(price=4_000.0, cover=68.0, rate=0.4, spread=0.6),
    "fast": Regime(price=3_500.0, cover=10.0, rate=12.0, spread=0.8),
    "bulky": Regime(price=1_800.0, cover=16.0, rate=1.0, litres=82.0),
    "high value": Regime(price=20_000.0, cover=18.0, rate=0.7, litres=4.0, salvage=(0.5, 0.85)),
    "short": Regime(weeks=4),
    "long": Regime(weeks=20),
    "low salvage": Regime(cover=16.0, salvage=(0.05, 0.3)),
    "mixed": Regime(cover=16.0, spread=1.1, salvage=(0.05, 0.95)),
}
FEE_SHARE, FEE, FEE_A_LITRE = 0.15, 240.0, 3.0
STORAGE_A_LITRE_DAY = 0.12
IS_SELLABLE, HANDLING, PICK, FREIGHT_A_KG = 0.92, 60.0, 60.0, 45.0
SCRAP, SCRAP_A_LITRE = 15.0, 1.0


class World(NamedTuple):
    """
    Goods and what is true of them.

    Attributes:
        pieces, price, fee, storage, back, scrap: as in Listings and Places.
        rate: true pieces a week at today's price.
        elasticity: true, of each listing; those of a category are alike.
        category: of the goods.
        weeks: left.
    """

    pieces: np.ndarray
    price: np.ndarray
    fee: np.ndarray
    storage: np.ndarray
    back: np.ndarray
    scrap: np.ndarray
    rate: np.ndarray
    elasticity: np.ndarray
    category: np.ndarray
    weeks: int

    @property
    def last_call(self) -> int:
        """Week of the last return request."""
        return self.weeks - LEAD_WEEKS

    @property
    def list_value(self) -> float:
        """Of the stock at today's prices."""
        return float((self.pieces * self.price).sum())


def make_world(name: str, rows: int) -> World:
    """Draw a population by its name; the same rows every time."""
    regime = REGIMES[name]
    chance = np.random.default_rng([SEED, list(REGIMES).index(name)])
    price = regime.price * chance.lognormal(0, 0.6, rows)
    litres = regime.litres * chance.lognormal(0, 0.6, rows)
    rate = regime.rate * chance.lognormal(0, 1.0, rows)
    cover = regime.cover * chance.lognormal(0, regime.spread, rows)
    weight = np.maximum(0.3 * litres, litres / 5)
    category = np.arange(rows) % CATEGORIES
    resale = price * chance.uniform(*regime.salvage, rows)
    return World(
        pieces=np.maximum(1, np.round(rate * cover)).astype(np.int64),
        price=price,
        fee=FEE + FEE_A_LITRE * litres,
        storage=litres * STORAGE_A_LITRE_DAY * 7,
        back=resale * IS_SELLABLE - HANDLING - PICK - FREIGHT_A_KG * weight,
        scrap=-(SCRAP + SCRAP_A_LITRE * litres),
        rate=rate,
        elasticity=np.maximum(
            1.1, chance.normal(2.4, 0.5, CATEGORIES)[category] + chance.normal(0, 0.5, rows)
        ),
        category=category,
        weeks=regime.weeks,
    )


def listings_of(world: World, pieces: np.ndarray, rate: np.ndarray, doubt: np.ndarray) -> Listings:
    """Make the solver's rows, each a category of its own, of a stock and a belief about its rate."""
    rows = len(pieces)
    return Listings(
        pieces=pieces,
        price=world.price,
        fee_share=np.full(rows, FEE_SHARE),
        fee=world.fee,
        storage=world.storage,
        scrap=world.scrap,
        rate=rate,
        doubt=doubt,
        category=np.arange(rows),
        first=np.zeros(rows, np.int64),
        last=np.full(rows, len(LADDER)),
        start=np.arange(rows + 1),
    )


def places_of(world: World, pieces: np.ndarray) -> Places:
    """Put all stock of a listing into one warehouse."""
    return Places(pieces, world.back)


def power_lift(elasticity: np.ndarray) -> np.ndarray:
    """Demand at each price ÷ today's, where a per cent less price is always as good."""
    return LADDER[None, :] ** -elasticity[:, None]


def exponential_lift(elasticity: np.ndarray) -> np.ndarray:
    """The same, where a rouble less is always as good; at today's price both answer alike."""
    return np.exp(elasticity[:, None] * (1 - LADDER[None, :]))


def certain(lift: np.ndarray) -> Response:
    """Believe in an answer without doubt."""
    return Response(LADDER, lift, np.zeros_like(lift))


def clock_at(world: World, week: int) -> Clock:
    """Give what is left of the clock in a week."""
    return Clock(world.weeks - week, world.last_call - week, any_week=True, width=WIDTH)


def take_rows(world: World, rows: np.ndarray) -> World:
    """Take some rows, or the same ones repeatedly."""
    return World(*(one[rows] for one in world[:-1]), weeks=world.weeks)

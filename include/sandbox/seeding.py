"""How a new world begins: products, shelves and weeks of orders, all from one seed."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from include.sandbox import supplies
from include.sandbox.buyers import wishes
from include.sandbox.shelves import sold
from include.sandbox.state import Order, OrderLine, Product, State, iso, shelf

PLACES = {
    "1020005000100011": "Shenzhen",
    "1020005000100023": "Suifenhe",
    "1020005000100035": "Yekaterinburg",
}
WAREHOUSES = tuple(PLACES)
HISTORY_DAYS = 56
ARRIVED = 3
CURRENCY = "RUB"

_THINGS = (
    "lamp",
    "kettle",
    "notebook",
    "puzzle",
    "scarf",
    "speaker",
    "thermos",
    "toy train",
    "vase",
    "wallet",
)
_LOOKS = ("amber", "birch", "cobalt", "graphite", "ivory", "olive", "ruby", "silver", "teal", "walnut")
_CLASSES = ("standard",) * 14 + ("fragile",) * 3 + ("liquid",) * 2 + ("oversize",)
_DAMAGED = {"damaged_by_seller": 0.15, "damaged_by_warehouse": 0.15, "lost": 0.04}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a new world is made from: the seed, the number of products, fbp or fbo, days of history."""

    seed: int
    size: int
    scheme: str = "fbp"
    history_days: int = HISTORY_DAYS


def new_state(new: Beginning) -> State:
    """
    Make a world.

    Everything but the tokens and the starting time follows from the seed.
    """
    started_at = datetime.now(UTC).replace(microsecond=0).isoformat()
    state = State(seed=new.seed, started_at=started_at, scheme=new.scheme)
    chance = Random(f"{new.seed}|world")
    state.secrets = _new_secrets(chance)
    state.products = [_product(chance, index) for index in range(new.size)]
    _remember_orders(state, chance, new.history_days)
    for product in state.products:
        _fill_shelves(state, chance, product)
    supplies.remember(state, ARRIVED)
    state.own_warehouses = [{"warehouse_id": 22_000_000_001_001, "name": "Own shelf"}]
    state.initial = dict(state.on_hand)
    for key, qty in sold(state).items():
        state.initial[key] = state.initial.get(key, 0) + qty
    return state


def _new_secrets(chance: Random) -> dict[str, str]:
    names = ("api_key", "admin_api_key", "partner_token", "dock_token", "world_token", "smtp_password")
    return {"client_id": str(chance.randint(1_000_000, 2_999_999))} | {
        name: secrets.token_hex(20) for name in names
    }


def _pace(chance: Random) -> float:
    """Pieces a day: some products are fast, more are slow, some never sell."""
    kind = chance.random()
    if kind < 0.3:
        return chance.uniform(0.6, 2.5)
    return chance.uniform(0.03, 0.3) if kind < 0.75 else 0.0


def _product(chance: Random, index: int) -> Product:
    handling_class = chance.choice(_CLASSES)
    low, high = (600, 1100) if handling_class == "oversize" else (60, 260)
    sides = [chance.randint(low, high) for _ in range(3)]
    if index % 5 == 0:  # these are told in whole centimetres
        sides = [side // 10 * 10 for side in sides]
    volume_ml = sides[0] * sides[1] * sides[2] / 1000
    price = chance.randint(150, 6_000) * 100 + chance.choice((0, 50, 90))
    cost = int(price * chance.uniform(0.3, 0.7))
    look, thing = _LOOKS[index % 10], _THINGS[index // 10 % 10]
    return Product(
        product_id=500_000_000 + 13 * index,
        sku=1_600_000_000 + 7 * index,
        offer_id=f"{thing[:3].upper()}-{index:04d}",
        barcode=f"{4_600_000_000_000 + 101 * index}",
        name=f"{look.capitalize()} {thing}, series {index // 100 + 1}",
        depth_mm=sides[0],
        width_mm=sides[1],
        height_mm=sides[2],
        weight_g=max(40, int(volume_ml * chance.uniform(0.1, 0.5))),
        handling_class=handling_class,
        price_kopecks=price,
        unit_cost_kopecks=cost,
        resale_kopecks=int(cost * chance.uniform(0.2, 0.9)),
        pace=_pace(chance),
        archived=index % 20 == 19,
        category_id=17_028_600 + index // 10 % 10,  # things of one kind
        warehouses=sorted(chance.sample(WAREHOUSES, chance.choice((1, 2, 3, 3)))),
    )


def _fill_shelves(state: State, chance: Random, product: Product) -> None:
    most = 12 if product.handling_class == "oversize" else 60
    for warehouse_id in product.warehouses:
        state.on_hand[shelf(warehouse_id, product.sku)] = chance.randint(2, most)
        for condition, share in _DAMAGED.items():
            if chance.random() < share:
                state.on_hand[shelf(warehouse_id, product.sku, condition)] = chance.randint(1, 4)


def _remember_orders(state: State, chance: Random, history_days: int) -> None:
    """Write the days of history; every parcel has left, so nothing is pending at the start."""
    for days_ago in range(history_days, 0, -1):
        for warehouse_id in WAREHOUSES:
            for lines in wishes(chance, state.products, warehouse_id):
                placed_at = state.now - timedelta(days=days_ago, seconds=-chance.randrange(80_000))
                state.orders.append(_old_order(state, chance, warehouse_id, lines, iso(placed_at)))


def _old_order(
    state: State, chance: Random, warehouse_id: str, lines: list[OrderLine], placed_at: str
) -> Order:
    age_days = (state.now - datetime.fromisoformat(placed_at)).days
    cancelled = chance.random() < 0.02
    arrives_on = chance.randint(4, 9) - age_days
    underway = "delivered" if arrives_on <= 0 else "delivering"
    number = len(state.orders)
    return Order(
        posting_number=f"{70_000_000 + number}-{1 + number % 4:04d}-1",
        warehouse_id=warehouse_id,
        placed_at=placed_at,
        status="cancelled" if cancelled else underway,
        lines=lines,
        leaves_on=-age_days,
        arrives_on=arrives_on,
        left=not cancelled,
    )

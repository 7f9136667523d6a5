"""The dossier behind an application: what lies where, what it is worth, and what would make the platform refuse."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from include.winddown.domain.gate import GateVerdict

NAMES_MAX = 20
LOST = "lost"

STOCK = "unprocessed_stock"
ORDERS = "unfinished_orders"
RESERVED = "reserved_stock"
IN_TRANSIT = "orders_in_transit"
SUPPLIES = "open_supplies"
UNREAD = "unread_orders"
SUPPLIES_UNKNOWN = "supplies_unknown"
PROMOTIONS = "running_promotions"
CODES = (ORDERS, RESERVED, UNREAD, STOCK, SUPPLIES, SUPPLIES_UNKNOWN, IN_TRANSIT, PROMOTIONS)
"""In the order in which a person deals with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockSum:
    """
    Stock of one warehouse in one condition.

    Attributes:
        sku_qty: how many SKUs.
        on_hand_qty, reserved_qty: pieces.
        price_minor, cost_minor: the pieces at today's price and at purchase cost; SKUs without one are left out.
        unpriced_qty: pieces of those SKUs.
    """

    warehouse_id: str
    condition: str
    sku_qty: int
    on_hand_qty: int
    reserved_qty: int
    price_minor: int
    cost_minor: int
    unpriced_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """
    Something that would make the platform refuse.

    Attributes:
        code: one of CODES.
        qty: pieces, orders, supplies or rows; 0 = it cannot be counted.
        names: which ones, at most NAMES_MAX of them.
        more_qty: how many names were left out.
    """

    code: str
    qty: int
    names: tuple[str, ...] = ()
    more_qty: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """
    The facts behind an application.

    Attributes:
        stock: by warehouse and condition, sorted.
        units_qty, price_minor, cost_minor, unpriced_qty: over all of it, lost pieces left out.
        lost_qty: pieces the warehouses call lost; a claim, and no obstacle.
        promotions, strategies: running ones by name; None = the marketplace does not tell.
        obstacles: in the order in which to deal with them.
    """

    currency: str
    stock: tuple[StockSum, ...]
    units_qty: int
    price_minor: int
    cost_minor: int
    unpriced_qty: int
    lost_qty: int
    promotions: tuple[str, ...] | None
    strategies: tuple[str, ...] | None
    obstacles: tuple[Obstacle, ...]


def compile_dossier(
    currency: str,
    stock: Iterable[StockSum],
    verdict: GateVerdict,
    promotions: Iterable[str] | None = None,
    strategies: Iterable[str] | None = None,
) -> Dossier:
    """
    Put the facts of one snapshot together.

    Args:
        currency: of all amounts.
        stock: sums by warehouse and condition, each pair once; empty ones are left out.
        verdict: of the gate on the same snapshot.
        promotions: running promotions; None = not known.
        strategies: pricing strategies that change prices by themselves; None = not known.
    """
    kept = tuple(
        sorted((one for one in stock if one.on_hand_qty), key=lambda one: (one.warehouse_id, one.condition))
    )
    there = [one for one in kept if one.condition != LOST]
    running, own = _sorted(promotions), _sorted(strategies)
    return Dossier(
        currency=currency,
        stock=kept,
        units_qty=sum(one.on_hand_qty for one in there),
        price_minor=sum(one.price_minor for one in there),
        cost_minor=sum(one.cost_minor for one in there),
        unpriced_qty=sum(one.unpriced_qty for one in there),
        lost_qty=sum(one.on_hand_qty for one in kept if one.condition == LOST),
        promotions=running,
        strategies=own,
        obstacles=_obstacles(there, verdict, (*(running or ()), *(own or ()))),
    )


def _obstacles(there: list[StockSum], verdict: GateVerdict, running: tuple[str, ...]) -> tuple[Obstacle, ...]:
    warehouses = sorted({one.warehouse_id for one in there})
    supplies = [one.supply_id for one in verdict.blocking_supplies]
    found = {
        ORDERS: _named(ORDERS, verdict.blocking_orders),
        RESERVED: Obstacle(code=RESERVED, qty=verdict.reserved_qty),
        UNREAD: Obstacle(code=UNREAD, qty=verdict.unread_rows),
        STOCK: _named(STOCK, warehouses, sum(one.on_hand_qty for one in there)),
        SUPPLIES: _named(SUPPLIES, supplies),
        IN_TRANSIT: _named(IN_TRANSIT, verdict.in_transit_orders, verdict.in_transit_qty),
        PROMOTIONS: _named(PROMOTIONS, running),
    }
    kept = {code: one for code, one in found.items() if one.qty}
    if not verdict.supplies_known:
        kept[SUPPLIES_UNKNOWN] = Obstacle(code=SUPPLIES_UNKNOWN, qty=0)
    return tuple(kept[code] for code in CODES if code in kept)


def _named(code: str, names: Iterable[str], qty: int | None = None) -> Obstacle:
    every = tuple(names)
    counted = len(every) if qty is None else qty
    left_out = max(0, len(every) - NAMES_MAX) if qty is None or code == STOCK else max(0, qty - NAMES_MAX)
    return Obstacle(code=code, qty=counted, names=every[:NAMES_MAX], more_qty=left_out)


def _sorted(names: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(set(names)))


def read_dossier(kept: dict[str, Any]) -> Dossier:
    """Read a dossier back from JSON, as `dataclasses.asdict` wrote it."""
    lists = {name: None if kept[name] is None else tuple(kept[name]) for name in ("promotions", "strategies")}
    return Dossier(
        **kept
        | lists
        | {
            "stock": tuple(StockSum(**one) for one in kept["stock"]),
            "obstacles": tuple(Obstacle(**one | {"names": tuple(one["names"])}) for one in kept["obstacles"]),
        }
    )

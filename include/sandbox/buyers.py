"""Buyers: how they order, and how their parcels travel."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from include.sandbox.shelves import add, free_qty
from include.sandbox.state import Order, OrderLine, Product, State, iso, shelf

PENDING = "awaiting_packaging"
UNHEARD_OF = "awaiting_teleport"
ELASTICITY = 1.8
MOST_FASTER = 8.0


def poisson(chance: Random, mean: float) -> int:
    """Draw a number of events (Knuth's method; means here are small)."""
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count


def pace_now(product: Product) -> float:
    """Pieces a day at today's price: cheaper sells faster, and what never sold begins to."""
    usual, price = product.usual_price_kopecks, product.price_kopecks
    if usual in (0, price):
        return product.pace
    stirred = product.pace or (0.05 if price < usual else 0.0)
    return stirred * min(math.pow(usual / price, ELASTICITY), MOST_FASTER)


def wishes(chance: Random, products: list[Product], warehouse_id: str) -> Iterator[list[OrderLine]]:
    """Draw the baskets of one day in one warehouse: mostly one line, now and then two."""
    waiting: OrderLine | None = None
    for product in products:
        if warehouse_id not in product.warehouses:
            continue
        for _ in range(poisson(chance, pace_now(product) / len(product.warehouses))):
            line = OrderLine(
                sku=product.sku, qty=1 + (chance.random() < 0.1), price_kopecks=product.price_kopecks
            )
            if waiting is None and chance.random() < 0.2:
                waiting = line
            elif waiting is not None and waiting.sku != line.sku:
                yield [waiting, line]
                waiting = None
            else:
                yield [line]
    if waiting is not None:
        yield [waiting]


def order_for_a_day(state: State) -> None:
    """Let buyers order what is free, during the day that ends now."""
    chance = Random(f"{state.seed}|buyers|{state.day}")
    on_sale = [product for product in state.products if not product.archived]
    for warehouse_id in sorted({name for product in on_sale for name in product.warehouses}):
        for lines in wishes(chance, on_sale, warehouse_id):
            if all(free_qty(state, shelf(warehouse_id, line.sku)) >= line.qty for line in lines):
                placed_at = state.now - timedelta(seconds=chance.randrange(86_000))
                place(state, warehouse_id, lines, placed_at)


def place(
    state: State, warehouse_id: str, lines: list[OrderLine], placed_at: datetime, status: str = PENDING
) -> Order:
    """Take an order in and tie its pieces."""
    number = f"{70_000_000 + len(state.orders)}-{1 + len(state.orders) % 4:04d}-1"
    chance = Random(f"{state.seed}|order|{number}")
    leaves_on = state.day + chance.randint(1, 2)
    order = Order(
        posting_number=number,
        warehouse_id=warehouse_id,
        placed_at=iso(placed_at),
        status=status,
        lines=lines,
        leaves_on=leaves_on,
        arrives_on=leaves_on + chance.randint(3, 7),
        cancelled_on=state.day + 1 if chance.random() < 0.03 else None,
    )
    for line in lines:
        add(state.reserved, shelf(warehouse_id, line.sku), line.qty)
    state.orders.append(order)
    return order


def plant(state: State, count: int, status: str) -> list[str]:
    """Open so many orders of one piece each, on the fullest shelves; a cancellation is ruled out."""
    numbers = []
    prices = {str(product.sku): product.price_kopecks for product in state.products}
    for _ in range(count):
        full = max(
            (key for key in state.on_hand if key.endswith("|sellable")), key=lambda key: free_qty(state, key)
        )
        warehouse_id, sku, _condition = full.split("|")
        line = OrderLine(sku=int(sku), qty=1, price_kopecks=prices[sku])
        order = place(state, warehouse_id, [line], state.now, status)
        order.cancelled_on = None
        numbers.append(order.posting_number)
    return numbers


def move_parcels(state: State) -> None:
    """Let every open order go one day further."""
    for order in state.orders:
        if order.is_open:
            _move_open(state, order)
        elif order.status == "delivering" and order.arrives_on <= state.day:
            order.status = "delivered"


def _move_open(state: State, order: Order) -> None:
    cancelled = order.cancelled_on is not None and order.cancelled_on <= state.day
    if not cancelled and order.leaves_on > state.day:
        order.status = "awaiting_deliver" if order.status == PENDING else order.status
        return
    for line in order.lines:
        key = shelf(order.warehouse_id, line.sku)
        add(state.reserved, key, -line.qty)
        if not cancelled:
            add(state.on_hand, key, -line.qty)
    order.left = not cancelled
    order.status = "cancelled" if cancelled else "delivering"

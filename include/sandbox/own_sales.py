"""The merchant's own warehouse: what is sold out of it, how its parcels travel, what comes back, who asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from include.sandbox.buyers import pace_now, poisson
from include.sandbox.state import Order, OrderLine, Product, State, iso

FLOWS = (
    "ozon",
    "aggregator",
    "non_integrated",
    "3pl_tracking",
    "hybrid",
    "hybrid_aggregator",
    "hybrid_non_integrated",
    "hybrid_3pl_tracking",
    "click_and_collect",
)
"""How a posting out of the merchant's own warehouse may be delivered; those of partners are FBP."""
REGIONS = ("Moscow", "Saint Petersburg", "Novosibirsk")
PROVIDERS = ("Swift", "Steady")
PROMISED_DAYS = 6
STOCK_DAYS = (2, 25, 60, 400)
"""For so many days of its sales a product is in stock, by turns."""
_NEVER = "9999-12-31T00:00:00Z"


@dataclass(frozen=True, slots=True)
class OwnView:
    """One posting as it stands at the world's time, and the row it is kept in."""

    order: Order
    kept: dict[str, Any]
    changed_at: str


def plant(state: State, days: int) -> int:
    """Stock the own warehouse and let it have sold for so many days; gives the number of postings."""
    for number, product in enumerate(_sold(state)):
        usual = round(max(product.pace, 0.05) * STOCK_DAYS[number % len(STOCK_DAYS)])
        state.own_stock[f"{_place(state)}|{product.sku}"] = usual
    for days_ago in range(days, 0, -1):
        _sell(state, state.now - timedelta(days=days_ago), is_stocked=False)
    for number in range(3):
        chat = {"chat_id": f"chat-{number}", "created_at": iso(state.now - timedelta(days=number))}
        state.chats.append(chat | {"chat_type": ("BUYER_SELLER", "SELLER_SUPPORT")[number % 2], "unread": 1})
    return len(state.own_orders)


def trade(state: State) -> None:
    """Let buyers order out of the own warehouse during the day that ends now, once it has begun to sell."""
    if state.own_orders:
        _sell(state, state.now - timedelta(days=1), is_stocked=True)


def views(state: State) -> list[OwnView]:
    """Show every posting of the own warehouse as it stands now."""
    now = iso(state.now)
    return [_view(kept, now) for kept in state.own_orders]


def _view(kept: dict[str, Any], now: str) -> OwnView:
    stages = [("awaiting_packaging", kept["placed_at"]), ("delivering", kept["shipped_at"])]
    stages += [("delivered", kept["delivered_at"]), ("cancelled", kept["cancelled_at"])]
    status, changed_at = max(((at, name) for name, at in stages if at <= now))[::-1]
    order = Order(
        posting_number=kept["posting_number"],
        warehouse_id=kept["warehouse_id"],
        placed_at=kept["placed_at"],
        status=status,
        lines=[OrderLine(**line) for line in kept["lines"]],
        leaves_on=0,
        arrives_on=0,
    )
    return OwnView(order, kept, changed_at)


def _sold(state: State) -> list[Product]:
    return [product for product in state.products if not product.archived][: max(1, len(state.products) // 2)]


def _place(state: State) -> str:
    return str(state.own_warehouses[0]["warehouse_id"])


def _sell(state: State, since: datetime, *, is_stocked: bool) -> None:
    chance = Random(f"{state.seed}|own|{iso(since)[:10]}")
    for product in _sold(state):
        shelf = f"{_place(state)}|{product.sku}"
        for _ in range(poisson(chance, pace_now(product))):
            placed_at = since + timedelta(seconds=chance.randrange(80_000))
            if is_stocked and not state.own_stock.get(shelf):
                continue
            if is_stocked:
                state.own_stock[shelf] -= 1
            _order(state, chance, product, placed_at)


def _order(state: State, chance: Random, product: Product, placed_at: datetime) -> None:
    number = len(state.own_orders)
    region = REGIONS[number % len(REGIONS)]
    shipped_at = placed_at + timedelta(hours=chance.randint(4, 40))
    delivered_at = shipped_at + timedelta(days=chance.randint(2, 5) + 3 * (chance.random() < 0.15))
    is_cancelled = chance.random() < 0.06
    posting_number = f"{80_000_000 + number}-{1 + number % 4:04d}-1"
    line = OrderLine(sku=product.sku, qty=1, price_kopecks=product.price_kopecks)
    state.own_orders.append(
        {
            "posting_number": posting_number,
            "warehouse_id": _place(state),
            "placed_at": iso(placed_at),
            "ship_by": iso(placed_at + timedelta(days=1)),
            "shipped_at": _NEVER if is_cancelled else iso(shipped_at),
            "promised_at": iso(placed_at + timedelta(days=PROMISED_DAYS)),
            "delivered_at": _NEVER if is_cancelled else iso(delivered_at),
            "cancelled_at": iso(placed_at + timedelta(hours=3)) if is_cancelled else _NEVER,
            "provider": PROVIDERS[number % len(PROVIDERS)],
            "region": region,
            "lines": [{"sku": line.sku, "qty": line.qty, "price_kopecks": line.price_kopecks}],
        }
    )
    if not is_cancelled and chance.random() < 0.05:
        state.own_returns.append(
            {
                "return_id": 90_000_000 + len(state.own_returns),
                "scheme": ("rfbs", "rfbs", "fbs")[len(state.own_returns) % 3],
                "posting_number": posting_number,
                "sku": line.sku,
                "created_at": iso(delivered_at + timedelta(days=2)),
            }
        )

"""The world as its doors see it: one truth, kept after every change."""

import csv
import io
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from include.sandbox import buyers, own_sales, reports, returns, shelves, supplies
from include.sandbox.seeding import CURRENCY, Beginning, new_state
from include.sandbox.state import Product, Return, State, save

REMEMBERED = 24


class World:
    """
    One merchant's world.

    Args:
        state: the truth.
        path: the file it is kept in after every change; None = only in memory.
        mirror: whether the partner agrees to any return without knowing its own stock.
    """

    def __init__(self, state: State, path: Path | None = None, *, mirror: bool = False) -> None:
        self.state = state
        self.path = path
        self.mirror = mirror
        self.references = {request.client_reference: request for request in state.returns}
        self._memory: dict[str, Any] = {}
        self.named: dict[tuple[str, str], Product] = {
            (name, str(getattr(product, name))): product
            for product in state.products  # a world never gets another one
            for name in ("product_id", "offer_id", "sku")
        }

    @classmethod
    def open(cls, path: Path | None, new: Beginning, *, mirror: bool) -> "World":
        """Continue the world in the file, or begin a new one there."""
        if path is None or not path.exists():
            world = cls(new_state(new), path, mirror=mirror)
            world.keep()
            return world
        try:
            state = State.from_json(path.read_text("utf-8"))
        except (ValueError, TypeError, KeyError) as error:
            msg = f"{path} is not the file of a world of this version ({error}); remove it to begin a new one"
            raise SystemExit(msg) from error
        if (state.seed, state.scheme) != (new.seed, new.scheme):
            begun = f"--seed {state.seed} --scheme {state.scheme}"
            msg = f"{path} holds a world of seed {state.seed}; start with {begun} or remove the file"
            raise SystemExit(msg)
        for name in ("admin_api_key", "smtp_password"):
            state.secrets.setdefault(name, secrets.token_hex(20))
        return cls(state, path, mirror=mirror)

    @property
    def costs_path(self) -> Path | None:
        """Where the cost sheet lies beside the state."""
        return None if self.path is None else self.path.with_name(f"{self.path.stem}.costs.csv")

    def keep(self) -> None:
        """Write the truth down, as after every change; the cost sheet with it, once."""
        self._memory.clear()
        if self.path is None or self.costs_path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        save(self.state.to_json(), self.path)
        if not self.costs_path.exists():
            save(self.costs_csv(), self.costs_path)

    def remembered(self, name: list[Any], make: Callable[[], Any]) -> Any:
        """Make a list once for many pages; it is forgotten when something changes."""
        known = json.dumps(name, sort_keys=True)
        if known not in self._memory:
            if len(self._memory) >= REMEMBERED:
                self._memory.pop(next(iter(self._memory)))
            self._memory[known] = make()
        return self._memory[known]

    def advance(self, days: int, *, settle: bool) -> None:
        """Let days pass; with `settle` nobody orders, so that open orders run out."""
        for _ in range(days):
            self.state.day += 1
            if not settle:
                buyers.order_for_a_day(self.state)
                own_sales.trade(self.state)
            buyers.move_parcels(self.state)
            returns.move_returns(self.state)
            supplies.move_supplies(self.state)
        self.keep()

    def plant_orders(self, pending: int, unheard_of: int) -> list[str]:
        """Open orders: some pending, some with a status nobody has documented; give their numbers."""
        numbers = buyers.plant(self.state, pending, buyers.PENDING)
        numbers += buyers.plant(self.state, unheard_of, buyers.UNHEARD_OF)
        self.keep()
        return numbers

    def plant_supplies(self, orders: int, drafts: int) -> list[str]:
        """Open supply orders and drafts of supplies; give their ids."""
        ids = supplies.plant(self.state, orders, "order") + supplies.plant(self.state, drafts, "draft")
        self.keep()
        return ids

    def plant_own_sales(self, days: int) -> None:
        """Stock the merchant's own warehouse and let it have sold for so many days."""
        if days:
            own_sales.plant(self.state, days)
            self.keep()

    def report(self, door: str, news: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Let partner or dock tell something; gives the events as they stand."""
        told = [reports.report(self.state, door, one) for one in news]
        self.keep()
        return told

    def accept(self, request: Return) -> Return:
        """Take a return request in."""
        request.mirrored = self.mirror
        returns.accept(self.state, request)
        self.references[request.client_reference] = request
        self.keep()
        return request

    def costs_csv(self) -> str:
        """Write the merchant's cost sheet: what the marketplace does not know."""
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("sku", "unit_cost", "resale_value", "handling_class", "currency"))
        for product in self.state.products:
            cost, resale = product.unit_cost_kopecks, product.resale_kopecks
            rows.writerow((product.sku, money(cost), money(resale), product.handling_class, CURRENCY))
        return out.getvalue()

    def truth(self) -> dict[str, Any]:
        """Sum up what really is."""
        lines = [line for request in self.state.returns for line in request.lines]
        closed = [
            line for request in self.state.returns if request.state == "closed" for line in request.lines
        ]
        lost = sum(line.lost for line in closed)
        damaged = sum(line.damaged for line in closed)
        return {
            "now": self.state.now.isoformat(),
            "day": self.state.day,
            "mirror": self.mirror,
            "products": len(self.state.products),
            "orders": len(self.state.orders),
            "open_orders": sum(order.is_open for order in self.state.orders),
            "open_supplies": sum(one["kind"] in ("order", "draft") for one in self.state.supplies),
            "units_on_hand": sum(self.state.on_hand.values()),
            "return_requests": len(self.state.returns),
            "open_requests": sum(request.state != "closed" for request in self.state.returns),
            "units_requested": sum(line.quantity for line in lines),
            "units_accepted": sum(line.accepted_quantity for line in lines),
            "units_shipped": sum(line.shipped for line in lines),
            "units_received": sum(line.shipped for line in closed) - lost,
            "units_received_damaged": damaged,
            "units_lost": lost,
            "prices_changed": sum(
                0 < one.usual_price_kopecks != one.price_kopecks for one in self.state.products
            ),
            "prices_written": self.state.prices_written,
            "broken_shelves": shelves.broken_shelves(self.state),
        }


def money(kopecks: int) -> str:
    """Write kopecks as roubles."""
    return f"{kopecks // 100}.{kopecks % 100:02d}"

"""What the world is made of, and how it is kept in one JSON file."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SELLABLE = "sellable"
CONDITIONS = (SELLABLE, "damaged_by_seller", "damaged_by_warehouse", "lost")


@dataclass(slots=True, kw_only=True)
class Product:
    """
    One product; sizes in millimetres, weight in grams, money in kopecks, pace in pieces a day.

    The pace is what sells at the usual price; buyers answer to another price (0 = never changed).
    """

    product_id: int
    sku: int
    offer_id: str
    barcode: str
    name: str
    depth_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    handling_class: str
    price_kopecks: int
    unit_cost_kopecks: int
    resale_kopecks: int
    pace: float
    archived: bool
    warehouses: list[str]
    old_price_kopecks: int = 0
    usual_price_kopecks: int = 0
    category_id: int = 0


@dataclass(slots=True, kw_only=True)
class OrderLine:
    """Pieces of one product in one posting."""

    sku: int
    qty: int
    price_kopecks: int


@dataclass(slots=True, kw_only=True)
class Order:
    """
    One posting.

    Attributes:
        leaves_on, arrives_on, cancelled_on: days of the world; cancelled_on is None for most.
        left: whether the pieces have left the warehouse.
    """

    posting_number: str
    warehouse_id: str
    placed_at: str
    status: str
    lines: list[OrderLine]
    leaves_on: int
    arrives_on: int
    cancelled_on: int | None = None
    left: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it still ties units in the warehouse."""
        return not self.left and self.status != "cancelled"


@dataclass(slots=True, kw_only=True)
class ReturnLine:
    """Pieces asked for, agreed to, withheld (of these gone for good), sent, and lost or damaged on the way."""

    sku: str
    condition: str
    quantity: int
    accepted_quantity: int
    shipped: int = 0
    lost: int = 0
    damaged: int = 0
    withheld: int = 0
    gone: int = 0


@dataclass(slots=True, kw_only=True)
class Return:
    """A return request; state is accepted, shipped or closed; a mirrored one touches no shelf."""

    request_no: str
    client_reference: str
    warehouse_id: str
    destination: str
    handling_class: str
    lines: list[ReturnLine]
    ships_on: int
    counted_on: int
    state: str = "accepted"
    mirrored: bool = False
    created_at: str = ""


@dataclass(slots=True, kw_only=True)
class State:
    """
    The whole truth. Shelves are keyed 'warehouse|sku|condition'.

    Attributes:
        initial: pieces ever put on each shelf.
        on_hand: pieces there now.
        reserved: sellable pieces tied to open orders.
        held: pieces promised to return requests and not sent yet.
        scheme: fbp, goods at partners; fbo, goods in the marketplace's own warehouses.
        supplies: drafts and orders to bring goods in, newest last.
        own_warehouses, own_stock: the merchant's own; stock is keyed 'warehouse|sku'.
        participants: action price in kopecks of a product, keyed 'action|product'.
        seller_actions: the merchant's own promotions, oldest first.
        prices_written: how many prices were ever taken.
        own_orders, own_returns, chats: of the own warehouse's trade, oldest first; empty until it is planted.
    """

    seed: int
    started_at: str
    day: int = 0
    scheme: str = "fbp"
    secrets: dict[str, str] = field(default_factory=dict)
    products: list[Product] = field(default_factory=list)
    initial: dict[str, int] = field(default_factory=dict)
    on_hand: dict[str, int] = field(default_factory=dict)
    reserved: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    counts: list[dict[str, Any]] = field(default_factory=list)
    prices_written: int = 0
    supplies: list[dict[str, Any]] = field(default_factory=list)
    own_warehouses: list[dict[str, Any]] = field(default_factory=list)
    own_stock: dict[str, int] = field(default_factory=dict)
    participants: dict[str, int] = field(default_factory=dict)
    seller_actions: list[dict[str, Any]] = field(default_factory=list)
    own_orders: list[dict[str, Any]] = field(default_factory=list)
    own_returns: list[dict[str, Any]] = field(default_factory=list)
    chats: list[dict[str, Any]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The world's time: it stands still between two advances."""
        return datetime.fromisoformat(self.started_at) + timedelta(days=self.day)

    def to_json(self) -> str:
        """Write everything down."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "State":
        """Read what `to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        raw["products"] = [Product(**item) for item in raw["products"]]
        raw["orders"] = [_order(item) for item in raw["orders"]]
        raw["returns"] = [_return(item) for item in raw["returns"]]
        return cls(**raw)


def _order(item: Mapping[str, Any]) -> Order:
    return Order(**{**item, "lines": [OrderLine(**line) for line in item["lines"]]})


def _return(item: Mapping[str, Any]) -> Return:
    return Return(**{**item, "lines": [ReturnLine(**line) for line in item["lines"]]})


def shelf(warehouse_id: str, sku: int | str, condition: str = SELLABLE) -> str:
    """Name the shelf of one product in one condition."""
    return f"{warehouse_id}|{sku}|{condition}"


def iso(moment: datetime) -> str:
    """Write a UTC time as the doors do."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def save(text: str, path: Path) -> None:
    """Replace the file in one step, readable by its owner only: it holds the tokens."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)

"""
What can be changed at Ozon: promotions, own stock, inbound supplies; prices are in ozon_prices.

Sources: POST /v1/actions/products/update, /v2/actions/products/deactivate,
/v2/products/stocks, /v1/fbp/order/{way}/cancel, /v1/fbp/draft/{way}/delete (documented April to
October 2026). Nothing here decides, and nothing is sent twice unless it sets a state. Such a write
answers 200 even when an item is refused, so every item's own answer is given back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from include.winddown.adapters.http import Line
from include.winddown.adapters.ports import ItemAnswer
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.amounts import amount_of
from include.winddown.domain.texts import visible

PROMOTE = "/v1/actions/products/update"
PROMOTE_MOST = 1000
DEMOTE = "/v2/actions/products/deactivate"
OWN_STOCK = "/v2/products/stocks"
OWN_STOCK_MOST = 100
T = TypeVar("T")
WAYS = ("direct", "drop-off", "pick-up")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStock:
    """Free pieces of a product in a warehouse of the merchant's own (FBS, rFBS)."""

    offer_id: str
    warehouse_id: str
    free_qty: int


def set_own_stock(line: Line, stocks: Sequence[OwnStock]) -> Iterator[ItemAnswer]:
    """
    Tell the stock of own warehouses; a product in a warehouse once in 30 s at most.

    Yields:
        An answer for each product and warehouse, in their order.

    Raises:
        PeerDown, MarketplaceRefused, ContractBroken: what was answered before has been done.
    """
    for chunk in _chunks(stocks, OWN_STOCK_MOST):
        items = [
            {"offer_id": one.offer_id, "warehouse_id": int(one.warehouse_id), "stock": one.free_qty}
            for one in chunk
        ]
        reply, _ = line.post(OWN_STOCK, {"stocks": items}, repeatable=True)
        yield from answers_of(reply["result"], [one.offer_id for one in chunk])


def promote(
    line: Line, action_id: str, prices_minor: Sequence[tuple[str, int]], currency: str
) -> Iterator[ItemAnswer]:
    """
    Let products take part in a promotion; outside of promo codes this changes the card's price.

    Args:
        line: an open line.
        action_id: of the promotion.
        prices_minor: product id and action price.
        currency: of the prices.

    Yields:
        An answer for each product; one that the reply does not name was not taken.
    """
    for chunk in _chunks(prices_minor, PROMOTE_MOST):
        products = [
            {
                "product_id": int(product_id),
                "action_price": {"amount": decimal(minor), "currency": currency},
            }
            for product_id, minor in chunk
        ]
        body = {"action_id": int(action_id), "products": products}
        reply, _ = line.post(PROMOTE, body, repeatable=True)
        active = {number.name() for number in reply["active_product_ids"]}
        reasons = {one["product_id"].name(): visible(one["reason"].text()) for one in reply["rejected"]}
        for product_id, _minor in chunk:
            errors = () if product_id in active else (reasons.get(product_id, "not named in the reply"),)
            yield ItemAnswer(item_id=product_id, is_done=not errors, errors=errors)


def demote(line: Line, action_id: str, product_ids: Sequence[str]) -> list[ItemAnswer]:
    """Take products out of a promo-code promotion; gives an answer for each."""
    body = {"action_id": int(action_id), "product_ids": [int(number) for number in product_ids]}
    reply, _ = line.post(DEMOTE, body, repeatable=True)
    gone = {number.name() for number in reply["product_ids"]}
    return [
        ItemAnswer(
            item_id=one, is_done=one in gone, errors=() if one in gone else ("not named in the reply",)
        )
        for one in product_ids
    ]


def cancel_supply(line: Line, way: str, supply_id: str) -> ItemAnswer:
    """
    Ask for the cancellation of a supply order; the partner answers later, see the list of supplies.

    Args:
        line: an open line.
        way: how it is delivered, one of WAYS.
        supply_id: of the order.

    Raises:
        OutcomeUnknown: it may or may not have been asked for; look at the list of supplies.
    """
    path = f"/v1/fbp/order/{_way(way)}/cancel"
    errors = line.once(path, {"supply_id": supply_id}, _order_errors)
    return ItemAnswer(item_id=supply_id, is_done=errors is None, errors=errors or ())


def delete_draft(line: Line, way: str, supply_id: str) -> ItemAnswer:
    """
    Delete a draft of a supply; arguments and errors as for cancel_supply.

    Returns:
        That it is done; a refusal is raised.
    """
    path = f"/v1/fbp/draft/{_way(way)}/delete"
    line.once(path, {"supply_id": supply_id}, lambda reply: reply["row_version"].int64())
    return ItemAnswer(item_id=supply_id, is_done=True)


def _order_errors(reply: Part) -> tuple[str, ...] | None:
    """Read what is against it; None when there is no error."""
    if not reply["is_error"].flag():
        return None
    return tuple(visible(error.text()) for error in reply["error"]["order_errors"])


def _way(way: str) -> str:
    if way not in WAYS:
        msg = f"{way!r} is no way of delivery; known are {', '.join(WAYS)}"
        raise ValueError(msg)
    return way


def decimal(minor: int) -> str:
    """Write an amount as Ozon reads it."""
    return "0" if minor == 0 else amount_of(minor)


def answers_of(result: Part, asked: Sequence[str]) -> Iterator[ItemAnswer]:
    """
    Read the answers, which come in the order of the items.

    Raises:
        ContractBroken: there are more or fewer than items, so nobody knows which one is meant.
    """
    told = list(result)
    if len(told) != len(asked):
        result.fail(f"{len(asked)} items")
    for offer_id, item in zip(asked, told, strict=True):
        errors = tuple(
            visible(f"{error['code'].text()}: {error['message'].text()}") for error in item["errors"]
        )
        yield ItemAnswer(item_id=offer_id, is_done=item["updated"].flag() and not errors, errors=errors)


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[first : first + size] for first in range(0, len(items), size))

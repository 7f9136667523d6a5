"""
The merchant's own promotions at Ozon: list them, make a discount, put products in and out, switch.

Sources: POST /v1/seller-actions/{list,create/discount,change-activity,archive} and
/v1/seller-actions/products/{candidates,list,add,delete} (beta, documented March to September 2026;
sellers from the CIS may not create a discount). Nothing here decides. A write's documented success
is empty: what became of a product the promotion's own list tells, so that is read afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from include.winddown.adapters.http import Line
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.ports import ItemAnswer
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.errors import MarketplaceRefused
from include.winddown.domain.texts import visible

ACTIONS = Listing(path="/v1/seller-actions/list", rows=("actions",), limit=100, style="offset")
CANDIDATES = Listing(
    path="/v1/seller-actions/products/candidates",
    rows=("products",),
    limit=100,
    style="number",
    says_next=True,
)
PRODUCTS = Listing(
    path="/v1/seller-actions/products/list", rows=("products",), limit=100, style="number", says_next=True
)
CREATE = "/v1/seller-actions/create/discount"
ADD = "/v1/seller-actions/products/add"
DELETE = "/v1/seller-actions/products/delete"
SWITCH = "/v1/seller-actions/change-activity"
ARCHIVE = "/v1/seller-actions/archive"
PRODUCTS_MOST = 100
TITLE_MOST = 256
STATUSES = ("ACTIVE", "ENDED", "PLANNED", "PAUSED")
NEAR = timedelta(days=1)
"""How far the times of a promotion may lie from those asked for: Ozon does not say how it rounds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDiscount:
    """A promotion to make: title of 1 to 256 characters, aware times, and the least discount in per cent."""

    title: str
    starts_at: datetime
    ends_at: datetime
    percent_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerAction:
    """
    One promotion of the merchant's own.

    Attributes:
        kind, status: Ozon's words, known (STATUSES) or not.
        starts_at, ends_at: None when it has no such end.
        told: the whole row.
    """

    action_id: str
    title: str
    kind: str
    status: str
    starts_at: datetime | None
    ends_at: datetime | None
    told: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionProduct:
    """A product in a promotion or fit for one; it may have several SKUs, and its price is text as told."""

    skus: tuple[str, ...]
    offer_id: str
    action_price: str
    told: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A product to put into a promotion: exactly one of a price and a discount in per cent."""

    sku: str
    price_minor: int | None = None
    percent: float | None = None


def seller_actions(line: Line, statuses: Sequence[str] = STATUSES) -> Iterator[SellerAction]:
    """
    List the merchant's own promotions of some statuses.

    Raises:
        ListIncomplete, PeerDown, MarketplaceRefused, ContractBroken: the list must not be used.
    """
    for page in read_list(line, ACTIONS, {"status": list(statuses)}):
        yield from (_action(row) for row in page.items)


def create_discount(line: Line, new: NewDiscount) -> str:
    """
    Make a promotion in which every product has a discount of its own; it holds none yet.

    Returns:
        Its id.

    Raises:
        OutcomeUnknown: it may be there; find_discounts tells, before it is made a second time.
        MarketplaceRefused: it was not made, for one because the seller is from the CIS.
        ValueError: the title or the times cannot be.
    """
    if not 1 <= len(new.title) <= TITLE_MOST or new.starts_at >= new.ends_at:
        msg = (
            f"a promotion needs a title of 1 to {TITLE_MOST} characters and an end after its start, not {new}"
        )
        raise ValueError(msg)
    body = {
        "title": new.title,
        "date_start": _utc(new.starts_at),
        "date_end": _utc(new.ends_at),
        "min_action_percent": new.percent_min,
    }
    return line.once(CREATE, body, lambda reply: reply["action_id"].name())


def find_discounts(line: Line, new: NewDiscount) -> list[SellerAction]:
    """List the promotions of exactly that title that begin and end within a day of these times."""
    return [
        action
        for action in seller_actions(line)
        if action.title == new.title
        and _is_near(action.starts_at, new.starts_at)
        and _is_near(action.ends_at, new.ends_at)
    ]


def action_products(line: Line, action_id: str, listing: Listing = PRODUCTS) -> Iterator[ActionProduct]:
    """List the products of a promotion, or with CANDIDATES those that could take part."""
    for page in read_list(line, listing, {"action_id": int(action_id)}):
        yield from (_product(row) for row in page.items)


def add_products(line: Line, action_id: str, offers: Sequence[Offer], currency: str) -> Iterator[ItemAnswer]:
    """
    Put products into a promotion, or give those in it another price; then look who is in it.

    Yields:
        An answer for each product that was sent, in the order of the offers.

    Raises:
        MarketplaceRefused: a request was refused as a whole; raised after the answers of those before it.
        PeerDown, ContractBroken: what was sent may have been done; the promotion's list tells.
        ValueError: an offer has not exactly one of price and discount.
    """
    items = [_item(offer, currency) for offer in offers]
    sent: list[str] = []
    refusal: MarketplaceRefused | None = None
    for first in range(0, len(items), PRODUCTS_MOST):
        chunk = items[first : first + PRODUCTS_MOST]
        try:
            line.post_silent(ADD, {"action_id": int(action_id), "products": chunk}, repeatable=True)
        except MarketplaceRefused as error:
            refusal = error
            break
        sent += [offer.sku for offer in offers[first : first + PRODUCTS_MOST]]
    if sent:
        there = _skus_in(line, action_id)
        yield from (_answer(sku, sku in there, "not in the promotion after it was sent") for sku in sent)
    if refusal is not None:
        raise refusal


def remove_products(line: Line, action_id: str, skus: Sequence[str]) -> list[ItemAnswer]:
    """Take products out of a promotion, then look who is still in it; gives an answer for each SKU."""
    for first in range(0, len(skus), PRODUCTS_MOST):
        chunk = list(skus[first : first + PRODUCTS_MOST])
        line.post_silent(DELETE, {"action_id": int(action_id), "skus": chunk}, repeatable=True)
    there = _skus_in(line, action_id)
    return [_answer(sku, sku not in there, "still in the promotion") for sku in skus]


def switch_action(line: Line, action_id: str, *, is_on: bool) -> None:
    """Switch a promotion on or off."""
    line.post_silent(SWITCH, {"action_id": int(action_id), "is_turn_on": is_on}, repeatable=True)


def archive_action(line: Line, action_id: str) -> None:
    """
    Put a promotion away.

    Raises:
        OutcomeUnknown: it may be away; what a second request would answer is not documented.
    """
    line.post_silent(ARCHIVE, {"action_id": int(action_id)}, repeatable=False)


def _action(row: Part) -> SellerAction:
    said = row["action_parameters"]
    return SellerAction(
        action_id=row["action_id"].name(),
        title=said["title"].text(),
        kind=visible(said["type"].text()),
        status=visible(said["status"].text()),
        starts_at=_moment(said, "date_start"),
        ends_at=_moment(said, "date_end"),
        told=row.fields(),
    )


def _moment(said: Part, name: str) -> datetime | None:
    return said[name].moment() if said.fields().get(name) else None


def _is_near(told: datetime | None, asked: datetime) -> bool:
    return told is not None and abs(told - asked) < NEAR


def _product(row: Part) -> ActionProduct:
    return ActionProduct(
        skus=tuple(sku.name() for sku in row["sku"]),
        offer_id=row["offer_id"].name(),
        action_price=row["action_price"].amount(),
        told=row.fields(),
    )


def _item(offer: Offer, currency: str) -> dict[str, object]:
    if (offer.price_minor is None) == (offer.percent is None):
        msg = f"{offer} needs exactly one of price_minor and percent"
        raise ValueError(msg)
    item: dict[str, object] = {"sku": int(offer.sku), "currency": currency}
    if offer.price_minor is not None:
        return item | {"action_price": offer.price_minor / 100}
    return item | {"discount_percent": offer.percent}


def _skus_in(line: Line, action_id: str) -> set[str]:
    return {sku for product in action_products(line, action_id) for sku in product.skus}


def _answer(sku: str, is_done: bool, why: str) -> ItemAnswer:  # noqa: FBT001
    return ItemAnswer(item_id=sku, is_done=is_done, errors=() if is_done else (why,))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

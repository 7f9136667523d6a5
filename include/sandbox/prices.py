"""Prices: what the marketplace lets a merchant write, and how a new price is put on a product."""

from decimal import Decimal, InvalidOperation
from typing import Any

from include.sandbox.state import Product

MOST_KOPECKS = 100_000_000_00


def kopecks_of(text: object) -> int | None:
    """Read an amount of roubles with at most two decimals; None when it is not one."""
    try:
        kopecks = Decimal(str(text)) * 100
    except InvalidOperation:
        return None
    if not kopecks.is_finite() or kopecks != kopecks.to_integral_value():
        return None
    return int(kopecks) if 0 <= kopecks <= MOST_KOPECKS else None


def gap_is_wide(price: int, old_price: int) -> bool:
    """
    Say whether a crossed-out price may stand over a price, both in kopecks.

    Up to 400 roubles the gap is more than 20 roubles, up to 10 000 more than 5 %, above more than
    500 roubles; a discount stays below 90 %.
    """
    gap = old_price - price
    if price <= 400_00:
        wide = gap > 20_00
    elif price <= 10_000_00:
        wide = gap * 100 > old_price * 5
    else:
        wide = gap > 500_00
    return wide and gap * 100 < old_price * 90


def price_error(product: Product, item: dict[str, Any], currency: str) -> tuple[str, str] | None:
    """Give code and message of what is wrong with a new price; None when it is fine."""
    price = kopecks_of(item.get("price") or "0")
    if not price:
        return "INVALID_PRICE", f"price {item.get('price')!r} is not an amount above zero"
    if (item.get("currency_code") or currency) != currency:
        return "CURRENCY_MISMATCH", f"currency {item['currency_code']} is not the account's {currency}"
    old_price = kopecks_of(item.get("old_price") or "0")
    if old_price is None:
        return "INVALID_OLD_PRICE", f"old_price {item['old_price']!r} is not an amount"
    if old_price and not gap_is_wide(price, old_price):
        return "DISCOUNT_OUT_OF_RANGE", f"old_price {item['old_price']} over price {item['price']}"
    least = kopecks_of(item.get("min_price") or "0")
    if least is None or least > price:
        return "MIN_PRICE_ABOVE_PRICE", f"min_price {item['min_price']} is above price of {product.offer_id}"
    return None


def put_price(product: Product, price: int, old_price: int | None) -> None:
    """Put a price on a product; None keeps the crossed-out price while it still fits."""
    product.usual_price_kopecks = product.usual_price_kopecks or product.price_kopecks
    product.price_kopecks = price
    kept = product.old_price_kopecks if old_price is None else old_price
    product.old_price_kopecks = kept if kept > price else 0

"""
Pages of postings in which everything is as usual, read column by column.

Looking at a whole column at once costs a third of looking at each value; whatever is not as usual
raises, and ozon_postings looks closer and says what it is.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate, chain, repeat
from operator import itemgetter
from typing import Any

from include.winddown.adapters.rows import Cell
from include.winddown.domain.amounts import minor_of
from include.winddown.domain.frames import QTY_MAX

Row = tuple[Cell, ...]
_HEAD = itemgetter("posting_number", "status", "in_process_at", "products")
_LINE = itemgetter("sku", "offer_id", "quantity", "price")
_PRICE = itemgetter("amount", "currency")


def plain_rows(items: Sequence[Any], place: Callable[[Any], object]) -> list[list[Row]]:
    """
    Read a page of postings.

    Args:
        items: decoded JSON.
        place: finds the warehouse of a posting.

    Returns:
        For each posting its rows of frames.ORDERS, at least one.

    Raises:
        TypeError, ValueError, LookupError, AttributeError: something is not as usual.
    """
    if not items:
        return []
    numbers, statuses, moments, products = zip(*map(_HEAD, items), strict=True)
    counts = list(map(len, products))
    if 0 in counts:
        raise ValueError
    heads = (_texts(numbers), _statuses(statuses), _moments(moments), _names(list(map(place, items))))
    # one value a line, so that rows are put together without a loop in Python
    number, status, ordered_at, warehouse_id = (
        chain.from_iterable(map(repeat, column, counts)) for column in heads
    )
    line_no = chain.from_iterable(range(1, count + 1) for count in counts)
    lines = _lines(list(chain.from_iterable(products)))
    rows: list[Row] = list(zip(number, line_no, status, ordered_at, warehouse_id, *lines, strict=True))
    ends = list(accumulate(counts))
    return [rows[end - count : end] for end, count in zip(ends, counts, strict=True)]


def _lines(products: list[Any]) -> tuple[Sequence[Cell], ...]:
    """Read what is told of each product, as columns."""
    skus, offers, quantities, prices = zip(*map(_LINE, products), strict=True)
    amounts, currencies = zip(*map(_PRICE, prices), strict=True)
    return (
        _names(skus),
        _names(offers),
        _quantities(quantities),
        list(map(_price_minor, amounts)),
        _statuses(currencies),
    )


def _names(values: Sequence[Any]) -> Sequence[str]:
    """Read identifiers that come as numbers or as texts."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return _texts(values)
    if kinds <= {int, str}:
        return _texts(tuple(map(str, values)))
    raise TypeError


def _texts(values: Sequence[Any]) -> Sequence[str]:
    """Read identifiers that are texts; one with a blank in it is looked at closer."""
    joined = "".join(values)
    if not all(values) or not joined.isprintable() or " " in joined:
        raise ValueError
    return values


def _statuses(values: Sequence[Any]) -> Sequence[str]:
    if set(map(type, values)) <= {str}:
        return values
    raise TypeError


def _moments(values: Sequence[Any]) -> Sequence[datetime]:
    moments = list(map(datetime.fromisoformat, values))
    if all(moment.tzinfo is UTC for moment in moments):
        return moments
    raise ValueError


def _quantities(values: Sequence[Any]) -> Sequence[int]:
    if set(map(type, values)) <= {int} and min(values, default=1) >= 1 and max(values, default=1) <= QTY_MAX:
        return values
    raise ValueError


@lru_cache(maxsize=16_384, typed=True)
def _price_minor(amount: str) -> int:
    """Read a price; the same ones come again and again."""
    price_minor = minor_of(amount)
    if isinstance(price_minor, int):
        return price_minor
    raise ValueError

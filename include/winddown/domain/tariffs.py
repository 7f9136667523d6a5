"""Prices of carriers' contracts, and which of them counts for a parcel."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """
    One price of a contract.

    Attributes:
        weight_to_g: upper end of its band, inclusive.
        order_minor: for each parcel; kg_minor: for each kilogram, by the gram.
        from_on, until_on: inclusive; None = no such end.
    """

    provider: str
    zone: str
    weight_to_g: int
    order_minor: int
    kg_minor: int
    from_on: date | None = None
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it counts on that day."""
        return (self.from_on is None or self.from_on <= on) and (self.until_on is None or on <= self.until_on)

    def price(self, weight_g: int) -> int:
        """What one parcel of that weight costs, rounded up."""
        return self.order_minor + -(-self.kg_minor * weight_g // 1000)


Book = dict[str, dict[str, list[Tariff]]]
"""By provider and zone, the lightest band first."""


def book_of(tariffs: Iterable[Tariff]) -> Book:
    """Sort tariffs by provider and zone, the lightest band first."""
    book: Book = defaultdict(lambda: defaultdict(list))
    for one in sorted(tariffs, key=lambda tariff: tariff.weight_to_g):
        book[one.provider][one.zone].append(one)
    return book


def find_tariff(tariffs: Iterable[Tariff], weight_g: int, on: date) -> Tariff | None:
    """Find the tariff of a weight: the lightest band it fits into; of several the one that began last."""
    fitting = [one for one in tariffs if weight_g <= one.weight_to_g and one.holds(on)]
    if not fitting:
        return None
    band = fitting[0].weight_to_g
    return max((one for one in fitting if one.weight_to_g == band), key=lambda one: one.from_on or date.min)

"""What carriers charge: by order and kilogram, against their contract, and who would be cheapest where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from include.winddown.domain.tariffs import Book, Tariff, book_of, find_tariff

BEFORE = "FBP"
"""Invoices of the partner from before the exit stand under this provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One parcel on an invoice."""

    provider: str
    invoice_no: str
    posting_number: str | None
    zone: str
    weight_g: int
    amount_minor: int
    shipped_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCost:
    """
    What one carrier charged.

    Attributes:
        parcels_qty, weight_g, amount_minor: sums of its invoices.
        priced_qty, billed_minor, contract_minor: of the parcels that a tariff of its contract prices.
        twice_qty: parcels on more than one line of its invoices.
    """

    provider: str
    parcels_qty: int
    weight_g: int
    amount_minor: int
    priced_qty: int
    billed_minor: int
    contract_minor: int
    twice_qty: int

    @property
    def order_minor(self) -> int:
        """For one parcel on average, rounded."""
        return round(self.amount_minor / self.parcels_qty)

    @property
    def kg_minor(self) -> int:
        """For one kilogram on average, rounded."""
        return round(self.amount_minor * 1000 / self.weight_g)

    @property
    def over_pct(self) -> float | None:
        """What it charged beyond its contract, per cent; None = no parcel is priced by one."""
        if not self.contract_minor:
            return None
        return 100 * (self.billed_minor - self.contract_minor) / self.contract_minor


def own_order_minor(charged: Iterable[tuple[str, int, int]]) -> int | None:
    """
    Tell what one own parcel costs on average, rounded; None while no carrier has charged.

    Args:
        charged: provider, parcels and amount of each; what the scheme that was left charged does not count.
    """
    own = [(parcels, minor) for provider, parcels, minor in charged if provider != BEFORE]
    parcels = sum(qty for qty, _ in own)
    return round(sum(minor for _, minor in own) / parcels) if parcels else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """
    What delivery cost in the scheme that was left.

    Attributes:
        order_minor, kg_minor: on average; None = not known.
        source: where that is known from, for people.
    """

    order_minor: int | None
    kg_minor: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheapest:
    """
    The cheapest carrier of one zone and weight band, for a parcel at the band's upper end.

    Attributes:
        next_provider, next_minor: the second cheapest; None = there is no other contract.
        used: who carried most there, by invoices; None = nobody yet.
        saved_minor: what its parcels would have cost less with the cheapest one.
    """

    zone: str
    weight_to_g: int
    provider: str
    price_minor: int
    next_provider: str | None
    next_minor: int | None
    used: str | None
    saved_minor: int


def cost_before(
    costs: Iterable[CarrierCost], told: tuple[int, int, int] | None, sale_fee_minor: int
) -> Before:
    """
    Find what delivery cost before: from the partner's invoices, the marketplace's fees, or the policy.

    Args:
        costs: of every carrier; the partner's stand under BEFORE.
        told: orders, grams and money by the fees of the last snapshot; None = there is none.
        sale_fee_minor: the policy's fee for a piece; 0 = not given.
    """
    partner = next((one for one in costs if one.provider == BEFORE), None)
    if partner:
        return Before(
            order_minor=partner.order_minor, kg_minor=partner.kg_minor, source="the partner's invoices"
        )
    if told and told[0] and told[1]:
        orders_qty, weight_g, paid_minor = told
        kg_minor = round(paid_minor * 1000 / weight_g)
        return Before(
            order_minor=round(paid_minor / orders_qty),
            kg_minor=kg_minor,
            source="the fees of the last snapshot",
        )
    if sale_fee_minor:
        return Before(order_minor=sale_fee_minor, kg_minor=None, source="fees.sale_fee_minor of the policy")
    return Before(order_minor=None, kg_minor=None, source="not known")


def cost_by_carrier(charges: Iterable[Charge], tariffs: Sequence[Tariff]) -> list[CarrierCost]:
    """Sum up every carrier's invoices, sorted by its name; the partner's from before among them."""
    by_provider: dict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        by_provider[charge.provider].append(charge)
    book = book_of(tariffs)
    return [_cost(name, found, book.get(name, {})) for name, found in sorted(by_provider.items())]


def cheapest(charges: Sequence[Charge], tariffs: Sequence[Tariff], today: date) -> list[Cheapest]:
    """Name the cheapest carrier of every zone and band that a contract prices today."""
    valid = [one for one in tariffs if one.holds(today) and one.provider != BEFORE]
    bands = sorted({(one.zone, one.weight_to_g) for one in valid})
    book = book_of(valid)
    found = []
    for zone, weight_to_g in bands:
        below = max((to for z, to in bands if z == zone and to < weight_to_g), default=0)
        offers = sorted(
            (offer.price(weight_to_g), provider)
            for provider, zones in book.items()
            if (offer := find_tariff(zones.get(zone, ()), weight_to_g, today))
        )
        inside = [one for one in charges if one.zone == zone and below < one.weight_g <= weight_to_g]
        found.append(_cheapest((zone, weight_to_g), offers, inside, book, today))
    return found


def _cheapest(
    band: tuple[str, int],
    offers: Sequence[tuple[int, str]],
    inside: Sequence[Charge],
    book: Book,
    today: date,
) -> Cheapest:
    price_minor, provider = offers[0]
    carried = [one for one in inside if one.provider != BEFORE]
    count = {name: sum(one.provider == name for one in carried) for name in {c.provider for c in carried}}
    used = max(sorted(count), key=lambda name: count[name], default=None)
    saved = 0
    for one in carried:
        offer = find_tariff(book[provider].get(band[0], ()), one.weight_g, today)
        saved += max(0, one.amount_minor - offer.price(one.weight_g)) if offer else 0
    return Cheapest(
        zone=band[0],
        weight_to_g=band[1],
        provider=provider,
        price_minor=price_minor,
        next_provider=offers[1][1] if len(offers) > 1 else None,
        next_minor=offers[1][0] if len(offers) > 1 else None,
        used=used,
        saved_minor=saved,
    )


def _cost(provider: str, charges: Sequence[Charge], zones: Mapping[str, list[Tariff]]) -> CarrierCost:
    priced = [
        (one.amount_minor, offer.price(one.weight_g))
        for one in charges
        if (offer := find_tariff(zones.get(one.zone, ()), one.weight_g, one.shipped_on))
    ]
    numbers = [one.posting_number for one in charges if one.posting_number]
    return CarrierCost(
        provider=provider,
        parcels_qty=len(charges),
        weight_g=sum(one.weight_g for one in charges),
        amount_minor=sum(one.amount_minor for one in charges),
        priced_qty=len(priced),
        billed_minor=sum(billed for billed, _ in priced),
        contract_minor=sum(contract for _, contract in priced),
        twice_qty=len(numbers) - len(set(numbers)),
    )

"""Prices on their way to a marketplace: what a current price tells of a change, and what forbids one."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

KIND = "price"
CHANGES_MOST = 8
"""Ozon takes ten changes of a product's price an hour; we stop earlier, since others may change it too."""

GROUP_MOST = 1_000
"""Prices that one call takes."""
BUCKETS = 16
"""Of one account; it never changes, for the conflict keys of effects under way are made of it."""

PROBLEMS = ("refused", "conflict", "superseded")
"""Why a change is not in effect: the marketplace or a rule refused it, somebody else changed the price, a
newer change took its place."""

REASONS = ("markdown", "restore")
TOO_MANY = "TOO_MANY_REQUESTS"
SMALL_MINOR, LARGE_MINOR = 400_00, 10_000_00
DISCOUNT_MAX_PCT = 90
MISSING = "the marketplace does not list offer {offer_id}; look at its card"
_CONFLICT = "somebody else changed it to {there}; it was {bases}, {target} was to be set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How an account takes prices: in so many buckets, so many a call."""

    buckets: int = BUCKETS
    most: int = GROUP_MOST


USUAL_CUT = Cut()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrice:
    """A price to set; the old one, higher, is shown struck through, and 0 takes it away."""

    offer_id: str
    price_minor: int
    old_price_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentPrice:
    """
    A price as it stands outside.

    Attributes:
        min_price_minor: the floor that the merchant gave there; None = none.
    """

    offer_id: str
    price_minor: int
    currency: str
    min_price_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """
    One change of one SKU's price, as the ledger keeps it.

    Attributes:
        version: rises with each change of the SKU in its exit.
        old_price_minor: shown struck through; 0 = nothing is.
        bases: what may stand outside before it: the price the plan was made with, and what our own change before set.
    """

    sku: str
    version: int
    offer_id: str
    price_minor: int
    old_price_minor: int
    currency: str
    bases: frozenset[int]

    def wanted(self) -> NewPrice:
        """What to set."""
        return NewPrice(
            offer_id=self.offer_id,
            price_minor=self.price_minor,
            old_price_minor=self.old_price_minor,
            currency=self.currency,
        )


class Sight(StrEnum):
    """
    What a current price tells of a change.

    DONE: the target stands. BASE: what stood before still stands, so it may be sent. OTHER: something
    else stands, so somebody else changed it. MISSING: the marketplace does not list it.
    """

    DONE = "done"
    BASE = "base"
    OTHER = "other"
    MISSING = "missing"


def see(change: PriceChange, current: CurrentPrice | None) -> Sight:
    """Judge what stands outside; the target goes first, since a change may set what stands."""
    if current is None:
        return Sight.MISSING
    if current.price_minor == change.price_minor:
        return Sight.DONE
    return Sight.BASE if current.price_minor in change.bases else Sight.OTHER


def problem_of(change: PriceChange, current: CurrentPrice | None) -> tuple[str, str] | None:
    """
    Tell why a change must not be sent; None when it may be, or has been.

    Returns:
        One of PROBLEMS, and the sentence for people.
    """
    sight = see(change, current)
    if current is None:
        return "refused", MISSING.format(offer_id=change.offer_id)
    if sight is Sight.OTHER:
        return "conflict", conflict_sentence(change, current.price_minor)
    broken = against_rules(change, current) if sight is Sight.BASE else None
    return ("refused", broken) if broken else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """
    What prices that are said to be in effect look like.

    Attributes:
        stand: how many stand as approved.
        late: SKUs whose former price shows, or that could not be read.
        problems: by SKU, as of problem_of.
    """

    stand: int
    late: tuple[str, ...]
    problems: dict[str, tuple[str, str]]


def compare_back(
    changes: Iterable[PriceChange],
    prices: Mapping[str, CurrentPrice],
    *,
    complete: bool,
    may_be_late: bool,
) -> ReadBack:
    """
    Hold prices that were set against those that stand.

    Args:
        changes: what was set.
        prices: what was read, by offer_id.
        complete: whether everything was read; only then an offer that is not there is missing.
        may_be_late: whether they were set so lately that the former price may still show; later it is
            somebody else's.
    """
    late, problems, stand = [], {}, 0
    for one in changes:
        current = prices.get(one.offer_id)
        sight = see(one, current)
        if sight is Sight.DONE:
            stand += 1
        elif (current is None and not complete) or (sight is Sight.BASE and may_be_late):
            late.append(one.sku)
        elif current is None:
            problems[one.sku] = ("refused", MISSING.format(offer_id=one.offer_id))
        else:
            problems[one.sku] = ("conflict", conflict_sentence(one, current.price_minor))
    return ReadBack(stand=stand, late=tuple(late), problems=problems)


def conflict_sentence(change: PriceChange, there_minor: int) -> str:
    """Say that a price is neither what stood before nor what was to be set, in minor units."""
    bases = " or ".join(map(str, sorted(change.bases)))
    return _CONFLICT.format(there=there_minor, bases=bases, target=change.price_minor)


def against_rules(change: PriceChange, current: CurrentPrice) -> str | None:
    """Name the marketplace's rule that a price would break; None when there is none."""
    price, old = change.price_minor, change.old_price_minor
    if price <= 0:
        return f"price {price} is not above zero (R_PRICE)"
    if change.currency != current.currency:
        return f"currency {change.currency} is not the cabinet's {current.currency} (F_CUR)"
    if current.min_price_minor and price < current.min_price_minor:
        return f"price {price} is below the floor {current.min_price_minor} of its card (P_FLOOR)"
    if old and not may_be_shown(price, old):
        return f"former price {old} is too near to or too far from price {price} to be shown (R_PRICE)"
    return None


def may_be_shown(price_minor: int, old_price_minor: int) -> bool:
    """
    Tell whether the marketplace shows a former price struck through over a price.

    Up to 400 the gap is more than 20, up to 10,000 more than 5 %, above more than 500; the discount stays below 90 %.
    """
    gap = old_price_minor - price_minor
    if price_minor <= SMALL_MINOR:
        is_wide = gap > 20_00
    elif price_minor <= LARGE_MINOR:
        is_wide = gap * 100 > old_price_minor * 5
    else:
        is_wide = gap > 500_00
    return is_wide and gap * 100 < old_price_minor * DISCOUNT_MAX_PCT


def bucket_of(sku: str, buckets: int) -> int:
    """Name the bucket of a SKU; the same one for ever, for of one bucket one effect at most is under way."""
    return zlib.crc32(sku.encode()) % buckets


def conflict_key(account: str, bucket: int) -> str:
    """Name what may have one change of prices under way."""
    return f"{account}|{KIND}|{bucket:02}"

"""What is read and written of the changes of prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Row

from include.winddown.domain.prices import PriceChange

LATEST = pa.schema(
    [
        ("sku", pa.string()),
        ("version", pa.int64()),
        ("offer_id", pa.string()),
        ("price_minor", pa.int64()),
        ("first_minor", pa.int64()),
        ("currency", pa.string()),
        ("digest", pa.string()),
        ("is_open", pa.bool_()),
        ("problem", pa.string()),
        ("may_rise", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """Whether a try sent anything, and whether changes are left that have to be sent later."""

    was_sent: bool
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class InForce:
    """Changes of one effect that are in effect, and whether they are so new that they may not show yet."""

    changes: list[PriceChange]
    is_young: bool


Problems = Mapping[str, tuple[str, str]]
"""SKU → one of PROBLEMS and the sentence for people."""


def change_of(row: Row[Any], *bases: int | None) -> PriceChange:
    """Make a change of a row; its bases are what may stand before it, where that is known."""
    return PriceChange(
        sku=row.sku,
        version=row.version,
        offer_id=row.offer_id,
        price_minor=row.price_minor,
        old_price_minor=row.old_price_minor,
        currency=row.currency,
        bases=frozenset(base for base in bases if base is not None),
    )

"""The trade out of the own warehouse, and the check of a supply, as the steps see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from include.winddown.adapters.ports import Pull


@dataclass(frozen=True, slots=True, kw_only=True)
class Chats:
    """
    Chats with buyers.

    Attributes:
        unread_qty: open ones with a message nobody has read; None = not known.
        why: it is not known, for people.
    """

    unread_qty: int | None
    why: str = ""


class OwnTrade(Protocol):
    """What the marketplace tells of the merchant's own warehouses."""

    def stock(self) -> Pull | None:
        """Pull own_frames.OWN_STOCK; None when this source does not know it."""

    def postings(self, days: int, dated_days: int) -> Pull | None:
        """Pull own_frames.OWN_POSTINGS of so many days, with days of delivery for the last dated_days of them."""

    def returns(self, days: int) -> Pull | None:
        """Pull own_frames.OWN_RETURNS of so many days."""

    def chats(self) -> Chats:
        """Count the chats that wait; a key that may not read them is no error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """
    What a partner's warehouse says of products offered to it.

    Attributes:
        approved: SKUs it would take.
        rejected: SKU → reasons, as the platform names them.
        why: nothing is known, for people; empty when the check was made.
    """

    warehouse_id: str
    way: str
    approved: tuple[str, ...]
    rejected: Mapping[str, tuple[str, ...]]
    why: str = ""


class SupplyCheck(Protocol):
    """Whether partner warehouses would take products; nothing is drafted by asking."""

    def warehouses(self) -> Sequence[str]:
        """Name the partner's warehouses."""

    def validate(self, warehouse_id: str, pieces: Mapping[str, int]) -> Taken:
        """Ask for SKU → pieces, by the first way of bringing them that the warehouse knows."""

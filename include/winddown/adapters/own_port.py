"""The trade out of the own warehouse, and the check of a supply, as the steps see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from include.winddown.adapters.ports import Pull
from include.winddown.domain.supply_check import Taken


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


class SupplyCheck(Protocol):
    """Whether partner warehouses would take products; nothing is drafted by asking."""

    def warehouses(self) -> Sequence[str]:
        """Name the partner's warehouses."""

    def validate(self, warehouse_id: str, pieces: Mapping[str, int]) -> Taken:
        """Ask for SKU → pieces, by the way of bringing them that was chosen."""

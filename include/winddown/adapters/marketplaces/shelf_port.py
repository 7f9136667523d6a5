"""Own warehouses at a marketplace, as the steps see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from include.winddown.adapters.ports import ItemsReply
from include.winddown.domain.cabinet import Place, Way
from include.winddown.domain.effects import Manner
from include.winddown.domain.publish import Item, Stands


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRead:
    """What a read of own stock found, by SKU; complete whether everything asked for was read."""

    complete: bool
    stands: Mapping[str, Stands]
    detail: str


class ShelfDesk(Protocol):
    """Where own warehouses are listed, and their stock is read and told."""

    @property
    def manner(self) -> Manner:
        """How it can be dealt with."""

    def places(self) -> list[Place]:
        """List the own warehouses; raises when the list cannot be read to its end."""

    def ways(self) -> list[Way]:
        """List the delivery methods; raises when the list cannot be read to its end."""

    def stands(self, skus: Sequence[str], warehouse_id: str) -> StockRead:
        """Read what stands now; what is not listed stands at nothing."""

    def tell(self, items: Sequence[Item], warehouse_id: str) -> ItemsReply:
        """Tell free pieces, once; never retry. Transport errors come back as a reply."""

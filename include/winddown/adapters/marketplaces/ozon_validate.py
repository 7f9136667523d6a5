"""
Whether Ozon's partner warehouses would take products: POST /v1/fbp/draft/{way}/product/validate.

Sources: that method for direct, drop-off and pick-up, and /v1/fbp/warehouse/list (beta, documented August to
October 2026). A validated list gets a bundle_id and nothing else: no draft, no supply. Every refused
product comes with reasons as Ozon names them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from include.winddown.adapters.http import Line, Peer
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.errors import ContractBroken, MarketplaceRefused
from include.winddown.domain.supply_check import Taken

WAREHOUSES = "/v1/fbp/warehouse/list"
SKUS_MOST = 100
"""No limit is published; so many products are one question."""


@dataclass(frozen=True, kw_only=True)
class OzonSupplies:
    """
    The SupplyCheck port on Ozon.

    Attributes:
        peer: the marketplace, with the key that only reads.
        way: direct, drop-off or pick-up: how the goods would be brought.
    """

    peer: Peer
    way: str

    def warehouses(self) -> Sequence[str]:
        """Name the partner's warehouses by Ozon's ids."""
        with self.peer.line() as line:
            reply, _ = line.post(WAREHOUSES, {}, repeatable=True)
        return [place["id"].name() for place in reply["warehouses"]]

    def validate(self, warehouse_id: str, pieces: Mapping[str, int]) -> Taken:
        """
        Ask for SKU → pieces.

        Raises:
            PeerDown: no usable answer.
            ContractBroken: a product asked for is in neither list of the answer, or something is not as documented.
        """
        approved: list[str] = []
        rejected: dict[str, tuple[str, ...]] = {}
        try:
            with self.peer.line() as line:
                skus = sorted(pieces)
                for first in range(0, len(skus), SKUS_MOST):
                    some = {sku: pieces[sku] for sku in skus[first : first + SKUS_MOST]}
                    self._ask(line, warehouse_id, some, approved, rejected)
        except MarketplaceRefused as refused:
            return self._taken(warehouse_id, why=str(refused))
        return self._taken(warehouse_id, tuple(approved), rejected)

    def _ask(
        self,
        line: Line,
        warehouse_id: str,
        pieces: Mapping[str, int],
        approved: list[str],
        rejected: dict[str, tuple[str, ...]],
    ) -> None:
        path = f"/v1/fbp/draft/{self.way}/product/validate"
        asked = [{"sku": int(sku), "count": count} for sku, count in pieces.items()]
        body = {"warehouse_id": int(warehouse_id), "skus": asked}
        reply, _ = line.post(path, body, repeatable=True)
        approved += [item["sku"].name() for item in reply["approved_items"]]
        rejected |= dict(_reasons(reply["rejected_items"]))
        missing = sorted(set(pieces) - set(approved) - set(rejected))
        if missing:
            msg = f"{path}: SKU {missing[0]} was asked for and is in neither list of the answer; ask again later"
            raise ContractBroken(msg)

    def _taken(
        self,
        warehouse_id: str,
        approved: tuple[str, ...] = (),
        rejected: Mapping[str, tuple[str, ...]] | None = None,
        why: str = "",
    ) -> Taken:
        return Taken(
            warehouse_id=warehouse_id, way=self.way, approved=approved, rejected=rejected or {}, why=why
        )


def _reasons(items: Part) -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in items:
        yield item["sku"].name(), tuple(reason.text() for reason in item["rejection_reasons"])


class NoSupplies:
    """The SupplyCheck port where the marketplace is read from files: nobody can be asked."""

    why = "the marketplace is read from files; have the supply checked in its cabinet"

    def warehouses(self) -> Sequence[str]:
        """Name the one place of which nothing is known."""
        return ["unknown"]

    def validate(self, warehouse_id: str, pieces: Mapping[str, int]) -> Taken:  # noqa: ARG002  nobody is asked
        """Say that nothing is known."""
        return Taken(warehouse_id=warehouse_id, way="", approved=(), rejected={}, why=self.why)

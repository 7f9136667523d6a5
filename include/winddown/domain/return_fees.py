"""What the way home was expected to cost, and what was charged for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from include.winddown.domain.amounts import amount_of
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.freight import tariff_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One shipment of a return request, as it was planned."""

    shipment_no: str
    warehouse_id: str
    handling_class: str
    units_qty: int
    weight_g: int
    volume_ml: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """
    Fees of one warehouse, minor units of the exit's currency.

    Attributes:
        expected_minor: by the policy: freight of every shipment, and picking of every piece.
        booked_minor: charged so far; None = nobody has told.
    """

    warehouse_id: str
    shipments_qty: int
    units_qty: int
    expected_minor: int
    booked_minor: int | None

    @property
    def difference_minor(self) -> int | None:
        """What was charged beyond what was expected; below zero = less."""
        return None if self.booked_minor is None else self.booked_minor - self.expected_minor


def expect(sent: Sent, policy: Policy) -> int:
    """
    Estimate what a shipment costs: its freight, and what the warehouse asks to pick its pieces.

    Containers are whole; how the freight is charged stands in docs/policy.md.
    """
    tariff = tariff_of(policy.freight.of(sent.warehouse_id, sent.handling_class))
    freight_minor = tariff.cost_minor(tariff.containers(sent.weight_g, sent.volume_ml))
    return freight_minor + policy.returns.pick_minor * sent.units_qty


def compare_fees(sent: Sequence[Sent], booked: Mapping[str, int], policy: Policy) -> list[Fees]:
    """
    Hold expected fees against booked ones, by warehouse.

    Args:
        sent: the shipments that were asked for.
        booked: warehouse → what was charged; a warehouse that nothing was sent from stands in it, too.
        policy: of the exit.
    """
    places = sorted({one.warehouse_id for one in sent} | set(booked))
    return [
        _of(place, [one for one in sent if one.warehouse_id == place], booked, policy) for place in places
    ]


def word_fees(fees: Sequence[Fees], currency: str) -> list[str]:
    """Say it to people, a line for each warehouse."""
    return [
        f"{one.warehouse_id}: {one.units_qty} pieces in {one.shipments_qty} shipments, expected"
        f" {amount_of(one.expected_minor)} {currency}, booked "
        + ("not told" if one.booked_minor is None else amount_of(one.booked_minor))
        for one in fees
    ]


def _of(place: str, sent: Sequence[Sent], booked: Mapping[str, int], policy: Policy) -> Fees:
    return Fees(
        warehouse_id=place,
        shipments_qty=len(sent),
        units_qty=sum(one.units_qty for one in sent),
        expected_minor=sum(expect(one, policy) for one in sent),
        booked_minor=booked.get(place),
    )

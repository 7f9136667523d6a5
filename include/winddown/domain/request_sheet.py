"""What a request sheet is about: one shipment asked back from a warehouse that has no API."""

from dataclasses import dataclass
from datetime import date

from include.winddown.domain.effects import ReturnRequest

REFERENCE_SHOWN = 12
"""So many digits of a reference stand in headlines and file names."""
ANSWER_DAYS = 14
"""So long a warehouse has to answer, unless its connection says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """
    One line, as a person in the warehouse finds the goods by it.

    Attributes:
        barcode: empty where the catalogue knows none.
        length_mm, width_mm, height_mm: of one packed piece; None where the catalogue has no such product.
        weight_g: of one packed piece.
    """

    sku: str
    offer_id: str
    name: str
    barcode: str
    condition: str
    qty: int
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    weight_g: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSheet:
    """
    One request sheet; the same facts at every try, so that it can be written again.

    Attributes:
        reference: our key of the effect.
        asked_on: the day the request was intended.
        answer_by: the last day to answer.
        volume_ml: of all pieces.
    """

    reference: str
    exit_id: str
    merchant: str
    shipment_no: str
    warehouse_id: str
    destination: str
    handling_class: str
    asked_on: date
    answer_by: date
    volume_ml: int
    lines: tuple[SheetLine, ...]

    @property
    def short(self) -> str:
        """The reference as people quote it."""
        return self.reference[:REFERENCE_SHOWN]

    @property
    def units_qty(self) -> int:
        """Pieces asked for."""
        return sum(line.qty for line in self.lines)

    @property
    def weight_g(self) -> int:
        """Weight of all pieces."""
        return sum(line.qty * line.weight_g for line in self.lines)

    def is_about(self, request: ReturnRequest) -> bool:
        """Tell whether the sheet asks for exactly what the request asks for."""
        where = ("warehouse_id", "destination", "handling_class")
        asked = sorted((line.sku, line.condition, line.qty) for line in request.lines)
        return (
            self.reference == request.client_reference
            and all(getattr(self, name) == getattr(request, name) for name in where)
            and sorted((line.sku, line.condition, line.qty) for line in self.lines) == asked
        )


def sheet_name(reference: str) -> str:
    """Name the sheet's file; the warehouse sends it back under this name."""
    return f"return-request-{reference[:REFERENCE_SHOWN]}.xlsx"


def names_reference(file_name: str, reference: str) -> bool:
    """Tell whether a file's name quotes a reference."""
    return reference[:REFERENCE_SHOWN] in file_name.lower()

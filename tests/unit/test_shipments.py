"""Packing, by example."""

import pandas as pd
import pytest

from include.winddown.domain.errors import UnitTooLarge
from include.winddown.domain.exits import Policy
from include.winddown.domain.shipments import list_shipments, pack_returns

POLICY = Policy(shipment_weight_max_g=10_000, shipment_volume_max_ml=10_000, usable_fill_pct=70)


def line(sku: str, qty: int, volume_ml: int, weight_g: int, **changes) -> dict[str, object]:
    return {
        "warehouse_id": "WH-1",
        "sku": sku,
        "offer_id": sku.lower(),
        "condition": "sellable",
        "disposition": "return",
        "planned_qty": qty,
        "handling_class": "standard",
        "weight_g": weight_g,
        "volume_ml": volume_ml,
    } | changes


def pack(*lines: dict[str, object]) -> pd.DataFrame:
    return pack_returns(pd.DataFrame(list(lines)), "OWN-1", POLICY)


def test_a_shipment_keeps_weight_and_usable_volume():
    """7 of 10 litres are usable: 10 pieces of 1 litre need two shipments."""
    shipments = list_shipments(pack(line("A", 10, 1_000, 100)))
    assert shipments["units_qty"].tolist() == [7, 3]
    assert shipments["volume_ml"].max() <= 7_000


def test_weight_binds_before_volume():
    """Pieces of 4 kg go two to a 10 kg shipment, however small they are."""
    assert list_shipments(pack(line("A", 5, 10, 4_000)))["units_qty"].tolist() == [2, 2, 1]


def test_the_largest_goes_first_and_the_small_fill_up():
    """The small pieces take the room the large ones leave."""
    packed = pack(line("SMALL", 4, 500, 10), line("LARGE", 2, 5_000, 10))
    assert packed.groupby("shipment_no")["sku"].apply(sorted).tolist() == [["LARGE", "SMALL"], ["LARGE"]]


def test_handling_classes_and_warehouses_are_never_mixed():
    """Each (warehouse, class) has its own shipments."""
    packed = pack(
        line("A", 1, 10, 10),
        line("B", 1, 10, 10, handling_class="liquid"),
        line("C", 1, 10, 10, warehouse_id="WH-2"),
    )
    assert packed["shipment_no"].tolist() == [
        "WH-1.liquid.00001",
        "WH-1.standard.00001",
        "WH-2.standard.00001",
    ]


def test_only_returns_are_packed():
    """Markdown, disposal and hold stay where they are; nothing to pack is an empty frame."""
    assert pack(line("A", 5, 10, 10, disposition="markdown")).empty


def test_a_piece_that_does_not_fit_alone_stops():
    """The error names the SKU, its size and the limits."""
    with pytest.raises(UnitTooLarge, match="sku A: one piece of 10 g and 8000 ml does not fit"):
        pack(line("A", 1, 8_000, 10))

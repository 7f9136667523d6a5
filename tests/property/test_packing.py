"""What must hold for any packing list."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.frames import HANDLING_CLASSES
from include.winddown.domain.policy import Policy
from include.winddown.domain.shipments import list_shipments, pack_returns

KEYS = ["warehouse_id", "sku", "condition"]
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "warehouse_id": st.sampled_from(["WH-1", "WH-2"]),
            "offer_id": st.just("a"),
            "condition": st.sampled_from(["sellable", "damaged_by_warehouse"]),
            "disposition": st.sampled_from(["return", "return", "hold"]),
            "planned_qty": st.integers(1, 300),
            "handling_class": st.sampled_from(HANDLING_CLASSES),
            "weight_g": st.integers(1, 20_000),
            "volume_ml": st.integers(1, 60_000),
        }
    ),
    min_size=1,
    max_size=25,
)
POLICY = Policy(shipment_weight_max_g=20_000, shipment_volume_max_ml=100_000, usable_fill_pct=70)


@given(LINES, st.randoms(use_true_random=False))
def test_a_shipment_has_one_class_and_comes_from_one_warehouse(rows, random):
    """Hazardous, cold and oversize goods never travel with others; nothing is lost, in any order of lines."""
    lines = pd.DataFrame([row | {"sku": f"S{number:02}"} for number, row in enumerate(rows)])
    packed = pack_returns(lines, "OWN", POLICY)
    kinds = packed.merge(lines[[*KEYS, "handling_class"]], on=KEYS, suffixes=("", "_of_line"), validate="m:1")
    assert (kinds["handling_class"] == kinds["handling_class_of_line"]).all()
    heads = packed[["shipment_no", "warehouse_id", "handling_class"]].drop_duplicates()
    assert not heads.duplicated("shipment_no").any()
    returned = lines.loc[lines["disposition"] == "return"].set_index(KEYS)["planned_qty"].sort_index()
    assert packed.groupby(KEYS)["planned_qty"].sum().to_dict() == returned.to_dict()
    shipments = list_shipments(packed)
    assert (shipments["weight_g"] <= 20_000).all()
    assert (shipments["volume_ml"] <= 70_000).all()
    shuffled = lines.sample(frac=1, random_state=random.randrange(2**32)).reset_index(drop=True)
    pd.testing.assert_frame_equal(pack_returns(shuffled, "OWN", POLICY), packed)

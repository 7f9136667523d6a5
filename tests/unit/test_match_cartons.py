"""The weight a carton should have: what lies in it by the newest list, and what a difference points at."""

from tests.match_kit import asked, counted, match, told

IN_C1 = {"carton_id": "C1", "shipment_no": "P"}
LINES = [asked(weight_g=400), asked(sku="B", weight_g=150)]


def carton(*sent):
    """The one weighed carton, of lines of 400 g and 150 g."""
    ((one),) = match(LINES, [told(**IN_C1) | event for event in sent]).result.cartons.to_dict("records")
    return one


def test_a_counter_is_in_the_carton_once():
    """Of totals the newest lies in the carton, not their sum."""
    told_twice = carton(
        {"qty": 4, "measure": "total"},
        {"qty": 10, "measure": "total", "carton_weight_g": 4_500},
    )
    assert (told_twice["content_g"], told_twice["verdict"]) == (4_000, "fits")


def test_a_correction_changes_the_list():
    """Two pieces fewer are expected when the partner took them back from its list."""
    corrected = carton({"carton_weight_g": 3_700}, {"qty": -2, "kind": "correction"})
    assert (corrected["content_g"], corrected["verdict"]) == (3_200, "fits")


def test_a_list_with_an_unknown_product_is_not_judged():
    """A product without a weight leaves the carton unknown, whatever else is in it."""
    lines = [asked(weight_g=400), asked(sku="B")]
    sent = [told(**IN_C1, carton_weight_g=1_000), told(1, "B", **IN_C1, measure="total")]
    assert match(lines, sent).result.cartons["verdict"].tolist() == ["unknown"]


def test_parcels_hold_the_newest_total():
    """A counter that is short shows in its parcel with what was told last."""
    sent = [told(4, **IN_C1, measure="total"), told(10, day=3, **IN_C1, measure="total")]
    short = match(
        [asked()], sent, [counted(7, **IN_C1, measure="total"), counted(0, None, day=9, kind="count_closed")]
    )
    (parcel,) = short.result.parcels.to_pylist()
    assert (parcel["shipped_qty"], parcel["received_qty"]) == (10, 7)

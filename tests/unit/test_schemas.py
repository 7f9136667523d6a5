import pyarrow as pa
import pytest

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.frames import ALL_FRAMES, PLAN_LINES, STOCK
from include.winddown.domain.plan_frames import DECISIONS


@pytest.mark.parametrize("frame", [*ALL_FRAMES, DECISIONS], ids=lambda frame: frame.name)
def test_every_frame_has_its_columns_in_stored_order(frame):
    """The Arrow schema names the frame's columns, in the frame's order."""
    assert tuple(arrow_schema(frame).names) == frame.names


def test_types_follow_the_kinds():
    """Ids and codes are text, pieces are int64, times are UTC microseconds."""
    schema = arrow_schema(STOCK)
    assert schema.field("sku").type == pa.string()
    assert schema.field("on_hand_qty").type == pa.int64()
    assert schema.field("counted_at").type == pa.timestamp("us", tz="UTC")


def test_decisions_hold_finite_numbers_and_days():
    """What has a fraction is float64, a day is date32."""
    schema = arrow_schema(DECISIONS)
    assert schema.field("rate_per_week").type == pa.float64()
    assert schema.field("last_call_on").type == pa.date32()


def test_nullability_is_as_declared():
    """Only a column declared nullable may hold a null."""
    assert [f.name for f in arrow_schema(PLAN_LINES) if f.nullable] == ["new_price_minor"]

"""JSON that must not be guessed at, through the doors that read it: a list of the dock, a post to Ozon."""

import json
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import Float, Numeric

from include.winddown.adapters.docks.dock_api import DockApi
from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.http import PeerDown
from include.winddown.adapters.marketplaces import ozon_writes as writes
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.tables import metadata, plan_decision
from include.winddown.domain.errors import ContractBroken, OutcomeUnknown, UnitsLost
from include.winddown.domain.frames import ALL_FRAMES
from include.winddown.domain.plan import check_units
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.side_frames import FEES
from tests.contract.test_ozon_union import peer_of
from tests.contract.tiny_server import Answer, tiny
from tests.file_kit import read, stock_file

ONCE = Limits(connect_s=1, read_s=1, total_s=2, attempts=1)
COUNT = {
    "count_id": "C-1",
    "request_no": "R-1",
    "kind": "received_ok",
    "sku": "77",
    "condition": "sellable",
    "quantity": 5,
    "counted_at": "2026-11-20T10:00:00Z",
}
PLAIN = json.dumps({"items": [COUNT], "next_cursor": ""})


def read_counts(body: bytes | str) -> list[int]:
    """Read the pieces of a list of counts that comes in these bytes."""
    given = body.encode() if isinstance(body, str) else body
    with tiny(lambda _path, _body: Answer(body=given)) as server:
        return [event.qty for event in DockApi(server.address, "token", ONCE).events()]


def count_of(literal: str) -> list[int]:
    """Read the count with its quantity written in another way."""
    body = PLAIN.replace('"quantity": 5', f'"quantity": {literal}')
    assert body != PLAIN or literal == "5"
    return read_counts(body)


def in_a_file(text: str) -> str:
    """Read a stock file with this quantity in a row; gives its code."""
    rows, [(_row, column, code)] = read(stock_file({"quantity": text}, good=1))
    assert (len(rows), column) == (1, "quantity")
    return code


def cancelled(body: bytes) -> tuple[writes.ItemAnswer, int]:
    """Cancel a supply, answered by these bytes with status 200; gives how often it was sent, too."""
    with tiny(lambda _path, _body: Answer(body=body)) as server, peer_of(server).line() as line:
        return writes.cancel_supply(line, "direct", "s-1"), len(server.asked)


def test_the_plain_reply_is_read():
    """What the tests below change is fine as it is."""
    assert count_of("5") == read_counts(PLAIN) == [5]


def test_line_40_a_number_beyond_a_float_is_refused():
    """1e309 is no infinity: the reply is not used, the row of a file goes to quarantine."""
    with pytest.raises(PeerDown, match="1e309 is out of range"):
        count_of("1e309")
    assert in_a_file("1e309") == "R_NUM"


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_line_41_nan_and_infinity_are_refused(name: str):
    """They are no JSON, whatever a parser lets through."""
    with pytest.raises(PeerDown, match=f"{name} is not a number"):
        count_of(name)
    assert in_a_file(name) == "R_NUM"


def test_line_42_nothing_is_stored_where_nan_could_stand():
    """Pieces and money are integers in every file and every table; where a fraction must be, a check stands."""
    fields = [field for frame in (*ALL_FRAMES, FEES) for field in arrow_schema(frame)]
    assert [
        field.name for field in fields if pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)
    ] == []
    columns = [column for table in metadata.tables.values() for column in table.columns]
    assert columns
    fractions = {column.name for column in columns if isinstance(column.type, Float | Numeric)}
    checked = next(c for c in plan_decision.constraints if c.name == "plan_decision_numbers_ck").sqltext.text
    assert fractions == {column.name for column in DECISIONS.columns if column.kind == "real"}
    assert all(name in checked for name in fractions)


def test_line_43_an_integer_of_5000_digits_is_refused():
    """Neither the limit of the parser nor a number nobody can hold ends the run without words."""
    with pytest.raises(PeerDown, match=r"not usable as JSON: .*4300"):
        count_of("9" * 5_000)
    assert in_a_file("9" * 5_000) == "R_NUM"


@pytest.mark.parametrize("number", [1_000_001, 2**31, 2**63, 2**64])
def test_line_44_more_pieces_than_there_can_be_are_refused(number: int):
    """At most a million; the message has the JSON path, the value and the range."""
    with pytest.raises(ContractBroken, match=rf"items\[0\]\.quantity is '{number}'; expected .* to 1000000"):
        count_of(str(number))
    assert in_a_file(str(number)) in {"R_QTY", "R_NUM"}


@pytest.mark.parametrize(("planned", "there"), [(7, 5), (5, 7)])
def test_line_45_more_or_fewer_pieces_than_there_are_stop_the_plan(planned: int, there: int):
    """Nothing is clipped: the row is named with both numbers."""
    shelf = {"warehouse_id": ["WH-1"], "sku": ["A1"], "condition": ["sellable"]}
    with pytest.raises(UnitsLost, match=rf"A1.*{there}.*{planned}|A1.*{planned}.*{there}"):
        check_units(
            pd.DataFrame(shelf | {"on_hand_qty": [there]}), pd.DataFrame(shelf | {"planned_qty": [planned]})
        )


def test_line_46_true_is_no_quantity():
    """What Python takes for 1 is refused."""
    with pytest.raises(ContractBroken, match=r"quantity is 'True'; expected a whole number"):
        count_of("true")
    assert in_a_file("true") == "R_NUM"


def test_line_47_a_quantity_in_quotes_is_another_type():
    """The schema says which it is; both are not allowed, in either direction."""
    with pytest.raises(ContractBroken, match=r"quantity is '5'; expected a whole number"):
        count_of('"5"')
    with pytest.raises(ContractBroken, match=r"counted_at is '5'; expected a text"):
        read_counts(PLAIN.replace(f'"{COUNT["counted_at"]}"', "5"))


@pytest.mark.parametrize("literal", ["2.5", "5.0", "1e3"])
def test_line_48_a_fraction_of_a_piece_is_refused(literal: str):
    """Nothing is rounded, not even to itself."""
    with pytest.raises(ContractBroken, match="expected a whole number"):
        count_of(literal)
    assert in_a_file(literal) == "R_NUM"


def test_line_49_a_key_that_stands_twice_is_refused():
    """Nobody chooses between two quantities; of a write nobody knows what it did."""
    with pytest.raises(PeerDown, match="a key stands twice"):
        count_of('5, "quantity": 100')
    with pytest.raises(OutcomeUnknown, match="a key stands twice"):
        cancelled(b'{"is_error": false, "is_error": true}')


def test_line_50_nesting_without_end_is_refused():
    """100,000 levels deep ends in words, not in a crash."""
    deep = "[" * 100_000 + "]" * 100_000
    with pytest.raises(PeerDown, match="not usable as JSON"):
        count_of(deep)
    with pytest.raises(OutcomeUnknown, match="not usable as JSON"):
        cancelled(f'{{"is_error": {deep}}}'.encode())


def test_line_51_a_byte_order_mark_is_no_matter():
    """The bytes are read without it."""
    assert read_counts(b"\xef\xbb\xbf" + PLAIN.encode()) == [5]
    assert cancelled(b'\xef\xbb\xbf{"is_error": false}')[0].is_done


@pytest.mark.parametrize("cut", [-1, -20, 1])
def test_line_52_a_cut_reply_is_refused_whole(cut: int):
    """No row before the cut is used, and lines of JSON below one another are no list."""
    with pytest.raises(PeerDown, match="not usable as JSON"):
        read_counts(PLAIN[:cut])
    with pytest.raises(PeerDown, match="not usable as JSON"):
        read_counts(f"{PLAIN}\n{PLAIN[:cut]}")
    with pytest.raises(OutcomeUnknown, match="not usable as JSON"):
        cancelled(b'{"is_error": false'[: cut if cut > 0 else None])


@pytest.mark.parametrize("body", ["null", "[]", "[{}]", '"text"', "5", "true"])
def test_line_53_what_is_no_object_is_refused(body: str):
    """A read breaks the contract by name; a write may have been done, so it is to be looked up."""
    with pytest.raises(ContractBroken, match=r"reply is .*; expected an object"):
        read_counts(body)
    with pytest.raises(ContractBroken, match=r"items\[0\] is .*; expected an object"):
        read_counts(json.dumps({"items": [json.loads(body)], "next_cursor": ""}))
    with pytest.raises(OutcomeUnknown, match=r"reply is .*; expected an object"):
        cancelled(body.encode())


@pytest.mark.fault("F20", "S7", "S8")
@pytest.mark.parametrize(
    "answer",
    [{}, {"is_error": None}, {"is_error": "false"}, {"is_error": True}, {"is_error": True, "error": {}}],
)
def test_a_write_whose_reply_is_not_as_documented_may_have_been_done(answer: dict[str, Any]):
    """A success that cannot be read is no success and no refusal: it is to be looked up."""
    with pytest.raises(
        OutcomeUnknown, match=r"may or may not have done POST /v1/fbp/order/direct/cancel .*look it up"
    ):
        cancelled(json.dumps(answer).encode())
    with tiny(lambda _path, _body: Answer(body=answer)) as server, peer_of(server).line() as line:
        with pytest.raises(OutcomeUnknown, match="draft/direct/delete"):
            writes.delete_draft(line, "direct", "s-1")
        assert len(server.asked) == 1

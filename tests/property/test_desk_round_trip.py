"""A request sheet that was filled in and sent back says exactly what was filled in."""

import tempfile
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from upath import UPath

from include.winddown.adapters.desks.inbox import Inbox
from include.winddown.adapters.desks.papers import is_same
from include.winddown.adapters.desks.sheet import write_sheet
from include.winddown.domain.desk_answers import as_found
from include.winddown.domain.effects import RequestLine, ReturnRequest, answers
from include.winddown.domain.frames import CONDITIONS
from include.winddown.domain.ids import check_id
from include.winddown.domain.request_sheet import RequestSheet, SheetLine, sheet_name

REFERENCE = "5" * 64
SKUS = st.text("0123456789ABCxyz=+-@_.№Яä", min_size=1, max_size=12).filter(
    lambda text: check_id(text) is None
)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@st.composite
def shipments(draw: st.DrawFn) -> list[tuple[SheetLine, int]]:
    """Lines of a shipment, each with the pieces that are accepted of it; no two SKUs differ by case only."""
    skus = draw(st.lists(SKUS, min_size=1, max_size=6, unique_by=lambda sku: sku.lower()))
    lines = []
    for sku in skus:
        qty = draw(st.integers(1, 1_000_000))
        line = SheetLine(
            sku=sku,
            offer_id=draw(TEXTS),
            name=draw(TEXTS),
            barcode=draw(st.sampled_from(("", "0460", "=1+1"))),
            condition=draw(st.sampled_from(CONDITIONS)),
            qty=qty,
            length_mm=draw(st.none() | st.integers(1, 1_000)),
            width_mm=None,
            height_mm=1,
            weight_g=draw(st.integers(1, 10_000)),
        )
        lines.append((line, draw(st.integers(0, qty))))
    return lines


def sheet_of(lines: list[SheetLine]) -> RequestSheet:
    return RequestSheet(
        reference=REFERENCE,
        exit_id="demo",
        merchant="=M",
        shipment_no="S-1",
        warehouse_id="WH-1",
        destination="OWN",
        handling_class="standard",
        asked_on=date(2026, 11, 20),
        answer_by=date(2026, 12, 4),
        volume_ml=1,
        lines=tuple(lines),
    )


def filled(content: bytes, accepted: list[int]) -> bytes:
    """Fill the sheet in as a spreadsheet program would."""
    book = openpyxl.load_workbook(BytesIO(content))
    page = book["Answer"]
    page.cell(2, 2, "R-1")
    for row, qty in enumerate(accepted, start=2):
        page.cell(row, 6, qty)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shipments())
def test_a_filled_sheet_says_what_was_filled_in(lines: list[tuple[SheetLine, int]]):
    """Sheet, answer, file, Found: every line with its pieces, under the number, and it is the request we made."""
    sheet = sheet_of([line for line, _ in lines])
    request = ReturnRequest(
        client_reference=REFERENCE,
        warehouse_id="WH-1",
        destination="OWN",
        handling_class="standard",
        lines=tuple(RequestLine(sku=one.sku, condition=one.condition, qty=one.qty) for one, _ in lines),
    )
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "answers"
        inbox.mkdir()
        (inbox / sheet_name(REFERENCE)).write_bytes(filled(write_sheet(sheet), [qty for _, qty in lines]))
        read = Inbox(UPath(folder)).answers(request)
    assert read.refused == []
    [match], refusal = as_found(read.answers)
    assert (match.request_no, refusal) == ("R-1", "")
    assert [line.accepted_qty for line in match.lines] == [qty for _, qty in lines]
    assert answers(request, match)


@settings(max_examples=20, deadline=None)
@given(shipments())
def test_a_sheet_is_written_the_same_each_time(lines: list[tuple[SheetLine, int]]):
    """Byte for byte; another quantity is another content."""
    plain = [line for line, _ in lines]
    first = write_sheet(sheet_of(plain))
    assert write_sheet(sheet_of(plain)) == first
    from dataclasses import replace

    other = [replace(plain[0], qty=plain[0].qty + 1), *plain[1:]]
    assert not is_same(first, write_sheet(sheet_of(other)))

"""
The request sheet as a workbook: one sheet to read, one to fill in.

The sheet `Answer` is a plain table that the file reader takes back; everything that explains it
stands on the sheet `Request`. The bytes are the same each time, so that writing it again can be told
from writing something else.
"""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from include.winddown.domain.letters import LETTERS, Letter
from include.winddown.domain.request_sheet import RequestSheet, SheetLine
from include.winddown.domain.texts import formula_safe, visible

REQUEST, ANSWER = "Request", "Answer"
ANSWER_COLUMNS = ("reference", "request_no", "sku", "condition", "requested_qty", "accepted_qty", "refusal")
FILLED_IN = ("request_no", "accepted_qty", "refusal")
LINE_HEADS = (
    "sku", "offer_id", "name", "barcode", "condition", "quantity", "cartons",
    "length_mm", "width_mm", "height_mm", "weight_g",
)  # fmt: skip
LINE_WIDTHS = (20, 18, 40, 18, 22, 10, 10, 11, 11, 11, 11)
ANSWER_WIDTHS = (68, 20, 20, 22, 15, 15, 40)
HEAD_WIDTH = 20


def write_sheet(sheet: RequestSheet) -> bytes:
    """Write the workbook; no text of it can act as a formula or a link."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        made_at = datetime.combine(sheet.asked_on, time(), tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": f"Return request {sheet.short}", "created": made_at})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "name": book.add_format({"bold": True}),
            "words": book.add_format({"text_wrap": True, "valign": "top"}),
            "text": book.add_format({"num_format": "@"}),
            "fill": book.add_format({"num_format": "@", "bg_color": "#FFF2CC", "border": 1}),
            "count": book.add_format({"num_format": "0", "bg_color": "#FFF2CC", "border": 1}),
        }
        _write_request(book.add_worksheet(REQUEST), sheet, formats)
        _write_answer(book.add_worksheet(ANSWER), sheet, formats)
    return file.getvalue()


def _write_request(page: Any, sheet: RequestSheet, formats: dict[str, Any]) -> None:
    page.set_landscape()
    page.fit_to_pages(1, 0)
    facts: tuple[tuple[str, str | int], ...] = (
        ("reference", sheet.reference),
        ("merchant", sheet.merchant),
        ("exit", sheet.exit_id),
        ("shipment", sheet.shipment_no),
        ("warehouse", sheet.warehouse_id),
        ("destination", sheet.destination),
        ("handling class", " / ".join(_in_all(sheet.handling_class, "classes"))),
        ("date", sheet.asked_on.isoformat()),
        ("answer by", sheet.answer_by.isoformat()),
        ("pieces", sheet.units_qty),
        ("weight, g", sheet.weight_g),
        ("volume, ml", sheet.volume_ml),
    )
    for row, (name, value) in enumerate(facts):
        page.write_string(row, 0, name, formats["name"])
        _write(page, (row, 1), value, formats["text"])
    start = len(facts) + 1
    for place, (head, width) in enumerate(zip(LINE_HEADS, LINE_WIDTHS, strict=True)):
        page.set_column(place, place, max(width, HEAD_WIDTH if place == 0 else 0))
        page.write_string(start, place, head, formats["head"])
    for row, line in enumerate(sheet.lines, start=start + 1):
        for place, cell in enumerate(_cells(line)):
            _write(page, (row, place), cell, formats["text"])
    row = start + 2 + len(sheet.lines)
    for letter in LETTERS:
        page.merge_range(row, 0, row, len(LINE_HEADS) - 1, _how(letter, sheet), formats["words"])
        page.set_row(row, 48)
        row += 1


def _in_all(code: str, table: str) -> list[str]:
    return [getattr(letter, table).get(code, code) for letter in LETTERS]


def _cells(line: SheetLine) -> tuple[str | int | None, ...]:
    condition = " / ".join(dict.fromkeys((line.condition, *_in_all(line.condition, "conditions"))))
    sizes = (line.length_mm, line.width_mm, line.height_mm, line.weight_g)
    # the warehouse packs, so the number of cartons is its to fill in
    return (line.sku, line.offer_id, line.name, line.barcode, condition, line.qty, None, *sizes)


def _how(letter: Letter, sheet: RequestSheet) -> str:
    told = letter.how.format(file="", answer_by=sheet.answer_by.isoformat()).replace("  ", " ")
    return f"{letter.title}: {told} {letter.refuse} {letter.keep}"


def _write_answer(page: Any, sheet: RequestSheet, formats: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for place, (head, width) in enumerate(zip(ANSWER_COLUMNS, ANSWER_WIDTHS, strict=True)):
        page.set_column(place, place, width)
        page.write_string(0, place, head, formats["head"])
    for row, line in enumerate(sheet.lines, start=1):
        values: dict[str, str | int] = {
            "reference": sheet.reference,
            "sku": line.sku,
            "condition": line.condition,
            "requested_qty": line.qty,
        }
        for place, name in enumerate(ANSWER_COLUMNS):
            if name in FILLED_IN:
                page.write_blank(row, place, None, formats["count" if name == "accepted_qty" else "fill"])
            else:
                _write(page, (row, place), values[name], formats["text"])


def _write(page: Any, place: tuple[int, int], value: str | int | None, text: Any) -> None:
    if isinstance(value, str):
        page.write_string(*place, formula_safe(visible(value)), text)
    elif value is not None:
        page.write_number(*place, value)

"""A clerk of the warehouse who reads the sheets put before him and answers with files."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from include.sandbox.doors.partner import report_csv
from include.sandbox.post import Mail
from include.sandbox.shelves import add
from include.sandbox.state import Return, ReturnLine, shelf
from include.sandbox.world import World

COLUMNS = ("reference", "request_no", "sku", "condition", "requested_qty", "accepted_qty", "refusal")
REFUSAL = "Склад закрыт на инвентаризацию"


@dataclass(slots=True, kw_only=True)
class Sheet:
    """A request sheet as the clerk has it."""

    name: str
    content: bytes
    facts: dict[str, str]
    rows: list[dict[str, Any]]

    @property
    def reference(self) -> str:
        """What it is about."""
        return str(self.rows[0]["reference"])


class Clerk:
    """
    One clerk.

    Args:
        world: whose goods he sends.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.refused: set[str] = set()

    def work(self, inbox: Path, sheets: Iterable[Sheet], mood: str, kind: str) -> list[str]:
        """
        Answer every sheet that is not answered, report what was shipped and what is on the shelves.

        Args:
            inbox: where the files go.
            sheets: put before him.
            mood: accept, partial, refuse, twice, wrong; late = he does not come to it.
            kind: xlsx or csv.

        Returns:
            The references he has answered now.
        """
        answered = []
        for sheet in sheets:
            if mood == "late" or sheet.reference in self.world.references or sheet.reference in self.refused:
                continue
            self._answer(inbox / "answers", sheet, mood, kind)
            answered.append(sheet.reference)
        self._report(inbox)
        return answered

    def _answer(self, folder: Path, sheet: Sheet, mood: str, kind: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        stem = sheet.name.removesuffix(".xlsx")
        if mood == "refuse":
            self.refused.add(sheet.reference)
            _write(folder, stem, _filled(sheet, "", {}, REFUSAL), sheet, kind)
            return
        kept = self.world.accept(_return_of(sheet))
        if mood == "partial":
            self._take_one_back(kept)
        accepted = {(line.sku, line.condition): line.accepted_quantity for line in kept.lines}
        if mood == "wrong":
            accepted = dict.fromkeys(accepted, 1000000)
        _write(folder, stem, _filled(sheet, kept.request_no, accepted, ""), sheet, kind)
        if mood == "twice":
            again = _filled(sheet, f"{kept.request_no}-B", accepted, "")
            _write(folder, f"{stem} (2)", again, sheet, kind)

    def _take_one_back(self, kept: Return) -> None:
        line = next((line for line in kept.lines if line.accepted_quantity), None)
        if line is not None:
            line.accepted_quantity -= 1
            if not kept.mirrored:
                add(self.world.state.held, shelf(kept.warehouse_id, line.sku, line.condition), -1)
            self.world.keep()

    def _report(self, inbox: Path) -> None:
        """One file for what left of a request; it is never changed. The stock report is today's."""
        state = self.world.state
        (inbox / "shipped").mkdir(parents=True, exist_ok=True)
        for number in dict.fromkeys(event["request_no"] for event in state.events):
            path = inbox / "shipped" / f"shipped-{number}.csv"
            if not path.exists():
                path.write_text(_shipped([e for e in state.events if e["request_no"] == number]), "utf-8")
        (inbox / "stock").mkdir(exist_ok=True)
        (inbox / "stock" / f"{state.now:%Y-%m-%d}.csv").write_text(report_csv(state), "utf-8")


def sheets_of(mails: Iterable[Mail], papers: Path | None) -> Iterator[Sheet]:
    """Give the sheets of mails, and those that lie in a folder."""
    for mail in mails:
        for part in mail.message.iter_attachments():
            yield _read(str(part.get_filename()), part.get_content())
    for path in sorted(papers.rglob("return-request-*.xlsx")) if papers else ():
        yield _read(path.name, path.read_bytes())


def _read(name: str, content: bytes) -> Sheet:
    book = openpyxl.load_workbook(io.BytesIO(content))
    facts = {
        str(row[0]): str(row[1]) for row in book["Request"].iter_rows(max_col=2, values_only=True) if row[0]
    }
    _, *rows = book["Answer"].iter_rows(values_only=True)
    return Sheet(
        name=name, content=content, facts=facts, rows=[dict(zip(COLUMNS, r, strict=True)) for r in rows]
    )


def _return_of(sheet: Sheet) -> Return:
    return Return(
        request_no="",
        client_reference=sheet.reference,
        warehouse_id=sheet.facts["warehouse"],
        destination=sheet.facts["destination"],
        handling_class=sheet.facts["handling class"],
        lines=[
            ReturnLine(
                sku=str(row["sku"]),
                condition=row["condition"],
                quantity=int(row["requested_qty"]),
                accepted_quantity=0,
            )
            for row in sheet.rows
        ],
        ships_on=0,
        counted_on=0,
    )


def _filled(
    sheet: Sheet, number: str, accepted: dict[tuple[str, str], int], refusal: str
) -> list[dict[str, Any]]:
    return [
        row
        | {
            "request_no": number or None,
            "accepted_qty": accepted.get((str(row["sku"]), row["condition"])),
            "refusal": refusal or None,
        }
        for row in sheet.rows
    ]


def _write(folder: Path, stem: str, rows: list[dict[str, Any]], sheet: Sheet, kind: str) -> None:
    """Fill the sheet in itself, or write its rows as CSV."""
    if kind == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{stem}.csv").write_text(out.getvalue(), "utf-8")
        return
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    for number, row in enumerate(rows, start=2):
        for place, name in enumerate(COLUMNS, start=1):
            if name in ("request_no", "accepted_qty", "refusal"):
                book["Answer"].cell(number, place, row[name])
    book.save(folder / f"{stem}.xlsx")


def _shipped(events: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("request_no", "sku", "condition", "quantity", "date", "carton", "tracking"))
    for number, event in enumerate(events, start=1):
        names = ("request_no", "sku", "condition", "quantity")
        rows.writerow((*(event[name] for name in names), event["happened_at"][:10], f"C-{number}", ""))
    return out.getvalue()

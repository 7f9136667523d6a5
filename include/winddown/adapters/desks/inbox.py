"""The inbox of a return desk of people: answers, shipping reports and stock reports, as files in a folder."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from include.winddown.adapters.files.layouts import Feed, Layout
from include.winddown.adapters.files.reader import read_table
from include.winddown.domain.codes import Code
from include.winddown.domain.desk_answers import AnswerRow, DeskAnswer, read_rows
from include.winddown.domain.effects import Event, ReturnRequest
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.match.events import flaw_of
from include.winddown.domain.request_sheet import names_reference
from include.winddown.domain.side_frames import ANSWERS, SHIPPED_ROWS
from include.winddown.domain.texts import log_safe

if TYPE_CHECKING:
    from upath import UPath

log = logging.getLogger(__name__)

Rows = dict[str, list[AnswerRow]]
"""Rows of an answer file by reference."""

ENDINGS = (".csv", ".csv.gz", ".xlsx")
STOCK_ENDINGS = (".csv",)
ANSWER_LAYOUT = Layout(
    name="answer sheet",
    feeds={
        "reference": Feed(source="reference"),
        "request_no": Feed(source="request_no"),
        "sku": Feed(source="sku"),
        "condition": Feed(source="condition"),
        "accepted_qty": Feed(source="accepted_qty"),
        "refusal": Feed(source="refusal", is_optional=True),
    },
    ignore=("requested_qty", "offer_id", "name", "barcode", "cartons"),
    sheet="Answer",
)
SHIPPED_LAYOUT = Layout(
    name="shipping report",
    feeds={
        "request_no": Feed(source="request_no"),
        "sku": Feed(source="sku"),
        "condition": Feed(source="condition"),
        "shipped_qty": Feed(source="quantity"),
        "shipped_on": Feed(source="date", pattern="%Y-%m-%d"),
        "kind": Feed(source="kind", is_optional=True),
        "carton": Feed(source="carton", is_optional=True),
        "tracking": Feed(source="tracking", is_optional=True),
    },
    ignore=("offer_id", "name"),
)
# a line that is left out would read as nothing accepted, or as nothing shipped
STRICT = Policy(rows_bad_max=0, rows_bad_max_pct=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """
    What the files say about one request.

    Attributes:
        answers: one a file.
        refused: files that are about it and cannot be used, each with its reason.
    """

    answers: list[DeskAnswer] = field(default_factory=list)
    refused: list[FileRefused] = field(default_factory=list)


class Inbox:
    """
    A folder with the sub-folders answers, shipped and stock; each may be missing.

    Args:
        folder: files are put there by people or by another program, and never changed afterwards.
    """

    def __init__(self, folder: "UPath") -> None:
        self.folder = folder
        self._read: dict[tuple[str, int, float], Rows | FileRefused] = {}

    def answers(self, request: ReturnRequest) -> Answers:
        """
        Read what the files answer to one request.

        A file that cannot be read counts for the request whose reference its name quotes; the others
        are in the log, because nobody knows what they are about.
        """
        found = Answers()
        for path in self._files("answers", ENDINGS):
            try:
                rows = self._rows_of(path).get(request.client_reference, [])
            except FileRefused as refused:
                if names_reference(path.name, request.client_reference):
                    found.refused.append(refused)
                continue
            try:
                if rows:
                    found.answers.append(read_rows(rows, request, path.name))
            except FileRefused as refused:
                found.refused.append(refused)
        return found

    def _rows_of(self, path: "UPath") -> Rows:
        """Read an answer file, or remember it: many requests look at the same files."""
        stat = path.stat()
        key = (path.name, stat.st_size, stat.st_mtime)
        if key not in self._read:
            try:
                self._read[key] = _rows(path)
            except FileRefused as refused:
                log.warning("an answer cannot be used: %s", log_safe(str(refused), 1_000))
                self._read[key] = refused
        read = self._read[key]
        if isinstance(read, FileRefused):
            raise read
        return read

    def shipped(self) -> Iterator[Event]:
        """
        Give what was shipped, file by file.

        An event is named by the content of its file and its row, so that a copy of a file adds nothing.

        Raises:
            FileRefused: a file has a bad row; a row that is left out would read as not shipped.
        """
        known: dict[str, Event] = {}
        for path in self._files("shipped", ENDINGS):
            for event in _shipped(path):
                known.setdefault(event.event_id, event)
        yield from sorted(known.values(), key=lambda event: (event.happened_at, event.event_id))

    def stock_report(self) -> bytes:
        """
        Read the newest stock report: the last one by name, as 2026-03-29.csv.

        Raises:
            FileRefused: there is none.
        """
        files = self._files("stock", STOCK_ENDINGS)
        if not files:
            msg = f"there is no stock report in {self.folder / 'stock'}; put one there, named by its day, as 2026-03-29.csv"
            raise FileRefused(Code.F_MISSING, msg)
        content: bytes = files[-1].read_bytes()
        return content

    def _files(self, name: str, endings: tuple[str, ...]) -> "list[UPath]":
        folder = self.folder / name
        if not folder.is_dir():
            return []
        found = [
            path
            for path in folder.iterdir()
            if path.name.lower().endswith(endings) and not path.name.startswith((".", "~"))
        ]
        return sorted(found, key=lambda path: path.name)


def _rows(path: "UPath") -> Rows:
    """The rows of one answer file by reference."""
    rows: Rows = defaultdict(list)
    for row_no, row in _read(path, ANSWERS, ANSWER_LAYOUT):
        rows[row["reference"]].append(
            AnswerRow(
                row_no=row_no,
                request_no=row["request_no"] or "",
                sku=row["sku"],
                condition=row["condition"],
                accepted_qty=row["accepted_qty"],
                refusal=(row["refusal"] or "").strip(),
            )
        )
    return rows


def _shipped(path: "UPath") -> Iterator[Event]:
    sha256 = ""
    for row_no, row in _read(path, SHIPPED_ROWS, SHIPPED_LAYOUT):
        sha256 = sha256 or row["sha256"]
        noon = datetime.combine(row["shipped_on"], time(12), tzinfo=UTC)
        event = Event(
            source="desk",
            event_id=f"{sha256[:32]}-{row_no}",
            request_no=row["request_no"],
            kind=row["kind"] or "shipped",
            sku=row["sku"],
            condition=row["condition"],
            qty=row["shipped_qty"],
            happened_at=noon,
            raw=row | {"shipped_on": row["shipped_on"].isoformat(), "file": path.name, "row": row_no},
            carton_id=row["carton"] or "",
            tracking_no=row["tracking"] or "",
        )
        if flaw := flaw_of(event):
            msg = f"{path.name}: row {row_no}: {flaw}"
            raise FileRefused(Code.F_BAD_ROWS, msg)
        yield event


def _read(path: "UPath", frame: Any, layout: Layout) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read a file strictly; each row with its number and the hash of the file."""
    pull = read_table(path, path.name, frame, layout, STRICT, datetime.now(UTC))
    numbers: list[int] = []
    pull.keep_row_nos = lambda row_nos: numbers.extend(row_nos.to_pylist())
    rows = [row for batch in pull.batches for row in batch.to_pylist()]
    sha256 = pull.sources[0].sha256
    for row_no, row in zip(numbers, rows, strict=True):
        yield row_no, row | {"sha256": sha256}

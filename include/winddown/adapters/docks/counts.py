"""The own dock, when it hands in files: a folder of count sheets."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from upath import UPath

from include.winddown.adapters.files.layouts import Feed, Layout
from include.winddown.adapters.files.reader import read_table
from include.winddown.domain.codes import Code
from include.winddown.domain.effects import Event
from include.winddown.domain.errors import BadConnection, FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.match.events import flaw_of
from include.winddown.domain.side_frames import COUNT_CLOSED, COUNT_EXTRAS, COUNTS

ENDINGS = (".csv", ".csv.gz", ".xlsx")
LAYOUT = Layout(
    name="count sheet",
    feeds={
        "count_id": Feed(source="count_id"),
        "request_no": Feed(source="request_no"),
        "kind": Feed(source="kind"),
        "sku": Feed(source="sku"),
        "condition": Feed(source="condition"),
        "counted_qty": Feed(source="quantity"),
        "counted_at": Feed(source="counted_at"),
        **{name: Feed(source=name, is_optional=True) for name in COUNT_EXTRAS if name != "tracking_no"},
        "tracking_no": Feed(source="tracking_number", is_optional=True),
    },
)
# a count that is left out reads as a loss, so one bad row refuses its file
STRICT = Policy(rows_bad_max=0, rows_bad_max_pct=0)


class Counts:
    """
    A receiving dock that writes CSV or XLSX files into a folder.

    Args:
        folder: of files with count_id, request_no, kind, sku, condition, quantity, counted_at and, if
            known, the columns of COUNT_EXTRAS.
            A count_id names one entry for ever; the same entry may stand in several files.
    """

    def __init__(self, folder: Path | UPath) -> None:
        self.folder = folder

    def events(self) -> Iterator[Event]:
        """
        Give every count of every file, oldest first.

        Raises:
            BadConnection: there is no such folder.
            FileRefused: a file has a bad row, or two entries differ under one count_id.
        """
        known: dict[str, Event] = {}
        for path in self._files():
            for event in _read_sheet(path):
                if known.setdefault(event.event_id, event) != event:
                    msg = (
                        f"{path.name}: count {event.event_id} differs from the entry of that id in another file;"
                        " give the correction an id of its own"
                    )
                    raise FileRefused(Code.F_DUPROW, msg)
        yield from sorted(known.values(), key=lambda event: (event.happened_at, event.event_id))

    def _files(self) -> list[Path | UPath]:
        if not self.folder.is_dir():
            msg = f"there is no folder {self.folder} for the dock's count sheets; make it or correct the connection"
            raise BadConnection(msg)
        found = [
            path
            for path in self.folder.iterdir()
            if path.name.lower().endswith(ENDINGS) and not path.name.startswith((".", "~"))
        ]
        return sorted(found, key=lambda path: path.name)


def _read_sheet(path: Path | UPath) -> Iterator[Event]:
    pull = read_table(path, path.name, COUNTS, LAYOUT, STRICT, datetime.now(UTC))
    for batch in pull.batches:
        for row in batch.to_pylist():
            yield _event(row, path.name)


def _event(row: dict[str, Any], file: str) -> Event:
    """Turn a row of frames.COUNTS into an event."""
    extras: dict[str, Any] = {name: row[name] or "" for name in COUNT_EXTRAS}
    event = Event(
        source="dock",
        event_id=row["count_id"],
        request_no=row["request_no"],
        kind=row["kind"],
        sku=row["sku"] or "",
        condition=row["condition"] or "",
        qty=row["counted_qty"],
        happened_at=row["counted_at"],
        raw=row | {"counted_at": row["counted_at"].isoformat()},
        **extras,
    )
    flaw = flaw_of(event) or _nothing_counted(event)
    if flaw:
        msg = f"{file}: count {event.event_id}: {flaw}"
        raise FileRefused(Code.F_BAD_ROWS, msg)
    return event


def _nothing_counted(event: Event) -> str:
    """A sheet is filled in by people: a cell they forgot is no piece without a name."""
    if event.kind == COUNT_CLOSED or (event.sku and event.condition and event.qty):
        return ""
    return f"{event.kind} without sku, condition or quantity; fill them in"

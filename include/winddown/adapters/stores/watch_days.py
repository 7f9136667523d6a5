"""
What a watch over the own warehouse, or a look at coming back, read and found: one folder each, <exit>/<kind>/<time>.

A folder counts once it holds done.json; one that an interrupted task left behind is read by nobody.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from upath import UPath

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.bulk import address
from include.winddown.domain.errors import IllegalMove
from include.winddown.domain.frames import Frame

DONE = "done"
FORM = "%Y%m%dT%H%M%S.%fZ"
"""Names sort as times do, and no two of one exit are alike."""


class WatchDay:
    """
    One watch.

    Args:
        folder: its own.
    """

    def __init__(self, folder: UPath) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """The time it was begun, which names it."""
        return str(self.folder.name)

    @property
    def at(self) -> datetime:
        """When it was begun."""
        return datetime.strptime(self.name, FORM).replace(tzinfo=UTC)

    def land(self, name: str, frame: Frame, batches: Iterable[pa.RecordBatch]) -> int:
        """Keep the rows of a frame; gives how many there are."""
        table = pa.Table.from_batches(batches, schema=arrow_schema(frame))
        self.keep(name, table)
        return int(table.num_rows)

    def keep(self, name: str, table: pa.Table) -> None:
        """Keep a table."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.parquet").open("wb") as file:
            pq.write_table(table, file)

    def table(self, name: str) -> pa.Table | None:
        """Read a table; None when there is none of that name."""
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return pq.read_table(file)

    def paths(self, name: str) -> list[str]:
        """Name the file of a table as run_bulk reads it."""
        return [address(self.folder / f"{name}.parquet")]

    def note(self, name: str, facts: Mapping[str, Any]) -> None:
        """Keep facts as JSON."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
        (self.folder / f"{name}.json").write_text(text, encoding="utf-8")

    def facts(self, name: str) -> dict[str, Any]:
        """Read facts; empty when there are none of that name."""
        path = self.folder / f"{name}.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

    def put(self, name: str, content: bytes) -> str:
        """Keep a file for people; gives where it is."""
        path = self.folder / name
        path.write_bytes(content)
        return str(path)


class WatchDays:
    """
    The watches of one exit.

    Args:
        root: of the installation's store.
        exit_id: whose.
        kind: watch, or rejoin.
    """

    def __init__(self, root: UPath, exit_id: str, kind: str = "watch") -> None:
        self.folder = root / exit_id / kind

    def begin(self, at: datetime) -> WatchDay:
        """Begin a watch."""
        return WatchDay(self.folder / at.astimezone(UTC).strftime(FORM))

    def named(self, name: str) -> WatchDay:
        """Find a watch by its name."""
        return WatchDay(self.folder / name)

    def done(self) -> list[WatchDay]:
        """List the watches that were completed, the oldest first."""
        if not self.folder.is_dir():
            return []
        folders = sorted(self.folder.iterdir(), key=lambda path: path.name)
        return [WatchDay(path) for path in folders if (path / f"{DONE}.json").is_file()]

    def latest(self) -> WatchDay:
        """
        Give the latest completed watch.

        Raises:
            IllegalMove: there is none.
        """
        done = self.done()
        if not done:
            msg = f"nothing was watched yet in {self.folder}; start the DAG watch_own_stock first"
            raise IllegalMove(msg)
        return done[-1]

"""What carriers and suppliers hand in as files: tariffs, invoices, and what is on order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from upath import UPath

from include.winddown.adapters.files.layouts import load_layout
from include.winddown.adapters.files.reader import Job, read_job
from include.winddown.adapters.ports import BadRow
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import Frame

ENDINGS = (".csv", ".csv.gz", ".xlsx")


@dataclass(slots=True)
class Read:
    """
    What was read of one table.

    Attributes:
        rows: of every file that could be used.
        bad_rows: kept out, each with its reason.
        problems: file → why nothing of it is used.
        files: how many there are.
    """

    rows: pa.Table
    bad_rows: list[BadRow]
    problems: dict[str, str]
    files: int


class CarrierFiles:
    """
    A folder of files whose names begin with what they hold: tariffs, invoices-2026-11, inbound.

    Args:
        folder: of .csv, .csv.gz and .xlsx files, with own mappings below `mappings`; it need not exist.
        policy: how many bad rows are borne.
        now: aware; bounds the dates in the files.
        currency: of the exit; rows in another one are kept out.
    """

    def __init__(self, folder: UPath, policy: Policy, now: datetime, currency: str) -> None:
        self.folder = folder
        self._policy, self._now, self._currency = policy, now, currency

    def read(self, frame: Frame) -> Read:
        """Read every file of a table; one that is refused does not stop the others, and is named with the reason."""
        batches: list[pa.RecordBatch] = []
        found = Read(pa.table({}), [], {}, 0)
        for path in self._files(frame.name):
            found.files += 1
            try:
                batches += self._batches(path, frame, found)
            except FileRefused as refused:
                found.problems[path.name] = str(refused)
        found.rows = pa.Table.from_batches(batches, schema=arrow_schema(frame))
        return found

    def _batches(self, path: UPath, frame: Frame, found: Read) -> list[pa.RecordBatch]:
        layout = load_layout(frame.name, frame, self.folder / "mappings")
        pull = read_job(
            Job(data=path, name=path.name, frame=frame, layout=layout, policy=self._policy, now=self._now)
        )
        try:
            batches = list(pull.batches)
        finally:
            found.bad_rows += pull.bad_rows
        if "currency" in frame.names:
            self._check_currency(path.name, batches)
        return batches

    def _check_currency(self, name: str, batches: list[pa.RecordBatch]) -> None:
        others = {word for batch in batches for word in batch["currency"].unique().to_pylist()}
        others -= {self._currency}
        if others:
            msg = (
                f"{name} has amounts in {', '.join(sorted(others))}, and the exit counts in {self._currency};"
                " convert them in the file"
            )
            raise FileRefused(Code.F_SCOPE, msg)

    def _files(self, table: str) -> Iterator[UPath]:
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir(), key=lambda one: one.name):
            if path.name.startswith(table) and path.name.lower().endswith(ENDINGS) and path.is_file():
                yield path

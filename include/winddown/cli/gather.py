"""Gather a plan's input from single files, as strictly as the DAGs read them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from upath import UPath

from include.winddown.adapters.files.layouts import load_layout
from include.winddown.adapters.files.reader import Job, read_job
from include.winddown.adapters.ports import BadRow, Source
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK, Frame
from include.winddown.domain.policy import Policy
from include.winddown.domain.side_frames import FEES


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """
    Where the input lies.

    Attributes:
        stock, orders, catalogue: CSV, gzipped CSV or XLSX.
        fees: the same; None = the policy's fees count for every product.
        mappings: a folder of own column mappings, or None.
    """

    stock: Path
    orders: Path
    catalogue: Path
    fees: Path | None = None
    mappings: Path | None = None


@dataclass(slots=True, kw_only=True)
class Gathered:
    """
    What the files hold.

    Attributes:
        stock, orders, catalogue, fees: the good rows of the frames of those names.
        catalogue_row_nos: number of each catalogue row in its file.
        bad_rows: what was kept out, in all files.
        sources: the files.
    """

    stock: pa.Table
    orders: pa.Table
    catalogue: pa.Table
    fees: pa.Table
    catalogue_row_nos: pa.Array
    bad_rows: list[BadRow] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    @property
    def counted_at(self) -> datetime:
        """When the last piece of the stock was counted."""
        counted_at: datetime = pc.max(self.stock["counted_at"]).as_py()
        return counted_at.astimezone(UTC)

    @property
    def currency(self) -> str:
        """The currency of every amount."""
        return str(self.catalogue["currency"][0].as_py())


def gather(
    files: Files, policy: Policy, as_of: date | None, now: datetime, tell: Callable[[str], None]
) -> Gathered:
    """
    Read all files.

    Args:
        files: where they lie.
        policy: how many bad rows are borne.
        as_of: the day the stock must have been counted on; None = any.
        now: aware; bounds the times in the files.
        tell: hears which file is read next.

    Raises:
        FileRefused: a file cannot be used, or the files are in several currencies; nothing was written.
    """
    reader = _Reader(files.mappings, policy, now, tell)
    catalogue = reader.read(CATALOGUE, files.catalogue)
    row_nos = reader.row_nos
    known = pc.utf8_normalize(catalogue["sku"].combine_chunks(), form="NFC")
    stock = reader.read(STOCK, files.stock, known_skus=known, as_of=as_of)
    orders = reader.read(ORDERS, files.orders)
    fees = reader.read(FEES, files.fees) if files.fees else arrow_schema(FEES).empty_table()
    gathered = Gathered(
        stock=stock,
        orders=orders,
        catalogue=catalogue,
        fees=fees,
        catalogue_row_nos=row_nos,
        bad_rows=reader.bad_rows,
        sources=reader.sources,
    )
    _check_currency(gathered, files)
    return gathered


class _Reader:
    """Reads one file after the other, and keeps what was bad."""

    def __init__(
        self, mappings: Path | None, policy: Policy, now: datetime, tell: Callable[[str], None]
    ) -> None:
        self._mappings, self._policy, self._now, self._tell = mappings, policy, now, tell
        self.bad_rows: list[BadRow] = []
        self.sources: list[Source] = []
        self.row_nos: pa.Array = pa.array([], pa.int64())

    def read(
        self, frame: Frame, path: Path, known_skus: pa.Array | None = None, as_of: date | None = None
    ) -> pa.Table:
        self._tell(path.name)
        pull = read_job(
            Job(
                data=path,
                name=path.name,
                frame=frame,
                layout=load_layout(frame.name, frame, UPath(self._mappings) if self._mappings else None),
                policy=self._policy,
                now=self._now,
                known_skus=known_skus,
                as_of=as_of,
            )
        )
        row_nos: list[pa.Array] = []
        pull.keep_row_nos = row_nos.append
        table = pa.Table.from_batches(list(pull.batches), arrow_schema(frame))
        self.row_nos = pa.concat_arrays(row_nos) if row_nos else pa.array([], pa.int64())
        self.bad_rows += pull.bad_rows
        self.sources += pull.sources
        return table


def _check_currency(gathered: Gathered, files: Files) -> None:
    for path, table in ((files.catalogue, gathered.catalogue), (files.fees, gathered.fees)):
        found = sorted(set(pc.unique(table["currency"]).to_pylist()) | {gathered.currency})
        if path and len(found) > 1:
            msg = (
                f"{path.name} has amounts in {' and '.join(found)}; a plan has one currency: plan each apart"
            )
            raise FileRefused(Code.F_SCOPE, msg)

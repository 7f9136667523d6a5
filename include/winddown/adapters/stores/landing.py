"""Rows on their way to Parquet: one file a warehouse, written locally, then carried to the store."""

import gc
import hashlib
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from include.winddown.adapters.schemas import arrow_schema

if TYPE_CHECKING:
    from upath import UPath

    from include.winddown.domain.frames import Column, Frame

WAREHOUSE = "warehouse_id"
GROUP_ROWS = 65_536
HELD_ROWS = 4 * GROUP_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedFile:
    """One Parquet file; path is relative to the snapshot's folder, warehouse_id of a split frame."""

    path: str
    frame: str
    warehouse_id: str | None
    rows: int
    size_bytes: int
    sha256: str


class _Writers(ExitStack):
    """
    Parquet writers of one frame, one for each warehouse met; leaving the block closes them.

    Small pieces are held until they fill a row group, at most HELD_ROWS over all warehouses.
    """

    def __init__(self, frame: "Frame", folder: Path) -> None:
        super().__init__()
        self.paths: dict[str | None, Path] = {}
        self.rows: defaultdict[str | None, int] = defaultdict(int)
        self._schema = arrow_schema(frame)
        self._repeating = [column.name for column in frame.columns if _repeats(frame, column)]
        self._folder = folder
        # a row whose warehouse is not known has no file to go to
        self._is_split = WAREHOUSE in frame.names and not frame.column(WAREHOUSE).nullable
        self._open: dict[str | None, pq.ParquetWriter] = {}
        self._held: defaultdict[str | None, list[pa.RecordBatch]] = defaultdict(list)
        self._held_rows: defaultdict[str | None, int] = defaultdict(int)

    def add(self, batch: pa.RecordBatch) -> None:
        rows = batch if batch.schema == self._schema else batch.select(self._schema.names).cast(self._schema)
        for warehouse_id, piece in self._parts(rows):
            self._held[warehouse_id].append(piece)
            self._held_rows[warehouse_id] += piece.num_rows
            self.rows[warehouse_id] += piece.num_rows
            if self._held_rows[warehouse_id] >= GROUP_ROWS:
                self._flush(warehouse_id)
        while sum(self._held_rows.values()) >= HELD_ROWS:
            self._flush(max(self._held_rows, key=self._held_rows.__getitem__))

    def finish(self) -> None:
        """Write the rest; a frame without rows still gets one file that says so."""
        for warehouse_id in list(self._held):
            self._flush(warehouse_id)
        if not self._open:
            self._flush(None)
        self.close()

    def _parts(self, batch: pa.RecordBatch) -> Iterator[tuple[str | None, pa.RecordBatch]]:
        if not self._is_split:
            yield None, batch
            return
        # Codes are given in order of appearance, so counts and sorted rows come in the same order.
        # No Python value is turned into an Arrow one here: that would import pandas.
        coded = batch.column(WAREHOUSE).dictionary_encode()
        by_warehouse = batch.take(pc.array_sort_indices(coded.indices))
        first = 0
        for name, count in zip(coded.dictionary, coded.indices.value_counts().field("counts"), strict=True):
            yield name.as_py(), by_warehouse.slice(first, count.as_py())
            first += count.as_py()

    def _flush(self, warehouse_id: str | None) -> None:
        pieces = self._held.pop(warehouse_id, [])
        self._held_rows.pop(warehouse_id, None)
        if warehouse_id not in self._open:
            path = self._folder / f"{len(self._open):05}.parquet"
            writer = pq.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=self._repeating)
            self._open[warehouse_id] = self.enter_context(writer)
            self.paths[warehouse_id] = path
        if pieces:
            self._open[warehouse_id].write_table(pa.Table.from_batches(pieces, self._schema))


@contextmanager
def landed(frame: "Frame", batches: Iterable[pa.RecordBatch], folder: "UPath") -> Iterator[list[LandedFile]]:
    """
    Stream batches to Parquet files in a folder of the store; they stay only if the body ends well.

    Args:
        frame: whose schema every file gets; rows are split by warehouse_id when every row has one.
        batches: in that schema; memory stays at a few of them.
        folder: the snapshot's folder. File names are numbers and a random part, never text
            from the data, so that a second landing does not touch the files of the first.

    Yields:
        What was written, in the order the warehouses were met.
    """
    token = secrets.token_hex(4)
    files = []
    with ExitStack() as undo:
        with (
            tempfile.TemporaryDirectory(prefix="winddown-") as scratch,
            _Writers(frame, Path(scratch)) as writers,
        ):
            with seldom_collected():
                for batch in batches:
                    writers.add(batch)
            writers.finish()
            for warehouse_id, local in writers.paths.items():
                path = f"{frame.name}/{local.stem}-{token}.parquet"
                undo.callback(remove, folder, [path])
                _carry(local, folder / path)
                files.append(
                    LandedFile(
                        path=path,
                        frame=frame.name,
                        warehouse_id=warehouse_id,
                        rows=writers.rows[warehouse_id],
                        size_bytes=local.stat().st_size,
                        sha256=sha256_of(local),
                    )
                )
        yield files
        undo.pop_all()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """
    Look for unreachable cycles a hundred times more seldom.

    Pages become millions of small objects without cycles; going through them again and again costs a
    fifth of the time of reading them.
    """
    usual = gc.get_threshold()
    gc.set_threshold(usual[0] * 100, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _repeats(frame: "Frame", column: "Column") -> bool:
    """
    Tell whether a column's values repeat so often that a dictionary pays.

    Where one row is one product, ids and texts are almost as many as rows: building their
    dictionary only to give it up costs as much as all the rest of the writing.
    """
    if column.kind not in ("id", "text") or column.name == WAREHOUSE:
        return True
    return "sku" not in frame.grain and column.name not in frame.grain


def remove(folder: "UPath", paths: Iterable[str]) -> None:
    """Take files out of a snapshot's folder."""
    for path in paths:
        (folder / path).unlink(missing_ok=True)


def sha256_of(path: "Path | UPath") -> str:
    """Checksum a file, local or remote, in bounded memory."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _carry(local: Path, target: "UPath") -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.fs.put_file(str(local), target.path)

"""What a snapshot was read from, beside it: pages word for word and files byte for byte."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upath import UPath

    from include.winddown.adapters.ports import Pull

FILE_BYTES = 64_000_000
BLOCK_BYTES = 1 << 20
KINDS = (".csv.gz", ".csv", ".xlsx")


class RawPages:
    """
    Pages and files on their way into the store; memory stays flat.

    Pages go into files one after the other with a line feed between; a file is kept as it is.

    Args:
        folder: local, where the files are written.
        place: in the store, where `settle` carries them.
    """

    def __init__(self, folder: Path, place: "UPath | None" = None) -> None:
        self._folder, self._place = folder, place
        self._open = ExitStack()
        self._sink: pa.CompressedOutputStream | None = None
        self._size_bytes = 0
        self.paths: list[Path] = []
        self.settled: list[UPath] = []
        self.earlier: list[UPath] = []

    def add(self, page: bytes) -> None:
        """Keep one page."""
        if self._sink is None or self._size_bytes >= FILE_BYTES:
            self._open.close()
            self._size_bytes = 0
            self._sink = self._open.enter_context(self._next_file(".json"))
        self._sink.write(page)
        self._sink.write(b"\n")
        self._size_bytes += len(page) + 1

    def add_file(self, name: str, file: BinaryIO) -> None:
        """Keep a file from where it stands to its end; its name tells the kind."""
        kind = next((kind for kind in KINDS if name.lower().endswith(kind)), ".bin")
        with self._next_file(kind) as sink:
            shutil.copyfileobj(file, sink, BLOCK_BYTES)

    def close(self) -> None:
        """Finish the last file."""
        self._open.close()

    def settle(self) -> None:
        """
        Carry everything to its place, under names that no other try uses.

        Call it while nobody else may land the frame: what already lies there is then of tries
        that are over, and goes once this one is committed.
        """
        self.close()
        if self._place is None:
            return
        self.earlier = list(self._place.glob("*.zst")) if self._place.is_dir() else []
        token = secrets.token_hex(4)
        for local in self.paths:
            self._place.mkdir(parents=True, exist_ok=True)
            target = self._place / local.name.replace(".", f"-{token}.", 1)
            self.settled.append(target)
            target.fs.put_file(str(local), target.path)

    def _next_file(self, kind: str) -> pa.CompressedOutputStream:
        path = self._folder / f"{len(self.paths):05}{kind}.zst"
        self.paths.append(path)
        return pa.CompressedOutputStream(str(path), "zstd")


def kept(pull: "Pull", pages: RawPages) -> "Iterable[pa.RecordBatch]":
    """Give the batches of a pull, and keep its raw pages and files while they are made."""
    pull.keep_raw, pull.keep_file = pages.add, pages.add_file
    return pull.batches


@contextmanager
def raw_pages(frame_name: str, folder: "UPath") -> Iterator[RawPages]:
    """
    Keep what one frame was read from under raw/<frame>/NNNNN-….<kind>.zst.

    What the body settles stays only if the body ends well, and then what an earlier landing of
    the frame kept is removed: at no time is a committed landing without its own.

    Args:
        frame_name: for example 'orders'.
        folder: the snapshot's folder.
    """
    with tempfile.TemporaryDirectory(prefix="winddown-raw-") as scratch, ExitStack() as undo:
        pages = RawPages(Path(scratch), folder / "raw" / frame_name)
        undo.callback(lambda: _remove(pages.settled))
        undo.callback(pages.close)
        yield pages
        undo.pop_all()
        _remove(pages.earlier)


def _remove(paths: "list[UPath]") -> None:
    for path in paths:
        path.unlink(missing_ok=True)

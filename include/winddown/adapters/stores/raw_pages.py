"""Raw pages beside a snapshot: what the marketplace said, word for word, for the day somebody asks."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upath import UPath

    from include.winddown.adapters.ports import Pull

FILE_BYTES = 64_000_000


class RawPages:
    """
    Pages on their way into files, one after the other with a line feed between; memory stays flat.

    Args:
        folder: local, where the files are written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._sink: pa.CompressedOutputStream | None = None
        self._size_bytes = 0
        self.paths: list[Path] = []

    def add(self, page: bytes) -> None:
        """Keep one page."""
        if self._sink is None or self._size_bytes >= FILE_BYTES:
            self._sink = self._next_file()
        self._sink.write(page)
        self._sink.write(b"\n")
        self._size_bytes += len(page) + 1

    def close(self) -> None:
        """Finish the last file."""
        self._open.close()

    def _next_file(self) -> pa.CompressedOutputStream:
        self._open.close()
        path = self._folder / f"{len(self.paths):05}.json.zst"
        self._size_bytes = 0
        self.paths.append(path)
        return self._open.enter_context(pa.CompressedOutputStream(str(path), "zstd"))


def kept(pull: "Pull", pages: RawPages) -> "Iterable[pa.RecordBatch]":
    """Give the batches of a pull, and keep its raw pages while they are made."""
    pull.keep_raw = pages.add
    return pull.batches


@contextmanager
def raw_pages(frame_name: str, folder: "UPath") -> Iterator[RawPages]:
    """
    Keep the pages of one frame under raw/<frame>/NNNNN-….json.zst; they stay only if the body ends well.

    Args:
        frame_name: for example 'orders'.
        folder: the snapshot's folder; what an earlier landing of the frame kept is replaced.
    """
    place = folder / "raw" / frame_name
    token = secrets.token_hex(4)
    with tempfile.TemporaryDirectory(prefix="winddown-raw-") as scratch, ExitStack() as undo:
        pages = RawPages(Path(scratch))
        undo.callback(pages.close)
        yield pages
        pages.close()
        earlier = list(place.glob("*.json.zst")) if place.is_dir() else []
        if pages.paths:
            place.mkdir(parents=True, exist_ok=True)
        for local in pages.paths:
            target = place / local.name.replace(".", f"-{token}.", 1)
            target.fs.put_file(str(local), target.path)
        for path in earlier:
            path.unlink(missing_ok=True)

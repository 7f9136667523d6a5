"""Raw pages beside a snapshot."""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.ports import Pull
from include.winddown.adapters.stores import raw_pages
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import ContractBroken
from tests.contract.pulls import TAKEN_AT, stock_pull

PAGES = [b'{"items":[1]}', b'{"items":[2]}', b'{"items":[]}']


def with_pages(pages: list[bytes], error: Exception | None = None) -> Pull:
    pull = stock_pull()
    rows = pull.batches

    def batches() -> Iterator[pa.RecordBatch]:
        for page in pages:
            pull.keep_raw(page)
        yield from rows
        if error:
            raise error

    pull.batches = batches()
    return pull


def lines_of(folder: Path) -> list[bytes]:
    files = sorted(folder.rglob("*.json.zst"))
    return b"".join(pa.input_stream(str(file)).read() for file in files).splitlines()


@pytest.fixture
def store(engine: Engine, exit_id: str, tmp_path: Path) -> tuple[SnapshotStore, str, Path]:
    snapshots = SnapshotStore(engine, UPath(tmp_path))
    snapshot_id = snapshots.begin(exit_id, str(date(2026, 11, 8)))
    return snapshots, snapshot_id, tmp_path / exit_id / snapshot_id / "raw" / "stock"


def test_raw_pages_lie_beside_the_rows(store: tuple[SnapshotStore, str, Path]):
    """Every page is kept word for word, in order, and survives the seal."""
    snapshots, snapshot_id, folder = store
    snapshots.land(snapshot_id, with_pages(PAGES))
    snapshots.seal(snapshot_id, TAKEN_AT)
    assert lines_of(folder) == PAGES


def test_landing_again_replaces_the_pages(store: tuple[SnapshotStore, str, Path]):
    """A retry leaves the pages of the retry only."""
    snapshots, snapshot_id, folder = store
    snapshots.land(snapshot_id, with_pages(PAGES))
    snapshots.land(snapshot_id, with_pages(PAGES[:1]))
    assert lines_of(folder) == PAGES[:1]


def test_a_read_that_fails_leaves_no_pages(store: tuple[SnapshotStore, str, Path]):
    """Half a read leaves nothing that could be taken for a whole one."""
    snapshots, snapshot_id, folder = store
    with pytest.raises(ContractBroken):
        snapshots.land(snapshot_id, with_pages(PAGES, ContractBroken("x")))
    assert lines_of(folder) == []


def test_memory_is_flat_in_the_number_of_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ten times the pages take no more memory, and no file grows without end."""
    monkeypatch.setattr(raw_pages, "FILE_BYTES", 1_000_000)
    peaks = []
    for number, count in enumerate((20, 200)):
        folder = tmp_path / str(number)
        folder.mkdir()
        tracemalloc.start()
        pages = raw_pages.RawPages(folder)
        for _ in range(count):
            pages.add(b"x" * 100_000)
        pages.close()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000
    assert len(pages.paths) == 20

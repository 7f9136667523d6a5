"""Raw pages and files beside a snapshot."""

import gzip
import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.marketplaces.costs import read_costs
from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.stores import raw_pages
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import ContractBroken, FileRefused
from include.winddown.domain.exits import Policy
from tests.contract.pulls import TAKEN_AT, stock_pull
from tests.file_kit import CATALOGUE_ROW, NOW, ORDERS_ROW, STOCK_ROW, written

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


def files_of(folder: Path) -> dict[str, bytes]:
    """What is kept below a folder: name without its token → the bytes that were read."""
    return {
        f"{path.name[:5]}{path.name[path.name.index('.') :]}": pa.input_stream(str(path)).read()
        for path in sorted(folder.rglob("*.zst"))
    }


def settle_and_break(folder: UPath) -> None:
    """A try that carries its file and cannot commit."""
    with raw_pages.raw_pages("stock", folder) as pages:
        pages.add_file("stock.csv", io.BytesIO(b"sku"))
        pages.settle()
        raise ConnectionError


def exports_in(folder: Path, stock: bytes = written([STOCK_ROW])) -> Exports:
    """A folder of exports, each file of another kind."""
    day = folder / "2026-03-01"
    day.mkdir(parents=True, exist_ok=True)
    (day / "stock.csv").write_bytes(stock)
    (day / "orders.csv.gz").write_bytes(gzip.compress(written([ORDERS_ROW])))
    (folder / "catalogue.csv").write_bytes(b"\xef\xbb\xbf" + written([CATALOGUE_ROW]))
    return Exports(folder=folder, as_of=date(2026, 3, 1), policy=Policy(), now=NOW)


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


def test_files_are_kept_byte_for_byte(store: tuple[SnapshotStore, str, Path], tmp_path: Path):
    """Every file of an export folder lies beside its rows, its kind in its name, as it came."""
    snapshots, snapshot_id, folder = store
    exports = exports_in(tmp_path / "exports")
    for pull in (exports.stock(), exports.orders(), exports.catalogue()):
        snapshots.land(snapshot_id, pull)
    snapshots.seal(snapshot_id, TAKEN_AT)
    day = tmp_path / "exports" / "2026-03-01"
    assert files_of(folder) == {"00000.csv.zst": (day / "stock.csv").read_bytes()}
    assert files_of(folder.parent / "orders") == {"00000.csv.gz.zst": (day / "orders.csv.gz").read_bytes()}
    kept = files_of(folder.parent / "catalogue")
    assert kept == {"00000.csv.zst": (tmp_path / "exports" / "catalogue.csv").read_bytes()}


@pytest.mark.fault("F10", "S1")
def test_a_kept_file_is_found_by_its_checksum_after_a_retry(
    store: tuple[SnapshotStore, str, Path], tmp_path: Path
):
    """After a re-run the file of that try is there, it alone, and it is the one the manifest names."""
    snapshots, snapshot_id, folder = store
    for qty in ("5", "7"):
        stock = written([STOCK_ROW | {"quantity": qty}])
        snapshots.land(snapshot_id, exports_in(tmp_path / "exports", stock).stock())
    (kept,) = files_of(folder).values()
    assert kept == stock
    (source,) = snapshots.sources_of(snapshot_id)
    assert hashlib.sha256(kept).hexdigest() == source.sha256


def test_a_refused_retry_leaves_what_counts(store: tuple[SnapshotStore, str, Path], tmp_path: Path):
    """A try that fails takes nothing away from the one that is in the manifest, and adds nothing."""
    snapshots, snapshot_id, folder = store
    snapshots.land(snapshot_id, exports_in(tmp_path / "exports").stock())
    before = files_of(folder)
    with pytest.raises(FileRefused):
        snapshots.land(snapshot_id, exports_in(tmp_path / "exports", b"sku\n1\n").stock())
    assert files_of(folder) == before


def test_a_try_that_is_not_committed_leaves_no_file(tmp_path: Path):
    """What was carried goes again when the commit fails; what the earlier try kept stays."""
    folder = UPath(tmp_path)
    with raw_pages.raw_pages("stock", folder) as pages:
        pages.add(b"{}")
        pages.settle()
    before = files_of(tmp_path)
    with pytest.raises(ConnectionError):
        settle_and_break(folder)
    assert files_of(tmp_path) == before == {"00000.json.zst": b"{}\n"}


def test_a_cost_sheet_is_kept_with_the_catalogue():
    """The sheet that gave the costs is handed on by the pull that needs them, before it is judged."""
    taken: list[tuple[str, bytes]] = []
    pull = stock_pull()
    pull.keep_file = lambda name, file: taken.append((name, file.read()))
    sheet = b"sku,unit_cost,resale_value,handling_class,currency\nS1,80.00,50.00,standard,RUB\n"
    assert set(read_costs(sheet, Policy(), NOW, pull)) == {"S1"}
    assert taken == [("costs.csv", sheet)]

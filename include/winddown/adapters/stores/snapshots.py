"""Snapshots: Parquet files in object storage, their manifest in PostgreSQL."""

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine, insert

from include.winddown.adapters.stores import manifest
from include.winddown.adapters.stores.bulk import address
from include.winddown.adapters.stores.landing import LandedFile, landed, remove, sha256_of
from include.winddown.adapters.stores.manifest import LandedSource, Snapshot
from include.winddown.adapters.stores.raw_pages import kept, raw_pages
from include.winddown.adapters.stores.tables import snapshot
from include.winddown.domain.errors import FileRefused, NoSnapshot, SnapshotDamaged, shorten

if TYPE_CHECKING:
    from upath import UPath

    from include.winddown.adapters.ports import Pull

__all__ = ["LandedSource", "Snapshot", "SnapshotStore"]


class SnapshotStore:
    """
    Snapshots of every exit.

    What the manifest names is there and complete: rows of the manifest are committed after the
    files stand, all of one frame in one transaction.

    Args:
        engine: winddown's database.
        root: the folder in object storage; files go to <root>/<exit>/<snapshot>/<frame>/,
            what they were read from beside them to raw/<frame>/.
    """

    def __init__(self, engine: Engine, root: "UPath") -> None:
        self._engine = engine
        self._root = root

    def begin(self, exit_id: str, as_of: str | None, started_by: str | None = None) -> str:
        """
        Begin a snapshot and give its id; nothing refers to it until it is sealed.

        Args:
            exit_id: of an exit.
            as_of: the day that is asked for; None = the newest.
            started_by: user name; None when nobody started it by hand.
        """
        snapshot_id = f"{exit_id}-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        with self._engine.begin() as connection:
            connection.execute(
                insert(snapshot).values(
                    snapshot_id=snapshot_id, exit_id=exit_id, as_of=as_of, started_by=started_by
                )
            )
        return snapshot_id

    def land(self, snapshot_id: str, pull: "Pull") -> int:
        """
        Land the rows of one frame; landing it again replaces it.

        A failure in the middle leaves neither files nor manifest rows. A refused file's bad
        rows are kept in quarantine nevertheless: they are what a person has to mend.

        Returns:
            Rows landed.

        Raises:
            SnapshotIsFinal: the snapshot is sealed or refused.
            FileRefused, MarketplaceRefused, ContractBroken: as the source says.
        """
        there = self.get(snapshot_id)
        manifest.check_open(there)
        folder = self._folder(there)
        try:
            with (
                raw_pages(pull.frame.name, folder) as pages,
                landed(pull.frame, kept(pull, pages), folder) as files,
                self._engine.begin() as connection,
            ):
                replaced = manifest.replace_frame(connection, snapshot_id, pull, files)
                # the frame is locked until the commit, so no other try is between the two
                pages.settle()
        except FileRefused:
            with self._engine.begin() as connection:
                manifest.replace_quarantine(connection, snapshot_id, pull.frame.name, pull.bad_rows)
            raise
        remove(folder, replaced)
        return sum(file.rows for file in files)

    def paths(self, snapshot_id: str, frame_name: str, warehouse_id: str | None = None) -> list[str]:
        """
        Name the Parquet files of a frame: local paths, or addresses that fsspec reads.

        Args:
            snapshot_id: of any state.
            frame_name: for example 'stock'.
            warehouse_id: only the files of that warehouse.

        Returns:
            At least one path; of a warehouse that does not occur, the paths of no rows are [].

        Raises:
            NoSnapshot: the frame has not landed.
        """
        files = self._files(snapshot_id, frame_name)
        if not files:
            msg = f"snapshot {snapshot_id} has no {frame_name} yet; land it first"
            raise NoSnapshot(msg)
        folder = self._folder(self.get(snapshot_id))
        wanted = [file for file in files if warehouse_id is None or file.warehouse_id == warehouse_id]
        return [address(folder / file.path) for file in wanted]

    def has(self, snapshot_id: str, frame_name: str) -> bool:
        """Tell whether a frame has landed; some are optional."""
        return bool(self._files(snapshot_id, frame_name))

    def warehouses(self, snapshot_id: str) -> list[str]:
        """Name the warehouses with stock, sorted."""
        named = {file.warehouse_id for file in self._files(snapshot_id, "stock")}
        return sorted(name for name in named if name is not None)

    def sources(self, exit_id: str) -> list[LandedSource]:
        """List what the valid snapshots of an exit were read from, oldest first."""
        of_exit = (snapshot.c.exit_id == exit_id) & (snapshot.c.state == "valid")
        with self._engine.connect() as connection:
            return manifest.list_sources(connection, of_exit)

    def sources_of(self, snapshot_id: str) -> list[LandedSource]:
        """List what one snapshot was read from, whatever its state."""
        with self._engine.connect() as connection:
            return manifest.list_sources(connection, snapshot.c.snapshot_id == snapshot_id)

    def seal(self, snapshot_id: str, taken_at: datetime) -> None:
        """
        Put a snapshot in force; doing it again is a no-op.

        Raises:
            SnapshotIsFinal: it was refused, or sealed with another time.
        """
        with self._engine.begin() as connection:
            is_new = manifest.finish(connection, snapshot_id, state="valid", taken_at=taken_at)
            there = manifest.get_snapshot(connection, snapshot_id)
            files = manifest.list_files(connection, snapshot_id)
        if not is_new and there.taken_at != taken_at:
            manifest.check_open(there)
        self._sweep(there, {file.path for file in files})

    def refuse(self, snapshot_id: str, reason: str) -> None:
        """
        Put a snapshot aside for good; the one before stays in force. Again is a no-op.

        Raises:
            SnapshotIsFinal: it is valid.
        """
        with self._engine.begin() as connection:
            manifest.finish(connection, snapshot_id, state="refused", refused_because=reason)
            there = manifest.get_snapshot(connection, snapshot_id)
        if there.state != "refused":
            manifest.check_open(there)

    def get(self, snapshot_id: str) -> Snapshot:
        """
        Find a snapshot.

        Raises:
            NoSnapshot: there is none of that id.
        """
        with self._engine.connect() as connection:
            return manifest.get_snapshot(connection, snapshot_id)

    def latest_valid(self, exit_id: str) -> Snapshot:
        """
        Find the snapshot in force: the valid one that was sealed last.

        Raises:
            NoSnapshot: none is valid; says what to do.
        """
        of_exit = (snapshot.c.exit_id == exit_id) & (snapshot.c.state == "valid")
        with self._engine.connect() as connection:
            found = manifest.find_snapshot(connection, of_exit)
        if found is None:
            msg = f"exit {exit_id} has no valid snapshot; run the DAG take_snapshot with exit_id {exit_id}"
            raise NoSnapshot(msg)
        return found

    def verify(self, snapshot_id: str) -> None:
        """
        Hold every file against its checksum.

        Raises:
            SnapshotDamaged: a file is gone or was changed; names it.
        """
        folder = self._folder(self.get(snapshot_id))
        broken = [
            file.path
            for file in self._files(snapshot_id)
            if not (folder / file.path).exists() or sha256_of(folder / file.path) != file.sha256
        ]
        if broken:
            msg = (
                f"snapshot {snapshot_id}: {shorten(broken)} in {folder} are not the files that were written;"
                " restore them from a backup or take a new snapshot"
            )
            raise SnapshotDamaged(msg)

    def _files(self, snapshot_id: str, frame: str | None = None) -> list[LandedFile]:
        with self._engine.connect() as connection:
            return manifest.list_files(connection, snapshot_id, frame)

    def _folder(self, there: Snapshot) -> "UPath":
        return self._root / there.exit_id / there.snapshot_id

    def _sweep(self, there: Snapshot, kept: set[str]) -> None:
        """Remove what a killed landing left behind; nobody can land here any more."""
        folder = self._folder(there)
        found = (f"{path.parent.name}/{path.name}" for path in folder.glob("*/*.parquet"))
        remove(folder, [path for path in found if path not in kept])

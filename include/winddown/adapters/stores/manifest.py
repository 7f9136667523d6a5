"""The manifest of snapshots in PostgreSQL: which files, read from where, with how many rows."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from include.winddown.adapters.stores.landing import LandedFile
from include.winddown.adapters.stores.tables import quarantine, snapshot, snapshot_file, snapshot_source
from include.winddown.domain.errors import NoSnapshot, SnapshotIsFinal

if TYPE_CHECKING:
    from include.winddown.adapters.ports import BadRow, Pull


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """
    One snapshot.

    Attributes:
        state: pulling, valid or refused.
        taken_at: when the stock was counted; only a valid snapshot has it.
        as_of: the day that was asked for; None = the newest.
        started_by: user name of who started it by hand.
    """

    snapshot_id: str
    exit_id: str
    state: str
    taken_at: datetime | None
    as_of: str | None
    started_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedSource:
    """One file or endpoint a snapshot was read from; grain: (snapshot_id, frame, source_no)."""

    snapshot_id: str
    frame: str
    source_no: int
    name: str
    sha256: str
    size_bytes: int
    rows_in: int
    rows_ok: int
    rows_bad: int


SNAPSHOT_COLUMNS = [snapshot.c[name] for name in Snapshot.__slots__]
FILE_COLUMNS = [snapshot_file.c[name] for name in LandedFile.__slots__]


def find_snapshot(connection: Connection, condition: ColumnElement[bool]) -> Snapshot | None:
    """Find the snapshot of a condition that was sealed last."""
    query = select(*SNAPSHOT_COLUMNS).where(condition)
    newest = query.order_by(snapshot.c.sealed_at.desc(), snapshot.c.snapshot_id.desc()).limit(1)
    row = connection.execute(newest).mappings().one_or_none()
    return Snapshot(**row) if row else None


def get_snapshot(connection: Connection, snapshot_id: str) -> Snapshot:
    """
    Find a snapshot by its id.

    Raises:
        NoSnapshot: there is none.
    """
    found = find_snapshot(connection, snapshot.c.snapshot_id == snapshot_id)
    if found is None:
        msg = f"there is no snapshot {snapshot_id!r}; run the DAG take_snapshot"
        raise NoSnapshot(msg)
    return found


def list_files(connection: Connection, snapshot_id: str, frame: str | None = None) -> list[LandedFile]:
    """List the files of a snapshot, or of one of its frames, by path."""
    query = select(*FILE_COLUMNS).where(snapshot_file.c.snapshot_id == snapshot_id)
    if frame is not None:
        query = query.where(snapshot_file.c.frame == frame)
    rows = connection.execute(query.order_by(snapshot_file.c.path)).mappings()
    return [LandedFile(**row) for row in rows]


def list_sources(connection: Connection, condition: ColumnElement[bool]) -> list[LandedSource]:
    """List what snapshots of a condition were read from, oldest first."""
    query = (
        select(snapshot_source)
        .join(snapshot)
        .where(condition)
        .order_by(snapshot.c.sealed_at, snapshot_source.c.frame, snapshot_source.c.source_no)
    )
    return [LandedSource(**row) for row in connection.execute(query).mappings()]


def replace_frame(
    connection: Connection, snapshot_id: str, pull: "Pull", files: Sequence[LandedFile]
) -> list[str]:
    """
    Write the manifest of one frame in place of an earlier one; the caller commits.

    Returns:
        The paths of the files that no longer count.

    Raises:
        SnapshotIsFinal: the snapshot is sealed or refused.
    """
    frame = pull.frame.name
    lock_open(connection, snapshot_id)
    old_files = (snapshot_file.c.snapshot_id == snapshot_id) & (snapshot_file.c.frame == frame)
    old_sources = (snapshot_source.c.snapshot_id == snapshot_id) & (snapshot_source.c.frame == frame)
    replaced = connection.scalars(
        delete(snapshot_file).where(old_files).returning(snapshot_file.c.path)
    ).all()
    connection.execute(delete(snapshot_source).where(old_sources))
    connection.execute(
        insert(snapshot_file), [{"snapshot_id": snapshot_id, **asdict(file)} for file in files]
    )
    sources = [
        {"snapshot_id": snapshot_id, "frame": frame, "source_no": number, **asdict(source)}
        for number, source in enumerate(pull.sources, start=1)
    ]
    if sources:
        connection.execute(insert(snapshot_source), sources)
    replace_quarantine(connection, snapshot_id, frame, pull.bad_rows)
    return list(replaced)


def replace_quarantine(
    connection: Connection, snapshot_id: str, frame: str, bad_rows: Iterable["BadRow"]
) -> None:
    """Write the rows kept out of one frame in place of those of an earlier try."""
    mine = (quarantine.c.snapshot_id == snapshot_id) & (quarantine.c.frame == frame)
    connection.execute(delete(quarantine).where(mine))
    exit_id = get_snapshot(connection, snapshot_id).exit_id
    rows = [
        {
            "exit_id": exit_id,
            "snapshot_id": snapshot_id,
            "frame": frame,
            "file": bad.file,
            "row_no": bad.row_no,
            "column_name": bad.column,
            "code": bad.code,
            "value": bad.value,
            "reason": bad.reason,
        }
        for bad in bad_rows
    ]
    if rows:
        connection.execute(insert(quarantine), rows)


def finish(connection: Connection, snapshot_id: str, **values: object) -> bool:
    """Give a snapshot that is still pulling its final state; False when it had one already."""
    statement = (
        update(snapshot)
        .where(snapshot.c.snapshot_id == snapshot_id, snapshot.c.state == "pulling")
        .values(sealed_at=func.now(), **values)
    )
    return connection.execute(statement).rowcount == 1


def lock_open(connection: Connection, snapshot_id: str) -> None:
    """
    Hold a snapshot against being sealed until the transaction ends.

    Raises:
        NoSnapshot, SnapshotIsFinal: it cannot be written.
    """
    connection.execute(select(snapshot).where(snapshot.c.snapshot_id == snapshot_id).with_for_update())
    check_open(get_snapshot(connection, snapshot_id))


def check_open(there: Snapshot) -> None:
    """
    Check that a snapshot may still be written.

    Raises:
        SnapshotIsFinal: it is valid or refused.
    """
    if there.state != "pulling":
        msg = f"snapshot {there.snapshot_id} is {there.state} and never written again; take a new one"
        raise SnapshotIsFinal(msg)

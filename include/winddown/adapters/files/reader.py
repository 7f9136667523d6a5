"""Read one file of one table, strictly; a row is good, or in quarantine, or the whole file is refused."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import pyarrow as pa
from upath import UPath

from include.winddown.adapters.files.chunks import Reading, sort_chunk
from include.winddown.adapters.files.guards import LIMITS, Limits, Original, take_in
from include.winddown.adapters.files.headers import find_columns
from include.winddown.adapters.files.layouts import Feed, Layout
from include.winddown.adapters.files.plain_records import PlainRecords
from include.winddown.adapters.files.records import Records, open_records
from include.winddown.adapters.files.spill import open_spill
from include.winddown.adapters.files.whole import Whole
from include.winddown.adapters.ports import Pull, Source
from include.winddown.domain.cells import Form
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import Frame
from include.winddown.domain.texts import shown
from include.winddown.domain.times import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    One file to read.

    Attributes:
        data: its bytes, or where it lies.
        name: for messages and quarantine; its ending says what it is.
        frame: what it fills.
        layout: how.
        policy: how many bad rows are too many.
        now: aware; times more than a year later are wrong.
        known_skus: NFC identifiers that exist; None = not checked.
        as_of: the day a stock count must be of; None = not checked.
        limits: sizes.
    """

    data: bytes | Path | UPath
    name: str
    frame: Frame
    layout: Layout
    policy: Policy
    now: datetime
    known_skus: pa.Array | None = None
    as_of: date | None = None
    limits: Limits = LIMITS


def read_table(
    data: bytes | Path | UPath, name: str, frame: Frame, mapping: Layout, policy: Policy, now: datetime
) -> Pull:
    """
    Read a CSV (.csv), gzipped CSV (.gz) or workbook (.xlsx).

    Args:
        data: its bytes, or where it lies.
        name: of the file, for messages and quarantine.
        frame: what it fills.
        mapping: from the file's columns to the frame's.
        policy: how many bad rows are too many.
        now: aware; times more than a year later are wrong.

    Returns:
        A pull; nothing is read before its batches are iterated, and the first batch comes only
        after the whole file was judged. Iterating raises FileRefused; bad_rows may then already
        hold the rows that were the reason.
    """
    return read_job(Job(data=data, name=name, frame=frame, layout=mapping, policy=policy, now=now))


def read_job(job: Job) -> Pull:
    """Read one file as `read_table` does, with the checks that need more than the file."""
    pull = Pull(frame=job.frame, batches=())
    pull.batches = _batches(job, pull)
    return pull


def _batches(job: Job, pull: Pull) -> Iterator[pa.RecordBatch]:
    feeds = {column.name: job.layout.feeds.get(column.name, Feed()) for column in job.frame.columns}
    fed = [name for name, feed in feeds.items() if feed.number_within is None]
    with ExitStack() as stack:
        original = stack.enter_context(take_in(job.data, shown(job.name, 200), job.limits))
        pull.keep_file(job.name, original.file)
        original.file.seek(0)
        spill = stack.enter_context(open_spill(job.frame, fed))
        with open_records(original, job.layout, _id_columns(job), job.limits) as records:
            reading = _start(job, original, records)
            whole = Whole(reading, job.policy, spill)
            try:
                _read_all(records, reading, whole)
                whole.judge(job.as_of)
            finally:
                pull.bad_rows.extend(
                    sorted(chain(whole.damaged, whole.set_aside), key=lambda bad: bad.row_no)
                )
        pull.sources.append(_source(original, whole))
        yield from whole.emit(pull.keep_row_nos)


def _id_columns(job: Job) -> frozenset[str]:
    ids = [column.name for column in job.frame.columns if column.kind in {"id", "text"}]
    return frozenset(feed.source for name, feed in job.layout.feeds.items() if name in ids and feed.source)


def _start(job: Job, original: Original, records: Records | PlainRecords) -> Reading:
    header = records.header()
    return Reading(
        name=original.name,
        frame=job.frame,
        layout=job.layout,
        header=header,
        positions=find_columns(header, job.layout, original.name),
        forms={
            name: Form(clock=clock(job.now, feed.pattern, feed.zone), money=feed.money, values=feed.values)
            for name, feed in ((c.name, job.layout.feeds.get(c.name, Feed())) for c in job.frame.columns)
        },
        limits=job.limits,
        known_skus=job.known_skus,
    )


def _read_all(records: Records | PlainRecords, reading: Reading, whole: Whole) -> None:
    row_no = 2
    for chunk in records.chunks():
        whole.add(sort_chunk(chunk, row_no, reading))
        row_no += len(chunk)
    if not records.ends_cleanly:
        whole.mark_cut(row_no - 1)


def _source(original: Original, whole: Whole) -> Source:
    return Source(
        name=original.name,
        sha256=original.sha256,
        size_bytes=original.size_bytes,
        rows_in=whole.rows_in,
        rows_ok=whole.rows_ok,
        rows_bad=len(whole.damaged) + len(whole.set_aside),
    )

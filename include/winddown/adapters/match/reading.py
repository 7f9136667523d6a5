"""Read the files of the three legs strictly, and lay them down as Parquet; bad rows are kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from upath import UPath

from include.winddown.adapters.files.layout_keys import load_yaml
from include.winddown.adapters.files.layouts import Layout, load_layout, read_layout
from include.winddown.adapters.files.reader import read_table
from include.winddown.adapters.match.row_checks import EVENT_CHECKS, REQUEST_CHECKS, split_rows
from include.winddown.adapters.ports import BadRow, Source
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import Frame
from include.winddown.domain.match.frames import IDENTITIES, RECEIVED, REQUESTED, SHIPPED
from include.winddown.domain.match.identities import ALWAYS, FOREVER, Identity, close_identities
from include.winddown.domain.sources import too_many_bad

ROW_GROUP = 122_880
FRAMES = {frame.name: frame for frame in (REQUESTED, SHIPPED, RECEIVED, IDENTITIES)}


@dataclass(slots=True, kw_only=True)
class Reader:
    """
    Reads one file after the other.

    Attributes:
        folder: where the Parquet files go.
        policy: how many bad rows are borne.
        now: aware; bounds the times in the files.
        layouts: own column mappings, by frame.
        bad_rows, sources: what was kept out, and what was read.
    """

    folder: Path
    policy: Policy
    now: datetime
    layouts: dict[str, Layout] = field(default_factory=dict)
    bad_rows: list[BadRow] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def take_mapping(self, path: Path) -> None:
        """
        Take a YAML file that says how the columns of one leg are named.

        Raises:
            FileRefused: F_MAPPING.
        """
        text = path.read_text(encoding="utf-8")
        named = load_yaml(text, path.name).get("frame")
        if not isinstance(named, str) or named not in FRAMES:
            msg = f"mapping {path.name}: its line 'frame: …' must name one of {', '.join(FRAMES)}"
            raise FileRefused(Code.F_MAPPING, msg)
        self.layouts[named] = read_layout(text, path.name, FRAMES[named])

    def read(self, frame: Frame, paths: Sequence[Path]) -> list[str]:
        """
        Read the files of one leg; a file that was read already, byte by byte, is not read again.

        Returns:
            Paths of Parquet files.

        Raises:
            FileRefused: a file cannot be used.
        """
        written: list[str] = []
        seen: set[str] = set()
        for number, path in enumerate(paths):
            target = self.folder / f"{frame.name}-{number}.parquet"
            sha256 = self._read_one(frame, path, target)
            if sha256 not in seen:
                written.append(str(target))
            seen.add(sha256)
        return written

    def identities(self, paths: Sequence[Path]) -> list[Identity]:
        """
        Read what barcodes, SKUs and packs mean.

        Raises:
            FileRefused: a file cannot be used, or its rows contradict each other.
        """
        rows = pq.read_table(self.read(IDENTITIES, paths)).to_pylist() if paths else []
        named = [
            Identity(
                kind=row["kind"],
                name=row["name"],
                sku=row["sku"] or "",
                unit=(row["unit"] or "").strip().lower() if row["kind"] == "pack" else "",
                factor=row["factor"] or 0,
                from_on=row["from_on"] or ALWAYS,
                until_on=row["until_on"] or FOREVER,
            )
            for row in rows
        ]
        return close_identities(named, ", ".join(path.name for path in paths))

    def _read_one(self, frame: Frame, path: Path, target: Path) -> str:
        checks = {REQUESTED.name: REQUEST_CHECKS, IDENTITIES.name: ()}.get(frame.name, EVENT_CHECKS)
        layout = self.layouts.get(frame.name) or load_layout(frame.name, frame, None)
        pull = read_table(path, path.name, frame, layout, self.policy, self.now)
        row_nos: list[pa.Array] = []
        pull.keep_row_nos = row_nos.append
        found: list[BadRow] = []
        with pq.ParquetWriter(target, arrow_schema(frame)) as writer:
            for batch in pull.batches:
                good, bad = split_rows(batch, row_nos.pop(), checks, path.name)
                found += bad
                writer.write_batch(good, row_group_size=ROW_GROUP)
        (source,) = pull.sources
        self._check(path, source, found)
        self.bad_rows += sorted([*pull.bad_rows, *found], key=lambda row: row.row_no)
        self.sources.append(
            replace(source, rows_ok=source.rows_ok - len(found), rows_bad=source.rows_bad + len(found))
        )
        return source.sha256

    def _check(self, path: Path, source: Source, found: list[BadRow]) -> None:
        if not found or not too_many_bad(source.rows_in, source.rows_bad + len(found), self.policy):
            return
        first = found[0]
        msg = (
            f"{path.name}: {source.rows_bad + len(found)} of {source.rows_in} rows are bad, allowed are"
            f" {self.policy.rows_bad_max} rows and {self.policy.rows_bad_max_pct} %. row {first.row_no}, column"
            f" {first.column!r}: {first.code}, {first.reason}. Repair the file, or raise rows_bad_max and rows_bad_max_pct"
        )
        raise FileRefused(Code.F_BAD_ROWS, msg)


def own_mapping(path: Path | UPath) -> bool:
    """Tell whether a mapping names columns (YAML) rather than products (a table)."""
    return path.name.lower().endswith((".yaml", ".yml"))

"""Read, match, write: one reconciliation on files."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa

from include.winddown.adapters.files.policies import read_policy
from include.winddown.adapters.match.joins import Legs
from include.winddown.adapters.match.reading import Reader, own_mapping
from include.winddown.adapters.match.run import Result, run_match
from include.winddown.cli.folder import check_free, whole_folder
from include.winddown.cli.match_summary import Page, Totals
from include.winddown.cli.match_tables import LineFile, tables_of, write_tables
from include.winddown.domain.match.frames import RECEIVED, REQUESTED, SHIPPED
from include.winddown.domain.match.whatif import compare_claims, count_changes, read_other
from include.winddown.domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """
    What is to be reconciled.

    Attributes:
        requested, shipped, received: CSV, gzipped CSV or XLSX; several of each may be given, in any order.
        mappings: YAML = how the columns of one leg are named; a table = barcodes, aliases and packs.
        out: the folder of the results; must not be there, or be empty.
        policy: a policy file; None = the defaults.
        as_of: the day on which windows are judged; None = today.
        language: of the write-up; None = as the policy says.
        what_if: other settings of the match; empty = none.
    """

    requested: Sequence[Path]
    shipped: Sequence[Path]
    received: Sequence[Path]
    mappings: Sequence[Path]
    out: Path
    policy: Path | None = None
    as_of: date | None = None
    language: str | None = None
    what_if: str = ""


def reconcile(wish: Wish) -> str:
    """
    Match the files, and write lines, discrepancies, a workbook, a page and a summary into a new folder.

    Returns:
        The summary.

    Raises:
        WinddownError: the input cannot be used; the message says why, and nothing was written.
    """
    check_free(wish.out)
    policy = read_policy(wish.policy) if wish.policy else Policy()
    policy = replace(policy, language=wish.language) if wish.language else policy
    now = datetime.combine(wish.as_of + timedelta(days=1), time(0), UTC) if wish.as_of else datetime.now(UTC)
    other = read_other(wish.what_if, policy.match) if wish.what_if else None
    with tempfile.TemporaryDirectory(prefix="winddown-legs-") as read:
        reader = Reader(folder=Path(read), policy=policy, now=datetime.now(UTC))
        legs = _read(wish, reader)
        with whole_folder(wish.out) as folder:
            result, totals = _match(legs, policy, now, folder)
            tables = tables_of(result)
            changes = {}
            if other:
                differs = compare_claims(result.found, run_match(legs, other, now, _drop).found)
                tables["what_if"] = pa.Table.from_pandas(differs, preserve_index=False)
                changes = dict(count_changes(differs))
            page = Page(
                as_of=(now - timedelta(seconds=1)).date(),
                language=policy.language,
                sources=reader.sources,
                totals=totals.pieces,
                result=result,
                case=wish.what_if,
                changes=changes,
            )
            _write(folder, page.text(), tables | {"quarantine": _quarantine(reader)}, policy)
    return page.text()


def _read(wish: Wish, reader: Reader) -> Legs:
    for path in wish.mappings:
        if own_mapping(path):
            reader.take_mapping(path)
    return Legs(
        identities=reader.identities([path for path in wish.mappings if not own_mapping(path)]),
        requested=reader.read(REQUESTED, wish.requested),
        shipped=reader.read(SHIPPED, wish.shipped),
        received=reader.read(RECEIVED, wish.received),
    )


def _match(legs: Legs, policy: Policy, now: datetime, folder: Path) -> tuple[Result, Totals]:
    totals, lines = Totals(), LineFile(folder / "lines.csv")

    def take(chunk: pa.Table) -> None:
        totals.add(chunk)
        lines.add(chunk)

    try:
        return run_match(legs, policy.match, now, take), totals
    finally:
        lines.close()


def _drop(_chunk: pa.Table) -> None:
    pass


def _quarantine(reader: Reader) -> pa.Table:
    names = ("file", "row_no", "column", "code", "value", "reason")
    schema = pa.schema([(name, pa.int64() if name == "row_no" else pa.string()) for name in names])
    return pa.Table.from_pylist(
        [{name: getattr(bad, name) for name in names} for bad in reader.bad_rows], schema
    )


def _write(folder: Path, summary: str, tables: dict[str, pa.Table], policy: Policy) -> None:
    write_tables(folder, tables, summary, policy.language)
    (folder / "summary.txt").write_text(summary, encoding="utf-8")
    settings = json.dumps(policy.settings(), indent=2, ensure_ascii=False)
    (folder / "policy.json").write_text(settings + "\n", encoding="utf-8")

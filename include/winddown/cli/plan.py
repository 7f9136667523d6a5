"""Gather, decide, write: one plan on files."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from include.winddown.adapters.files.policies import read_policy
from include.winddown.adapters.shown_tables import (
    in_currency,
    most_at_stake,
    safe_table,
    write_csv,
    write_workbook,
)
from include.winddown.cli.decide import Decided, decide, find_odd_products, plan_tables
from include.winddown.cli.folder import check_free, whole_folder
from include.winddown.cli.gather import Files, Gathered, gather
from include.winddown.cli.labels import LABELS
from include.winddown.cli.summary import Report, summarise
from include.winddown.domain.findings import deadline_note
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.words import say_turns
from include.winddown.domain.what_if import Case

_STEPS = ("stock", "orders", "catalogue", "fees", "plan", "write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """
    What is to be planned.

    Attributes:
        files: the input.
        policy: a policy file.
        deadline_on: last day in the marketplace's warehouses.
        out: the folder of the results; must not be there, or be empty.
        as_of: the day the stock must have been counted on; None = any.
        language: of the sentences; None = as the policy says.
        cases: what-if cases.
    """

    files: Files
    policy: Path
    deadline_on: date
    out: Path
    as_of: date | None = None
    language: str | None = None
    cases: Sequence[Case] = ()


def plan(wish: Wish) -> str:
    """
    Plan, and write lines, decisions, notes, a workbook and a summary into a new folder.

    Returns:
        The summary.

    Raises:
        WinddownError: the input cannot be used; the message says why, and nothing was written.
    """
    check_free(wish.out)
    policy = read_policy(wish.policy)
    policy = replace(policy, language=wish.language) if wish.language else policy
    with _bar() as bar:
        gathered = gather(wish.files, policy, wish.as_of, datetime.now(UTC), bar.next)
        deadline_note(gathered.counted_at.date(), wish.deadline_on, policy)
        bar.next("plan")
        decided = decide(gathered, wish.deadline_on, policy, wish.cases, bar.part)
        bar.next("write")
        return _write(wish, policy, gathered, decided)


def _write(wish: Wish, policy: Policy, gathered: Gathered, decided: Decided) -> str:
    report = Report(
        counted_on=gathered.counted_at.date(),
        deadline_on=wish.deadline_on,
        policy=policy,
        currency=gathered.currency,
        sources=gathered.sources,
        has_fees=wish.files.fees is not None,
        lines=decided.lines,
        decisions=decided.decisions,
        charge_minor=decided.charge_minor,
        odd=find_odd_products(gathered, policy),
        outcomes=decided.outcomes,
    )
    summary = summarise(report)
    tables = {name: safe_table(table) for name, table in _tables(wish, report, gathered).items()}
    with whole_folder(wish.out) as folder:
        for name, table in tables.items():
            write_csv(folder / f"{name}.csv", table)
        sheets = {name: in_currency(most_at_stake(table)) for name, table in tables.items()}
        note = LABELS[policy.language]["cut"]
        write_workbook(folder / "plan.xlsx", {"summary": _page(summary), **sheets}, note)
        (folder / "summary.txt").write_text(summary, encoding="utf-8")
        settings = json.dumps(policy.settings(), indent=2, ensure_ascii=False)
        (folder / "policy.json").write_text(settings + "\n", encoding="utf-8")
    return summary


def _tables(wish: Wish, report: Report, gathered: Gathered) -> dict[str, pa.Table]:
    planned = plan_tables(report.lines, report.decisions)
    tables = {
        "decisions": _with_reasons(planned[DECISIONS.name], report),
        "lines": planned["plan_lines"],
        "notes": pa.Table.from_pylist(
            [
                {
                    "file": wish.files.catalogue.name,
                    "line": row_no,
                    "sku": odd.sku,
                    "code": odd.code,
                    "what_follows": odd.follows,
                }
                for row_no, odd in report.odd
            ],
            _texts("file", "line:int", "sku", "code", "what_follows"),
        ),
        "quarantine": pa.Table.from_pylist(
            [
                {"file": bad.file, "row_no": bad.row_no, "column": bad.column, "code": bad.code}
                | {"value": bad.value, "reason": bad.reason}
                for bad in gathered.bad_rows
            ],
            _texts("file", "row_no:int", "column", "code", "value", "reason"),
        ),
    }
    return tables | ({"what_if": pa.Table.from_pylist(report.outcomes)} if report.outcomes else {})


def _with_reasons(decisions: pa.Table, report: Report) -> pa.Table:
    """Put beside each decision the sentence its lines carry, and where it would turn."""
    free = report.lines.loc[report.lines["condition"] == "sellable"].sort_values("disposition")
    free = free.loc[free["disposition"] != "hold"].drop_duplicates("sku")
    why = dict(zip(free["sku"], free["why"], strict=True))
    texts = [why.get(sku, "") for sku in decisions["sku"].to_pylist()]
    reasoned = decisions.append_column("why", pa.array(texts, pa.string()))
    return reasoned.append_column("turns", pa.array(_turns(report), pa.string()))


def _turns(report: Report) -> list[str]:
    """Word the turning points of each decision; only the listings with the most money have any."""
    flips = [name for name in DECISIONS.names if name.startswith("flip_")]
    found = report.decisions[flips].notna().any(axis=1).to_numpy()
    words = iter(report.decisions[found].to_dict("records"))
    return [say_turns(next(words), report.policy.language) if is_told else "" for is_told in found]


def _texts(*columns: str) -> pa.Schema:
    named = [column.partition(":") for column in columns]
    return pa.schema([pa.field(name, pa.int64() if kind else pa.string()) for name, _, kind in named])


def _page(summary: str) -> pa.Table:
    title, *lines = summary.splitlines()
    return safe_table(pa.table({title: pa.array(lines, pa.string())}))


class _Bar:
    """A bar on the error stream; files and pipes get none."""

    def __init__(self, progress: Progress, steps: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=steps)
        self._step = -1

    def next(self, what: str) -> None:
        self._step += 1
        self._progress.update(self._task, completed=self._step, description=what)

    def part(self, share: float) -> None:
        self._progress.update(self._task, completed=self._step + share)


@contextmanager
def _bar() -> Iterator[_Bar]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bar(progress, len(_STEPS))

"""A plan on one page, for people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from include.winddown.adapters.ports import Source
from include.winddown.cli.labels import LABELS
from include.winddown.domain.findings import CODES, Finding, last_call_on, lead_note
from include.winddown.domain.frames import DISPOSITIONS
from include.winddown.domain.policy import Policy
from include.winddown.domain.question_words import words_of
from include.winddown.domain.split.certificate import certify
from include.winddown.domain.split.words import sentence, tongue
from include.winddown.domain.texts import shown

TOP_LISTINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    What a summary is made from.

    Attributes:
        counted_on, deadline_on: the plan's two days.
        policy: its language words the summary.
        currency: of every amount.
        sources: the files.
        has_fees: whether the marketplace's fees were given.
        lines, decisions: the plan.
        charge_minor: freight of today's returns.
        odd: findings, each with its row in the catalogue's file.
        outcomes: of the what-if cases, see whatif.add_outcomes; empty when none were asked for.
    """

    counted_on: date
    deadline_on: date
    policy: Policy
    currency: str
    sources: Sequence[Source]
    has_fees: bool
    lines: pd.DataFrame
    decisions: pd.DataFrame
    charge_minor: int
    odd: Sequence[tuple[int, Finding]]
    outcomes: Sequence[Mapping[str, Any]]


def summarise(report: Report) -> str:
    """Write the summary."""
    page = _Page(report)
    parts = (page.head(), page.files(), page.units(), page.money(), page.cases(), page.odd(), page.top())
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines) + "\n"


class _Page:
    """The parts of a summary, in one language."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._label = LABELS[report.policy.language]
        self._words = words_of(report.policy.language)
        self._said = tongue(report.policy.language)

    def head(self) -> Iterator[str]:
        days = (self._report.counted_on, self._report.deadline_on)
        left = (days[1] - days[0]).days
        yield self._label["title"].format(counted_on=days[0], deadline_on=days[1], days=left)
        note = lead_note(*days, self._report.policy) or "last_call"
        yield self._label[note].format(day=last_call_on(days[1], self._report.policy))

    def files(self) -> Iterator[str]:
        yield self._label["files"]
        for source in self._report.sources:
            told = {"ok": self._said.number(source.rows_ok), "bad": self._said.number(source.rows_bad)}
            yield "  " + self._label["rows"].format(name=shown(source.name, 200), **told)
        if any(source.rows_bad for source in self._report.sources):
            yield "  " + self._label["kept_out"]
        if not self._report.has_fees:
            yield "  " + self._label["no_fees"]

    def units(self) -> Iterator[str]:
        lines = self._report.lines
        yield self._label["units"]
        yield f"  {self._words.everything}: {self._spread(lines)}"
        for column in ("warehouse_id", "handling_class"):
            for name, rows in lines.groupby(column, sort=True):
                yield f"  {shown(str(name))}: {self._spread(rows)}"

    def _spread(self, lines: pd.DataFrame) -> str:
        units = lines.groupby("disposition")["planned_qty"].sum()
        parts = [
            f"{self._words.dispositions[name]} {self._said.number(int(units[name]))}"
            for name in DISPOSITIONS
            if name in units
        ]
        return f"{self._said.number(int(units.sum()))} = {' + '.join(parts)}" if parts else "0"

    def money(self) -> Iterator[str]:
        yield self._label["money"]
        if self._report.decisions.empty:
            return
        found: Mapping[str, Any] = certify(self._report.decisions)
        part = found["certificate"]
        share = "–" if part is None else self._said.share(part)
        plan, bound = self._amount(found["plan_minor"]), self._amount(found["bound_minor"])
        yield f"  {self._words.certificate.format(plan=plan, bound=bound, share=share)}"
        yield f"  {self._words.uplift}:"
        for name, gained in found["uplift"].items():
            yield f"    {self._words.alternatives[name]}: {self._over(gained)}"
        if self._report.charge_minor:
            yield f"  {self._label['charge']}: {self._amount(self._report.charge_minor)}"
        yield from self._assumed(found["defaults"]["by_code"])

    def _over(self, gained: Mapping[str, Any]) -> str:
        minor = self._amount(gained["minor"])
        if gained["share"] is None:
            return self._words.over_nothing.format(minor=minor)
        return self._words.over.format(minor=minor, share=self._said.share(gained["share"]))

    def _assumed(self, by_code: Mapping[str, int]) -> Iterator[str]:
        for code, count in by_code.items():
            told = self._words.assumed_of.format(listings=self._said.number(count))
            yield f"  {self._said.defaults.get(code, code)} {told}"

    def cases(self) -> Iterator[str]:
        if self._report.outcomes:
            yield self._words.what_if
        for one in self._report.outcomes:
            kind, _, by = str(one["change"]).partition("=")
            name = self._words.changes[kind].format(by=by) if kind else self._words.as_it_is
            yield f"  {name}: {self._outcome(one)}"

    def _outcome(self, one: Mapping[str, Any]) -> str:
        if one["plan_minor"] is None:
            return self._words.impossible
        more = one["difference_minor"]
        sign = "+" if more > 0 else ""
        heads = self._words.what_if_heads[3:]
        pieces = (self._said.number(one[f"{of}_qty"]) for of in ("return", "keep", "dispose"))
        counts = ", ".join(f"{head} {count}" for head, count in zip(heads, pieces, strict=True))
        return f"{self._amount(one['plan_minor'])} ({sign}{self._amount(more)}); {counts}"

    def odd(self) -> Iterator[str]:
        counts = Counter(finding.code for _, finding in self._report.odd)
        if counts:
            yield self._label["odd"]
        for code in CODES:
            if counts[code]:
                count = self._said.number(counts[code])
                yield "  " + self._label["products"].format(count=count, text=self._label[code])

    def top(self) -> Iterator[str]:
        decisions = self._report.decisions
        if decisions.empty:
            return
        worth = (decisions["free_qty"] * decisions["price_minor"]).astype("int64")
        yield self._label["top"]
        for row in decisions.loc[worth.nlargest(TOP_LISTINGS).index].to_dict("records"):
            yield f"  {shown(str(row['offer_id']))}: {sentence(row, self._report.policy.language)}"

    def _amount(self, minor: int) -> str:
        return self._said.money(minor, self._report.currency)

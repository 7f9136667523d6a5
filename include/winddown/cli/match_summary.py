"""A reconciliation on one page, for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.adapters.match.run import Result
from include.winddown.adapters.ports import Source
from include.winddown.cli.match_labels import MATCH_LABELS
from include.winddown.domain.match.frames import BUCKETS
from include.winddown.domain.match.money import OPEN
from include.winddown.domain.split.words import tongue
from include.winddown.domain.texts import shown

TOTALS = ("requested_qty", *BUCKETS, "overage_qty")


@dataclass(slots=True, kw_only=True)
class Totals:
    """The pieces of all lines, summed while the lines go by."""

    pieces: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOTALS, 0))

    def add(self, lines: pa.Table) -> None:
        """Take a chunk of lines in."""
        for name in TOTALS:
            self.pieces[name] += pc.sum(lines[name]).as_py() or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    What the page is made from.

    Attributes:
        as_of: the day.
        language: en, zh or ru.
        sources: the files.
        totals: pieces of all lines.
        result: of the match.
        case: the what-if, as it was typed; empty = none.
        changes: what it would change.
    """

    as_of: date
    language: str
    sources: Sequence[Source]
    totals: Mapping[str, int]
    result: Result
    case: str = ""
    changes: Mapping[str, int] = field(default_factory=dict)

    def text(self) -> str:
        """Write the page."""
        label = MATCH_LABELS[self.language]
        parts = [[label["title"].format(day=self.as_of)], self._files(), self._where(), self._found()]
        tail = [
            label["notes"].format(count=self._number(self.result.notes.num_rows), guesses=self.result.guesses)
        ]
        if self.case:
            tail.append(label["what_if"].format(case=self.case, **self.changes))
        return "\n\n".join("\n".join(part) for part in map(list, [*parts, tail])) + "\n"

    def _files(self) -> Iterator[str]:
        label = MATCH_LABELS[self.language]
        yield label["files"]
        for source in self.sources:
            told = {"ok": self._number(source.rows_ok), "bad": self._number(source.rows_bad)}
            yield "  " + label["rows"].format(name=shown(source.name, 200), **told)
        for row in self.result.repeats.to_pylist():
            counts = {name: self._number(row[name]) for name in ("events", "rows_in", "repeats", "restated")}
            yield "  " + label["repeats"].format(leg=label[row["leg"]], **counts)

    def _where(self) -> Iterator[str]:
        label = MATCH_LABELS[self.language]
        yield label["where"]
        for name in TOTALS:
            if self.totals[name] or name == "requested_qty":
                yield f"  {label[name]}: {self._number(self.totals[name])}"

    def _found(self) -> Iterator[str]:
        label = MATCH_LABELS[self.language]
        found = self.result.found
        yield label["found"]
        for name, rows in found.groupby("class", sort=True):
            counts = {"rows": self._number(len(rows)), "qty": self._number(int(rows["qty"].sum()))}
            yield "  " + label["class"].format(name=name, money=self._money(rows), **counts)
        claims = found.loc[found["claim"] == OPEN]
        if claims.empty:
            yield label["no_claims"]
        else:
            days = [day for day in claims["claim_until_on"] if not pd.isna(day)]
            yield label["claims"].format(money=self._money(claims), day=min(days, default="–"))

    def _money(self, rows: pd.DataFrame) -> str:
        known = rows.loc[rows["value_minor"].notna()]
        sums = known.groupby("currency")["value_minor"].sum()
        told = [tongue(self.language).money(int(minor), str(currency)) for currency, minor in sums.items()]
        unknown = int(rows["value_minor"].isna().sum())
        more = [f"{MATCH_LABELS[self.language]['no_value']}: {unknown}"] if unknown else []
        return ", ".join([*told, *more])

    def _number(self, number: int) -> str:
        return tongue(self.language).number(number)

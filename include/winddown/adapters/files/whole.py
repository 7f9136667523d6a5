"""Judge a whole file once every row was seen: twins, the same thing twice, too many bad rows."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.adapters.files.chunks import Reading, Sorted
from include.winddown.adapters.files.cross_rows import Hashes, Twins, hash_rows, running_numbers
from include.winddown.adapters.files.repeats import refuse_repeats
from include.winddown.adapters.files.spill import Spill
from include.winddown.adapters.schemas import INTEGER_TYPE, arrow_schema
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.ids import UNKNOWN_SKU, judge_twins
from include.winddown.domain.sources import check_day, too_many_bad, unknown_is_alarming
from include.winddown.domain.texts import log_safe, shown

if TYPE_CHECKING:
    from include.winddown.adapters.ports import BadRow

log = logging.getLogger(__name__)
_NAMED_AT_MOST = 5


class Whole:
    """
    Everything remembered of a file while its chunks go by: counts, bad rows and hashes, no good row.

    Args:
        reading: the file and its mapping.
        policy: how many bad rows are too many.
        spill: where the good rows are.
    """

    def __init__(self, reading: Reading, policy: Policy, spill: Spill) -> None:
        self._reading, self._policy, self._spill = reading, policy, spill
        self.rows_in = self.blank = 0
        self.damaged: list[BadRow] = []
        self.set_aside: list[BadRow] = []
        feeds = reading.layout.feeds
        self._numbered = {name: feed.number_within for name, feed in feeds.items() if feed.number_within}
        self._grain = [] if set(reading.frame.grain) & set(self._numbered) else list(reading.frame.grain)
        self._twins: dict[str, Twins] = {}
        self._hashes: dict[str, list[Hashes]] = defaultdict(list)
        self._out: set[int] = set()
        self._trailer: list[str] | None = None

    def add(self, chunk: Sorted) -> None:
        """
        Take in a chunk.

        Raises:
            FileRefused: F_BAD_ROWS or F_SIZE as soon as a limit is passed, F_TRUNC for rows after the trailer.
        """
        if self._trailer is not None and chunk.rows_in:
            self._refuse_trailer("stands before the last row")
        self.rows_in += chunk.rows_in
        self.blank += chunk.blank
        self.damaged += chunk.damaged
        self.set_aside += chunk.set_aside
        for name, words in chunk.words.items():
            case_matters = name in self._reading.layout.case_matters
            self._twins.setdefault(name, Twins(case_matters=case_matters)).add(words)
        if self._grain:
            self._hashes["grain"].append(hash_rows([_flat(chunk.good, name) for name in self._grain]))
        for name, key in self._numbered.items():
            self._hashes[name].append(hash_rows([_flat(chunk.good, str(key))]))
        self._spill.add(chunk.good)
        self._take_trailer(chunk)
        self._check_sizes()

    def _take_trailer(self, chunk: Sorted) -> None:
        for row_no, cells in chunk.trailers:
            last = max((bad.row_no for bad in chunk.damaged + chunk.set_aside), default=0)
            if chunk.good.num_rows:
                last = max(last, pc.max(chunk.good["row_no"]).as_py())
            if self._trailer is not None or last > row_no:
                self._refuse_trailer("stands before the last row")
            self._trailer = cells

    def _check_sizes(self) -> None:
        if self.rows_in > self._reading.limits.rows_max:
            msg = f"{self._reading.name} has more than {self._reading.limits.rows_max} rows; split it"
            raise FileRefused(Code.F_SIZE, msg)
        if len(self.damaged) > self._policy.rows_bad_max:
            self._refuse_bad_rows()

    def mark_cut(self, row_no: int) -> None:
        """Say of a damaged last row that its line has no end."""
        for at, bad in enumerate(self.damaged):
            if bad.row_no == row_no:
                reason = f"the last line has no end and is damaged ({bad.reason}); transfer the file again"
                self.damaged[at] = replace(bad, code=Code.F_TRUNC.value, reason=reason)

    def judge(self, as_of: date | None = None) -> None:
        """
        Judge the file; afterwards `emit` may be used.

        Args:
            as_of: the day a stock count must be of, or None.

        Raises:
            FileRefused: F_TRUNC, F_SCOPE, F_DUPROW, F_BAD_ROWS or F_NO_ROWS.
        """
        self._check_trailer()
        if as_of is not None:
            self._check_day(as_of)
        if self._grain:
            refuse_repeats(self._reading, self._grain, self._joined("grain"), self._spill)
        self._put_twins_out()
        if self.rows_in and too_many_bad(self.rows_in, len(self.damaged), self._policy):
            self._refuse_bad_rows()
        if self.rows_ok == 0 and not self._reading.frame.may_be_empty:
            msg = f"{self._reading.name} has a header and no usable row; no rows is not 'nothing there': export again"
            raise FileRefused(Code.F_NO_ROWS, msg)
        self._report()

    @property
    def rows_ok(self) -> int:
        """How many rows `emit` gives."""
        return self.rows_in - len(self.damaged) - len(self.set_aside)

    def emit(self, keep_row_nos: Callable[[pa.Array], None]) -> Iterator[pa.RecordBatch]:
        """Give the good rows in the frame's schema, in the order of the file; their numbers are told before."""
        schema = arrow_schema(self._reading.frame)
        numbers = {name: running_numbers(self._joined(name)) for name in self._numbered}
        done, out = 0, pa.array(sorted(self._out), INTEGER_TYPE)
        for batch in self._spill.read():
            for name, running in numbers.items():
                batch = batch.append_column(name, pa.array(running[done : done + batch.num_rows]))  # noqa: PLW2901
            done += batch.num_rows
            if self._out:
                batch = batch.filter(pc.invert(pc.is_in(batch["row_no"], value_set=out)))  # noqa: PLW2901
            if batch.num_rows:
                keep_row_nos(batch["row_no"])
                yield batch.select(schema.names).cast(schema)

    def _check_trailer(self) -> None:
        mark = self._reading.layout.trailer
        if not mark:
            return
        if self._trailer is None:
            self._refuse_trailer("is missing")
        elif self._trailer[1:2] != [str(self.rows_in)]:
            self._refuse_trailer(
                f"says {shown(''.join(self._trailer[1:2]))!r} rows, {self.rows_in} are there"
            )

    def _refuse_trailer(self, what: str) -> None:
        msg = f"{self._reading.name}: the last row {self._reading.layout.trailer!r} {what}; transfer the file again"
        raise FileRefused(Code.F_TRUNC, msg)

    def _check_day(self, as_of: date) -> None:
        found = [pc.min_max(batch["counted_at"]).as_py() for batch in self._spill.read() if batch.num_rows]
        if found:
            first: datetime = min(pair["min"] for pair in found)
            last: datetime = max(pair["max"] for pair in found)
            check_day(self._reading.name, as_of, first.astimezone(UTC), last.astimezone(UTC))

    def _joined(self, name: str) -> Hashes:
        return np.concatenate([np.empty(0, dtype=np.uint64), *self._hashes[name]])

    def _put_twins_out(self) -> None:
        for name, twins in self._twins.items():
            suspects = twins.ambiguous()
            if len(suspects):
                self._put_out(name, twins, suspects)
        self.damaged.sort(key=lambda bad: bad.row_no)

    def _put_out(self, name: str, twins: Twins, suspects: Hashes) -> None:
        rows: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for batch in self._spill.read():
            if sum(map(len, rows.values())) > self._policy.rows_bad_max:
                break  # enough to refuse the file; the rest need not be held
            looks = twins.look(batch[name])
            for at in np.flatnonzero(np.isin(looks, suspects)).tolist():
                rows[int(looks[at])].append((batch["row_no"][at].as_py(), batch[name][at].as_py()))
        label = self._reading.label(self._reading.frame.column(name))
        for group in rows.values():
            complaint = judge_twins(sorted({text for _, text in group}))
            for row_no, text in group:
                if row_no not in self._out:
                    self._out.add(row_no)
                    self.damaged.append(self._reading.complain(row_no, label, text, complaint))

    def _refuse_bad_rows(self) -> None:
        named = [
            f"row {bad.row_no}, column {bad.column!r}, value {bad.value!r}: {bad.code}, {bad.reason}"
            for bad in self.damaged[:_NAMED_AT_MOST]
        ]
        msg = (
            f"{self._reading.name}: {len(self.damaged)} of {self.rows_in} rows read are bad, allowed are"
            f" {self._policy.rows_bad_max} rows and {self._policy.rows_bad_max_pct} %. {'; '.join(named)}."
            " Repair the file, or raise rows_bad_max and rows_bad_max_pct"
        )
        raise FileRefused(Code.F_BAD_ROWS, msg)

    def _report(self) -> None:
        name = log_safe(self._reading.name)
        if self.blank:
            log.info("%s: %d blank rows skipped", name, self.blank)
        unknown = sum(bad.reason == UNKNOWN_SKU.reason for bad in self.damaged)
        if unknown_is_alarming(self.rows_in, unknown):
            log.warning(
                "%s: %d of %d rows name a SKU the catalogue does not have", name, unknown, self.rows_in
            )


def _flat(table: pa.Table, name: str) -> pa.Array:
    return table[name].combine_chunks()

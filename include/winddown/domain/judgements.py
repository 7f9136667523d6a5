"""What came of judging frames by their expectations, and how it is told to people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from include.winddown.domain.errors import ExpectationsFailed
from include.winddown.domain.frame_expectations import Expectation

EXAMPLES_MAX = 10

_EXAMPLES_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    What came of one expectation.

    Attributes:
        expectation: what was expected.
        success: whether it holds.
        bad_rows: rows that break it; for a grain, rows beyond the first of each name;
            None when it could not be measured, which is never a success.
        row_count: rows judged; None when not measured.
        examples: at most EXAMPLES_MAX bad rows, by the columns the expectation shows;
            values fit for JSON.
    """

    expectation: Expectation
    success: bool
    bad_rows: int | None
    row_count: int | None
    examples: tuple[Mapping[str, object], ...] = ()

    @property
    def critical(self) -> bool:
        """Whether a failure stops the run."""
        return self.expectation.critical

    def sentence(self) -> str:
        """Say in one line what failed: name, column, count and rows."""
        return f"{self._place()}: {self._count()}; expected: {self.expectation.sentence}{self._rows()}"

    def _place(self) -> str:
        column = self.expectation.column
        return self.expectation.name if column is None else f"{self.expectation.name} (column {column})"

    def _count(self) -> str:
        if self.bad_rows is None:
            return "could not be measured"
        if self.expectation.kind == "rows":
            return "no rows"
        return f"{self.bad_rows} of {self.row_count} rows are bad"

    def _rows(self) -> str:
        if not self.examples:
            return ""
        told = " | ".join(
            ", ".join(f"{name}={value}" for name, value in row.items())
            for row in self.examples[:_EXAMPLES_TOLD]
        )
        return f"; for example {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """
    What came of a whole suite.

    Attributes:
        results: one per expectation, in the suite's order.
    """

    results: tuple[Result, ...]

    @property
    def failed_critical(self) -> tuple[Result, ...]:
        """The failures that stop the run."""
        return tuple(result for result in self.results if not result.success and result.critical)

    @property
    def warnings(self) -> tuple[Result, ...]:
        """The failures that do not stop the run."""
        return tuple(result for result in self.results if not result.success and not result.critical)

    def summary(self) -> str:
        """Sum up in a few lines for the log: how many hold, then each failure, critical ones first."""
        held = sum(result.success for result in self.results)
        return "\n".join(
            (
                f"{held} of {len(self.results)} expectations hold over {self._frames()}",
                *_listed("failed", self.failed_critical),
                *_listed("warning", self.warnings),
            )
        )

    def raise_if_failed(self, subject: str) -> None:
        """
        Stop when a critical expectation failed.

        Args:
            subject: what was judged, for people: 'snapshot 3f2a of exit demo-1'.

        Raises:
            ExpectationsFailed: names every critical failure with column, count and rows.
        """
        failed = self.failed_critical
        if failed:
            head = (
                f"{subject} is refused, critical expectations that failed: {len(failed)};"
                " correct the rows at their source, then start the DAG again"
            )
            msg = "\n".join((head, *_listed("failed", failed)))
            raise ExpectationsFailed(msg)

    def rows(self) -> list[dict[str, object]]:
        """
        Give one row per expectation for the store; detail fits JSON.

        A count that could not be measured is stored as 0 with detail.is_measured false; it is
        never a success.
        """
        return [
            {
                "expectation": result.expectation.name,
                "critical": result.critical,
                "success": result.success,
                "bad_rows": result.bad_rows or 0,
                "detail": {
                    "is_measured": result.bad_rows is not None,
                    "frame": result.expectation.frame,
                    "column": result.expectation.column,
                    "kind": result.expectation.kind,
                    "sentence": result.expectation.sentence,
                    "row_count": result.row_count,
                    "examples": [dict(example) for example in result.examples],
                },
            }
            for result in self.results
        ]

    def _frames(self) -> str:
        counts = {r.expectation.frame: r.row_count for r in self.results if r.expectation.statement is None}
        return ", ".join(f"{frame} ({count} rows)" for frame, count in counts.items())


def _listed(word: str, results: Iterable[Result]) -> Iterable[str]:
    return (f"- {word}: {result.sentence()}" for result in results)

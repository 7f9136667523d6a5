"""Whether a file may be used at all: known before, of this exit, of this period, and good enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy

UNKNOWN_ALARM_PCT = 1
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFact:
    """
    What is known of one file; grain: one file of one table.

    Attributes:
        name: of the file.
        sha256: of its original bytes.
        table: the frame's name.
        cabinet: whose it is (the merchant's or the exit's id, always the same kind).
        period_on: the business day it is about.
        size_bytes, rows: for showing a difference.
        imported_on: the day it came in; None for a new one.
    """

    name: str
    sha256: str
    table: str
    cabinet: str
    period_on: date
    size_bytes: int
    rows: int
    imported_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyImported:
    """A file came in before, byte for byte; there is nothing to do with it."""

    name: str
    known_name: str
    imported_on: date | None

    @property
    def sentence(self) -> str:
        """Say it to people."""
        return f"{self.name}: already imported on {self.imported_on} as {self.known_name}"


def judge_source(
    known: Sequence[FileFact], new: FileFact, *, cabinet: str, period_on: date, replace: bool = False
) -> AlreadyImported | None:
    """
    Compare a new file with those that came before.

    Args:
        known: files imported earlier, of any exit that must not share files.
        new: the file at hand.
        cabinet: whose file it must be.
        period_on: of which day.
        replace: whether a person chose to replace the period.

    Returns:
        AlreadyImported for the same bytes, None for a file to use.

    Raises:
        FileRefused: F_SCOPE for another cabinet or period, F_PERIOD for a second file of a period.
    """
    _check_scope(known, new, cabinet, period_on)
    mine = [fact for fact in known if (fact.cabinet, fact.table) == (cabinet, new.table)]
    for fact in mine:
        if fact.sha256 == new.sha256:
            return AlreadyImported(name=new.name, known_name=fact.name, imported_on=fact.imported_on)
    for fact in mine:
        if fact.period_on == period_on and not replace:
            msg = (
                f"{new.name}: {new.table} of {period_on} was imported on {fact.imported_on} as {fact.name}"
                f" with other content ({fact.rows} rows, {fact.size_bytes} bytes, sha256 {fact.sha256[:12]};"
                f" now {new.rows} rows, {new.size_bytes} bytes, sha256 {new.sha256[:12]});"
                " choose replace if the new file is the right one"
            )
            raise FileRefused(Code.F_PERIOD, msg)
    return None


def _check_scope(known: Sequence[FileFact], new: FileFact, cabinet: str, period_on: date) -> None:
    strangers = [fact for fact in known if fact.sha256 == new.sha256 and fact.cabinet != cabinet]
    owner = strangers[0].cabinet if strangers else new.cabinet
    if owner != cabinet:
        msg = f"{new.name} is a file of {owner}, this is {cabinet}; give the file of {cabinet}"
        raise FileRefused(Code.F_SCOPE, msg)
    earlier = [fact for fact in known if fact.sha256 == new.sha256 and fact.period_on != period_on]
    period = earlier[0].period_on if earlier else new.period_on
    if period != period_on:
        msg = f"{new.name} is of {period}, asked for is {period_on}; give the file of that day"
        raise FileRefused(Code.F_SCOPE, msg)


def check_day(name: str, as_of: date, first_at: datetime, last_at: datetime) -> None:
    """
    Check that a stock count is of the day asked for; a day of play covers every time zone.

    Raises:
        FileRefused: F_SCOPE with both days.
    """
    if first_at.date() < as_of - _ONE_DAY or last_at.date() > as_of + _ONE_DAY:
        msg = (
            f"{name} was counted {first_at:%Y-%m-%d} to {last_at:%Y-%m-%d}, asked for is {as_of};"
            " put the file of that day there"
        )
        raise FileRefused(Code.F_SCOPE, msg)


def too_many_bad(rows_in: int, damaged: int, policy: Policy) -> bool:
    """Tell whether a file has so many damaged rows that the rest cannot be trusted either."""
    return damaged > policy.rows_bad_max or damaged * 100 > rows_in * policy.rows_bad_max_pct


def unknown_is_alarming(rows_in: int, unknown: int) -> bool:
    """Tell whether so many rows name an unknown SKU that someone should look at the catalogue."""
    return unknown * 100 > rows_in * UNKNOWN_ALARM_PCT

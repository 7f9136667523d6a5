from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.sources import (
    AlreadyImported,
    FileFact,
    check_day,
    judge_source,
    too_many_bad,
    unknown_is_alarming,
)

DAY = date(2026, 3, 1)
KNOWN = FileFact(
    name="stock.csv",
    sha256="a" * 64,
    table="stock",
    cabinet="shop",
    period_on=DAY,
    size_bytes=100,
    rows=7,
    imported_on=date(2026, 3, 2),
)


def test_line_31_the_same_file_twice_is_no_work():
    """Known bytes say when they came in, and nothing fails."""
    verdict = judge_source([KNOWN], replace(KNOWN, name="copy.csv"), cabinet="shop", period_on=DAY)
    assert isinstance(verdict, AlreadyImported)
    assert verdict.sentence == "copy.csv: already imported on 2026-03-02 as stock.csv"


def test_line_32_another_file_of_a_known_period_is_refused():
    """One byte differs: refused, with both sizes and hashes, until a person chooses replace."""
    new = replace(KNOWN, name="new.csv", sha256="b" * 64, rows=8)
    with pytest.raises(
        FileRefused, match=r"F_PERIOD: new.csv.*7 rows.*aaaaaaaaaaaa.*8 rows.*bbbbbbbbbbbb.*replace"
    ):
        judge_source([KNOWN], new, cabinet="shop", period_on=DAY)
    assert judge_source([KNOWN], new, cabinet="shop", period_on=DAY, replace=True) is None


def test_line_33_a_file_of_another_cabinet_is_refused():
    """What the file says it belongs to must be what was asked for."""
    with pytest.raises(FileRefused, match=r"F_SCOPE: stock.csv is a file of shop, this is other"):
        judge_source([], KNOWN, cabinet="other", period_on=DAY)


def test_line_33_bytes_known_from_another_cabinet_are_refused():
    """The same bytes cannot be the stock of two cabinets."""
    with pytest.raises(FileRefused, match=r"F_SCOPE: stock.csv is a file of shop"):
        judge_source([KNOWN], replace(KNOWN, cabinet="other"), cabinet="other", period_on=DAY)


def test_line_33_a_file_of_another_period_is_refused():
    """The day of the file must be the day asked for, also when its bytes are known from that day."""
    later = date(2026, 4, 1)
    with pytest.raises(FileRefused, match=r"F_SCOPE: stock.csv is of 2026-03-01, asked for is 2026-04-01"):
        judge_source([], KNOWN, cabinet="shop", period_on=later)
    with pytest.raises(FileRefused, match=r"F_SCOPE: stock.csv is of 2026-03-01, asked for is 2026-04-01"):
        judge_source([KNOWN], replace(KNOWN, period_on=later), cabinet="shop", period_on=later)


def test_a_new_file_is_used():
    """Another table or another day of the same cabinet is no conflict."""
    orders = replace(KNOWN, table="orders", sha256="c" * 64)
    assert judge_source([KNOWN], orders, cabinet="shop", period_on=DAY) is None


def test_a_count_may_be_a_day_off_but_not_two():
    """A day of play covers every time zone; last month's count is refused."""
    check_day("stock.csv", DAY, datetime(2026, 2, 28, 1, tzinfo=UTC), datetime(2026, 3, 2, 23, tzinfo=UTC))
    with pytest.raises(FileRefused, match=r"F_SCOPE: stock.csv was counted 2026-02-01"):
        check_day("stock.csv", DAY, datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("rows", "damaged", "expected"),
    [(10_000, 50, False), (10_000, 51, True), (100, 2, False), (100, 3, True)],
)
def test_more_than_fifty_or_two_percent_is_too_many(rows, damaged, expected):
    """Either limit alone refuses the file."""
    assert too_many_bad(rows, damaged, Policy()) is expected


def test_more_than_one_percent_of_unknown_skus_is_alarming():
    """Exactly one percent is not."""
    assert not unknown_is_alarming(100, 1)
    assert unknown_is_alarming(100, 2)

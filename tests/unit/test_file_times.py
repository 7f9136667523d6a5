from datetime import UTC, datetime

import pytest

from include.winddown.domain.times import clock, read_time
from tests.file_kit import NOW, read, stock_file, stock_layout


def at(text, **declared):
    """Read a stock row counted at this time: the time, or the code."""
    layout = None
    if declared:
        columns = {
            "warehouse_id": "warehouse_id",
            "sku": "sku",
            "offer_id": "offer_id",
            "condition": {"column": "stock_status", "values": {"1": "sellable"}},
            "on_hand_qty": "quantity",
            "reserved_qty": "reserved",
            "counted_at": {"column": "snapshot_at", **declared},
        }
        layout = stock_layout(columns=columns)
    good = {"snapshot_at": "5/1/26 10:00"} if "format" in declared else {}
    rows, bad = read(stock_file({"snapshot_at": text}, good), layout=layout)
    mine = [code for row_no, _, code in bad if row_no == 2]
    return mine[0] if mine else rows[0]["counted_at"]


@pytest.mark.parametrize("text", ["2026-03-01T10:00:00", "2026-03-01 10:00", "2026-03-01"])
def test_line_81_a_time_without_zone_is_refused(text):
    """No zone, no time: it is never assumed to be UTC."""
    assert at(text) == "R_TZ"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T10:00:00Z",
        "2026-03-01T13:00:00+03:00",
        "2026-03-01 05:00-0500",
        "2026-03-01T10:00:00.000Z",
    ],
)
def test_line_82_mixed_zones_become_utc(text):
    """Each offset is honoured by itself."""
    assert at(text) == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_line_83_a_time_the_clocks_skip_is_refused():
    """02:30 did not exist in Berlin on 29 March 2026."""
    assert at("2026-03-29T02:30:00", zone="Europe/Berlin") == "R_TZ"


def test_line_84_a_time_the_clocks_show_twice_needs_an_offset():
    """02:30 came twice in Berlin on 25 October 2026; with an offset it is one of them."""
    assert at("2026-10-25T02:30:00", zone="Europe/Berlin") == "R_TZ"
    assert at("2026-10-25T02:30:00+02:00", zone="Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "infinity",
        "1999-12-31T23:59:59Z",
        "2027-06-03T00:00:00Z",
    ],
)
def test_line_85_a_time_out_of_range_is_refused(text):
    """Bounds are the year 2000 and a year from now."""
    assert at(text) == "R_DATE"


def test_line_85_the_bounds_belong_to_the_range():
    """2000 is allowed: real data of 2010 comes in."""
    assert at("2000-01-01T00:00:00Z") == datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-03-01T24:00:00Z", "2026-02-30T10:00:00Z", "2026-03-01T10:00:60Z", "2026-13-01T10:00:00Z"]
)
def test_line_86_an_impossible_time_is_refused(text):
    """24:00, 30 February and a leap second are R_DATE."""
    assert at(text) == "R_DATE"


@pytest.mark.parametrize(
    "text", ["03/04/2026", "03.04.2026 10:00", "1 March 2026", "20260301T100000Z", "2026-W10-1", "x"]
)
def test_line_87_only_iso_dates_are_read(text):
    """03/04 is two days, so neither is taken."""
    assert at(text) == "R_DATE"


def test_a_declared_form_is_read_in_its_zone():
    """A mapping may declare another form and the zone of its times."""
    assert at("3/29/26 10:00", format="%m/%d/%y %H:%M", zone="Europe/Berlin") == datetime(
        2026, 3, 29, 8, tzinfo=UTC
    )
    assert at("2026-03-29", format="%m/%d/%y %H:%M", zone="Europe/Berlin") == "R_DATE"
    assert read_time("3/29/26 10:00", clock(NOW, "%m/%d/%y %H:%M")).code == "R_TZ"


def test_other_digits_are_no_date():
    """A declared form accepts ASCII only."""
    assert read_time("٣/29/26", clock(NOW, "%m/%d/%y", "UTC")).code == "R_DATE"


def test_the_good_times_beside_a_bad_one_are_read():
    """One impossible day in a chunk does not touch the others."""
    rows, bad = read(
        stock_file({"snapshot_at": "2026-02-30T10:00:00Z"}, {"snapshot_at": "2026-02-28T10:00:00Z"})
    )
    assert [row["counted_at"] for row in rows] == [datetime(2026, 2, 28, 10, tzinfo=UTC)]
    assert bad == [(2, "snapshot_at", "R_DATE")]

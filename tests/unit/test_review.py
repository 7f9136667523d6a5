"""When the platform's answer is due, by the calendar of its country."""

from datetime import UTC, date, datetime, timedelta

import pytest

from include.winddown.domain.errors import BadParam
from include.winddown.domain.review import ZONES, is_late, review_of, today_in, working_day_after


@pytest.mark.parametrize(
    ("filed_on", "earliest_on", "latest_on"),
    [
        (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 26)),  # a Monday
        (date(2026, 11, 26), date(2026, 11, 27), date(2026, 12, 1)),  # over a weekend
        (date(2026, 11, 28), date(2026, 11, 30), date(2026, 12, 2)),  # on a Saturday
        (date(2025, 12, 30), date(2026, 1, 12), date(2026, 1, 14)),  # New Year, two days moved to it
        (date(2026, 12, 30), date(2027, 1, 11), date(2027, 1, 13)),  # the next one
        (date(2024, 4, 26), date(2024, 4, 27), date(2024, 5, 3)),  # a working Saturday pays for a Monday off
        (date(2025, 10, 31), date(2025, 11, 1), date(2025, 11, 6)),  # another one, before the day of unity
    ],
)
def test_russia_answers_within_three_working_days(filed_on, earliest_on, latest_on):
    """Holidays, days moved by decree and working Saturdays count as they are."""
    review = review_of(filed_on, "RU")
    assert (review.earliest_on, review.latest_on) == (earliest_on, latest_on)


@pytest.mark.parametrize(
    ("filed_on", "earliest_on", "latest_on"),
    [
        (
            date(2025, 9, 30),
            date(2025, 10, 9),
            date(2025, 10, 11),
        ),  # the golden week, and its working Saturday
        (date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 10)),
        (date(2025, 9, 26), date(2025, 9, 28), date(2025, 9, 30)),  # the Sunday before it is worked
    ],
)
def test_china_rests_for_the_golden_week(filed_on, earliest_on, latest_on):
    """A platform in another country has another calendar."""
    review = review_of(filed_on, "CN")
    assert (review.earliest_on, review.latest_on) == (earliest_on, latest_on)


def test_on_the_last_day_it_is_not_late_yet():
    """The day after, it is."""
    review = review_of(date(2025, 12, 30), "RU")
    assert not is_late(review.latest_on, date(2026, 1, 14))
    assert is_late(review.latest_on, date(2026, 1, 15))


@pytest.mark.parametrize("country", ["RU", "CN", "KZ", "BY", "TR"])
def test_an_answer_is_never_due_before_the_filing(country):
    """Through two whole years: earliest after the filing, latest after earliest, within three weeks."""
    for number in range(730):
        day = date(2025, 1, 1) + timedelta(days=number)
        review = review_of(day, country)
        assert day < review.earliest_on < review.latest_on <= day + timedelta(days=21)


@pytest.mark.parametrize("country", ["", "XX", "Russia!"])
def test_an_unknown_country_is_named(country):
    """No calendar is made up."""
    with pytest.raises(BadParam, match="no calendar of the country"):
        working_day_after(date(2026, 1, 1), 1, country)


def test_today_is_that_of_the_platform():
    """At 22:00 UTC it is tomorrow in Moscow already; every country of the form has a clock and a calendar."""
    evening = datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert today_in("RU", evening) == date(2026, 11, 24)
    assert {today_in(country, evening) for country in ZONES} == {date(2026, 11, 24)}
    assert all(working_day_after(date(2026, 11, 24), 1, country) for country in ZONES)
    with pytest.raises(BadParam, match="country is 'DE'; give one of RU"):
        today_in("DE", evening)

"""How long the platform's review of an application takes: one to three working days in its country."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

from include.winddown.domain.errors import BadParam

WORKING_DAYS_MIN = 1
WORKING_DAYS_MAX = 3
DAYS_OFF_MAX = 60
"""No country rests that long; more means that the calendar is broken."""

ZONES = {"RU": "Europe/Moscow", "BY": "Europe/Minsk", "KZ": "Asia/Almaty", "CN": "Asia/Shanghai"}
"""Where the clock of the platform hangs, by country; the countries a form may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """
    When the answer to an application is due.

    Attributes:
        filed_on: the day it was filed; the review begins on the next working day.
        country: of the platform, two letters.
        earliest_on, latest_on: the first and the last day on which an answer is in time.
    """

    filed_on: date
    country: str
    earliest_on: date
    latest_on: date


def review_of(filed_on: date, country: str) -> Review:
    """
    Tell when the answer to an application is due.

    Args:
        filed_on: the day, in the platform's country.
        country: its two letters, as RU.

    Raises:
        BadParam: no calendar of that country is known.
    """
    return Review(
        filed_on=filed_on,
        country=country,
        earliest_on=working_day_after(filed_on, WORKING_DAYS_MIN, country),
        latest_on=working_day_after(filed_on, WORKING_DAYS_MAX, country),
    )


def is_late(due_on: date, today: date) -> bool:
    """Whether the answer should have come by now; on the last day it is not late yet."""
    return today > due_on


def working_day_after(day: date, number: int, country: str) -> date:
    """
    Find the working day that is so many after a day; 1 = the next one.

    Days off and working weekends by decree count as the package `holidays` knows them. A year whose
    decree is not out yet has its fixed holidays and ordinary weekends.

    Raises:
        BadParam: no calendar of that country is known.
    """
    calendar = _calendar(country)
    left, off = number, 0
    while left:
        day += timedelta(days=1)
        is_working = calendar.is_working_day(day)
        left, off = (left - 1, 0) if is_working else (left, off + 1)
        if off > DAYS_OFF_MAX:
            msg = f"the calendar of {country} has no working day near {day}; bring the package holidays up to date"
            raise BadParam(msg)
    return day


def today_in(country: str, now: datetime) -> date:
    """
    Tell which day it is for the platform.

    Args:
        country: its two letters.
        now: aware.

    Raises:
        BadParam: it is none of the countries a form may name.
    """
    if country not in ZONES:
        msg = f"country is {country!r}; give one of {', '.join(ZONES)}"
        raise BadParam(msg)
    return now.astimezone(ZoneInfo(ZONES[country])).date()


def _calendar(country: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError as unknown:
        msg = f"no calendar of the country {country!r} is known; give its two letters, as RU or CN"
        raise BadParam(msg) from unknown

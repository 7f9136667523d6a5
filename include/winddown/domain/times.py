"""Read a time strictly: ISO 8601 with an offset, or what the mapping declares; never a guess."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from include.winddown.domain.codes import Code
from include.winddown.domain.ids import Complaint

ISO_TIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
)
_ISO_WITHOUT_ZONE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?"
)
_ISO = re.compile(ISO_TIME)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """
    How the times of one column are written.

    Attributes:
        latest: aware UTC; a time after it is wrong.
        earliest: aware UTC; the same before.
        pattern: a strptime pattern, or None for ISO 8601.
        zone: IANA zone of times without an offset, or None: such times are refused.
    """

    latest: datetime
    earliest: datetime = _EARLIEST
    pattern: str | None = None
    zone: str | None = None


def clock(now: datetime, pattern: str | None = None, zone: str | None = None) -> Clock:
    """Accept times from 2000 to one year after `now` (aware)."""
    return Clock(latest=now.astimezone(UTC) + timedelta(days=366), pattern=pattern, zone=zone)


def read_time(text: str, how: Clock) -> datetime | Complaint:
    """
    Read one time.

    Returns:
        Aware UTC, or the complaint: R_DATE for no or an impossible date, R_TZ for a missing
        offset and for local times that do not exist or exist twice.
    """
    local = _parse(text, how)
    if isinstance(local, Complaint):
        return local
    if local.tzinfo is None:
        settled = _settle(local, how.zone)
        if isinstance(settled, Complaint):
            return settled
        local = settled
    try:
        at = local.astimezone(UTC)
    except OverflowError:
        at = None
    if at is None or not how.earliest <= at <= how.latest:
        return Complaint(Code.R_DATE, f"give a time from {how.earliest:%Y-%m-%d} to {how.latest:%Y-%m-%d}")
    return at


def _parse(text: str, how: Clock) -> datetime | Complaint:
    if how.pattern is not None:
        try:
            return datetime.strptime(text if text.isascii() else "", how.pattern)  # noqa: DTZ007  (zone follows)
        except ValueError:
            return Complaint(Code.R_DATE, f"not a time as the mapping declares it, {how.pattern}")
    if not _ISO.fullmatch(text) and not _ISO_WITHOUT_ZONE.fullmatch(text):
        return Complaint(
            Code.R_DATE, "not an ISO time; write 2026-03-29T10:00:00Z, or declare the format in the mapping"
        )
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return Complaint(Code.R_DATE, "no such day or time of day; write 2026-03-29T10:00:00Z")


def _settle(local: datetime, zone: str | None) -> datetime | Complaint:
    if zone is None:
        return Complaint(Code.R_TZ, "no time zone; write the offset, as 2026-03-29T10:00:00+03:00")
    first = local.replace(tzinfo=ZoneInfo(zone))
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(first.tzinfo).replace(tzinfo=None) != local:
        return Complaint(Code.R_TZ, f"the clocks of {zone} skip this time; write the offset")
    return Complaint(Code.R_TZ, f"the clocks of {zone} show this time twice; write the offset")

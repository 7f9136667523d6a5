"""The time by which steps decide; one place, so that a simulated year can pass another one in."""

from datetime import UTC, datetime


def now() -> datetime:
    """Tell the time, aware."""
    return datetime.now(UTC)

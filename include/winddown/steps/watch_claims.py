"""Tell people, once, of claims that can soon be made no more."""

from datetime import UTC, datetime, timedelta

from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.settlements import lapsing, told_of
from include.winddown.domain.match.settlement_words import word_lapsing
from include.winddown.runtime import doors
from include.winddown.runtime.stations import tell
from include.winddown.steps.gather import exit_of


def lapse() -> list[str]:
    """Name, exit by exit, what ends within the policy's days; what does not get through is told by the next run."""
    engine, today = doors.database(), datetime.now(UTC).date()
    told = []
    for exit_id in ExitStore(engine).open_ids():
        days = exit_of(exit_id).policy.match.lapse_notice_days
        rows = lapsing(engine, exit_id, today.isoformat(), (today + timedelta(days=days)).isoformat())
        if not rows:
            continue
        subject, text = word_lapsing(exit_id, rows)
        tell(f"{subject}\n{text}")
        if doors.notices().send(subject, text, "warning"):
            told_of(engine, exit_id, rows)
            told.append(subject)
    return told

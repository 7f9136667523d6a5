"""Tell people, once, of applications that the platform should have answered."""

from datetime import timedelta

from include.winddown.adapters.stores.applications import ApplicationStore
from include.winddown.domain.application_words import word_late
from include.winddown.domain.review import is_late, today_in
from include.winddown.runtime import clock, doors
from include.winddown.runtime.stations import tell


def late() -> list[str]:
    """Name each late application once, by the day it is in the platform's country."""
    store, now = ApplicationStore(doors.database()), clock.now()
    told = []
    for found in store.late(now.date() + timedelta(days=1)):
        today = today_in(found.request.country, now)
        if found.due_on is None or not is_late(found.due_on, today):
            continue
        if store.told_late(found.exit_id, found.version_no):
            sentence = word_late(found.exit_id, str(found.filed_number), found.due_on, today)
            tell(sentence)
            told.append(sentence)
    return told

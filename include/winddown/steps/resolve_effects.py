"""Every few minutes: free expired claims, look up what is unknown, tell people what needs them."""

from collections import Counter
from contextlib import ExitStack

from include.winddown.adapters.desks.documents import ACCOUNT
from include.winddown.adapters.stores.effect_people import EffectPeople
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.domain.errors import NothingToDo
from include.winddown.domain.resolve import alerts, exits_to_try_again
from include.winddown.domain.stands import Stand
from include.winddown.runtime import doors
from include.winddown.runtime.stations import APPROVED_PLAN, RETURN_REQUESTS, announce, tell
from include.winddown.steps.gather import exit_of
from include.winddown.steps.guard import check_ledger
from include.winddown.steps.kinds import Deeds


def expire() -> list[dict[str, str]]:
    """Turn claims without a record into unknown ones; name the exits with something to look up."""
    late = EffectLedger(doors.database()).expire()
    rows = ask_rows(doors.database(), "resolve_open", exit_id="")
    counted = Counter(row["state"] for row in rows)
    tell(f"{late} claims ran out; open effects by state: {dict(counted) or 'none'}")
    return [
        {"exit_id": exit_id} for exit_id in sorted({r["exit_id"] for r in rows if r["state"] == "unknown"})
    ]


def look(part: dict[str, str]) -> dict[str, object]:
    """Look every unknown effect of one exit up; nothing is sent."""
    exit_id = part["exit_id"]
    unknown = [one for one in EffectLedger(doors.database()).open(exit_id) if one.state == "unknown"]
    with ExitStack() as exits:
        deeds = Deeds(exit_of(exit_id), exits)
        came = Counter(deeds.of(effect).look()[0] for effect in unknown)
    tell(f"{exit_id}: {len(unknown)} looked up, {dict(came) or 'none'}")
    return {"exit_id": exit_id, "done": came[Stand.DONE]}


def report(looked: list[dict[str, object]]) -> list[str]:
    """Tell the reconciliation of the exits whose requests turned out to stand."""
    exit_ids = sorted({str(one["exit_id"]) for one in looked if one["done"]})
    if not exit_ids:
        msg = "nothing new stands outside"
        raise NothingToDo(msg)
    announce(RETURN_REQUESTS, *exit_ids)
    return exit_ids


def try_again() -> list[str]:
    """Have a new run take up what may be sent and what no run is at."""
    check_ledger()
    exit_ids = exits_to_try_again(ask_rows(doors.database(), "resolve_open", exit_id=""))
    if not exit_ids:
        msg = "nothing waits to be tried again"
        raise NothingToDo(msg)
    announce(APPROVED_PLAN, *exit_ids)
    return exit_ids


def alert() -> list[str]:
    """Tell people, once, what only they can settle."""
    told = []
    rows = ask_rows(doors.database(), "resolve_open", exit_id="")
    people = frozenset(row["account"] for row in rows if row["account"].startswith(ACCOUNT))
    notices = doors.notices()
    for effect_key, sentence in alerts(rows, people):
        tell(sentence)
        notices.send("an effect needs people", sentence, "critical")
        EffectPeople(doors.database()).alerted(effect_key, sentence)
        told.append(sentence)
    return told

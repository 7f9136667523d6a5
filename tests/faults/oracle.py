"""Compare what stands at the desk with what the ledger says, once nothing happens any more."""

from collections import Counter

from sqlalchemy import text

from include.winddown.domain.lookup import SENDS_MAX
from tests.faults.schedule import Schedule

BOOKS = """
select
    (select coalesce(sum(accepted_qty), 0) from return_line join return_request using (request_id)
     where exit_id = :exit_id) as accepted,
    (select coalesce(sum(qty), 0) from movement where exit_id = :exit_id) as moved,
    (select count(*) from return_request where exit_id = :exit_id) as requests
"""
EFFECTS = "select request ->> 'shipment_no' as deed, state, remote_id from effect where exit_id = :exit_id"


def judge(schedule: Schedule) -> list[str]:
    """Name every wrong: duplicate, lost, stuck, books, unjust."""
    standing = [one for one in schedule.desk.standing() if one.accepted]
    per_deed = Counter(one.deed for one in standing if one.deed)
    wrongs = [f"duplicate: {deed} stands {count} times" for deed, count in per_deed.items() if count > 1]
    owner = {one.accepted.request_no: one.deed for one in standing if one.accepted}
    with schedule.ledger._engine.connect() as connection:
        rows = connection.execute(text(EFFECTS), {"exit_id": schedule.exit_id}).all()
        books = connection.execute(text(BOOKS), {"exit_id": schedule.exit_id}).one()
    for deed in schedule.deeds:
        states = [(state, remote) for name, state, remote in rows if name == deed]
        wrongs += _wrongs_of(deed, states or [("never intended", None)], per_deed[deed], owner)
    confirmed = {remote for _, state, remote in rows if state == "confirmed"}
    pieces = sum(
        line.accepted_qty
        for one in standing
        if one.accepted.request_no in confirmed
        for line in one.accepted.lines
    )
    if tuple(books) != (pieces, pieces, len(confirmed)):
        wrongs.append(f"books: {tuple(books)} for {pieces} pieces in {len(confirmed)} requests")
    return wrongs + _unjust(schedule)


def _wrongs_of(
    deed: str, states: list[tuple[str, str | None]], standing: int, owner: dict[str, str]
) -> list[str]:
    wrongs = []
    for state, remote in states:
        if state == "confirmed" and owner.get(remote or "") != deed:
            wrongs.append(f"lost: {deed} is confirmed under {remote}, which is {owner.get(remote or '')!r}")
        if state in ("rejected", "cancelled") and standing:
            wrongs.append(f"lost: {deed} is {state} and stands")
        if state not in ("confirmed", "rejected", "cancelled"):
            wrongs.append(f"stuck: {deed} is {state}")
    return wrongs


def _unjust(schedule: Schedule) -> list[str]:
    """Name what a person was asked although the world was clear: one of ours stands, or none and nothing alike."""
    wrongs = []
    for effect, standing in schedule.escalated:
        deed = effect.request["shipment_no"]
        numbers = set((effect.reply or {}).get("numbers", ()))
        named = [one for one in standing if one.accepted and one.accepted.request_no in numbers]
        is_clear = len(named) == 1 and named[0].deed == deed
        if effect.sends <= SENDS_MAX and (is_clear or not named):
            wrongs.append(f"unjust: {deed} was escalated: {(effect.reply or {}).get('detail')}")
    return wrongs

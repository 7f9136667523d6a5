"""Watch the own warehouse after the exit: stock against demand, carriers, delivery, returns; tell what is new."""

from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from include.winddown.adapters.own_report import write_report
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.own_alerts import OwnAlertStore
from include.winddown.adapters.stores.watch_days import DONE, WatchDay, WatchDays
from include.winddown.domain import exit_course as course
from include.winddown.domain.carriers import cheapest, cost_before, cost_by_carrier
from include.winddown.domain.errors import IllegalMove, NothingToDo
from include.winddown.domain.exits import Exit
from include.winddown.domain.own_alerts import Reading, judge_alerts
from include.winddown.domain.own_frames import CARRIER_FRAMES
from include.winddown.domain.watch_readings import (
    blind_kinds,
    read_chats,
    read_costs,
    read_cover,
    read_problems,
    read_service,
)
from include.winddown.domain.watch_words import word_notice, word_summary
from include.winddown.runtime import doors, own_doors
from include.winddown.runtime.stations import summarise, tell
from include.winddown.steps import own_warehouse as own
from include.winddown.steps.gather import exit_of
from include.winddown.steps.own_findings import HEADINGS, carrier_row, found_of, land, service_row, tables_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from include.winddown.adapters.ports import BadRow, Pull

Key = dict[str, str]
"""exit_id and watch, the name of the watch's folder: what travels between these tasks."""


def choose_exits(exit_id: str) -> list[str]:
    """Name the exits of this run: the one asked for, or every one that sells out of its own warehouse."""
    exits = ExitStore(doors.database())
    if exit_id:
        state = CourseStore(doors.database()).state(exit_id)
        if state not in (course.HANDING_OVER, course.CLOSED):
            msg = f"exit {exit_id} {course.what_first(state, course.HANDING_OVER)}; its own warehouse is watched then"
            raise IllegalMove(msg)
        return [exit_id]
    chosen = exits.left_ids()
    if not chosen:
        msg = "no exit is handed over or closed, so there is no own warehouse to watch"
        raise NothingToDo(msg)
    return chosen


def look(exit_id: str) -> Key:
    """Read stock, postings, returns and chats from the marketplace, and what carriers handed in as files."""
    merchant_exit = exit_of(exit_id)
    day = WatchDays(doors.store_root(), exit_id).begin(datetime.now(UTC))
    trade, rules = own_doors.own_trade(merchant_exit), merchant_exit.policy.watch
    days = max(rules.window_days, rules.dead_after_days)
    problems: dict[str, str] = {}
    bad_rows: list[BadRow] = []
    pulls: dict[str, Callable[[], Pull | None]] = {
        "own_stock": trade.stock,
        "own_postings": partial(trade.postings, days, rules.window_days),
        "own_returns": partial(trade.returns, days),
        "catalogue": lambda: doors.marketplace(merchant_exit, None).catalogue(),
    }
    for name, open_pull in pulls.items():
        problems |= land(day, name, open_pull, bad_rows)
    for frame in CARRIER_FRAMES:
        read = own_doors.carrier_files(merchant_exit).read(frame)
        day.keep(frame.name, read.rows)
        problems |= read.problems
        bad_rows += read.bad_rows
    facts = {
        "chats": asdict(trade.chats()),
        "problems": problems,
        "bad_rows": [asdict(bad) for bad in bad_rows],
    }
    day.note("facts", facts)
    tell(f"{exit_id}: read into {day.folder}; not used or not told: {', '.join(problems) or 'nothing'}")
    return {"exit_id": exit_id, "watch": day.name}


def judge(key: Key) -> Key:
    """Hold what was read against the policy, and keep what was found."""
    merchant_exit, day, past = _opened(key)
    rules, facts = merchant_exit.policy.watch, day.facts("facts")
    demands = own.ask_demand(day, past, rules)
    covers = own.cover_all(demands, day, rules)
    services = own.ask_service(day, rules)
    charges, tariffs = own.charges_of(day), own.tariffs_of(day)
    costs = cost_by_carrier(charges, tariffs)
    fee_minor = merchant_exit.policy.fees.sale_fee_minor
    before = cost_before(costs, own.ask_before(merchant_exit.exit_id), fee_minor)
    free = {one.sku: one.free_qty for one in demands}
    advice = own.advise_all(day, covers, demands, costs, merchant_exit.policy)
    readings = [
        *read_cover(covers, free),
        *read_service(services, rules),
        *read_costs(costs, rules),
        read_chats(facts["chats"]["unread_qty"], rules),
        *read_problems(facts["problems"]),
    ]
    offers = {one.sku: one.offer_id for one in demands}
    day.keep("found_stock", own.as_table(covers, free_qty=free, offer_id=offers))
    day.keep("found_service", pa.Table.from_pylist([service_row(one) for one in services]))
    day.keep("found_carriers", pa.Table.from_pylist([carrier_row(one, before) for one in costs]))
    day.keep("found_cheapest", own.as_table(cheapest(charges, tariffs, day.at.date())))
    day.keep("found_assortment", own.as_table([one for one in advice if one.what != "keep"]))
    day.note("found", found_of(covers, services, costs, before, readings))
    return key


def report(key: Key) -> Key:
    """Write the workbook and the page, and sum the watch up on the run's note."""
    merchant_exit, day, _ = _opened(key)
    found, facts = day.facts("found"), day.facts("facts")
    readings = [Reading(**one) for one in found["readings"]]
    told = OwnAlertStore(doors.database(), merchant_exit.exit_id).told()
    new = judge_alerts(told, readings, blind_kinds(facts["problems"])).tell
    where = str(day.folder / "own-stock.html")
    summary = word_summary(merchant_exit.exit_id, found["verdicts"], found["late_pct"], len(new), where)
    tables = tables_of(day, facts, readings, {one.key for one in new})
    title = f"Own warehouse of {merchant_exit.merchant}, {day.at:%Y-%m-%d}"
    workbook, page = write_report(title, summary, tables, HEADINGS)
    day.put("own-stock.xlsx", workbook)
    day.put("own-stock.html", page.encode())
    day.note(DONE, {"at": day.at, "summary": summary})
    tell(summary)
    summarise(summary)
    return key


def alert(key: Key) -> list[str]:
    """Tell people what is new or worse, in one notice; what does not get through is told by the next watch."""
    merchant_exit, day, _ = _opened(key)
    store = OwnAlertStore(doors.database(), merchant_exit.exit_id)
    readings = [Reading(**one) for one in day.facts("found")["readings"]]
    changes = judge_alerts(store.told(), readings, blind_kinds(day.facts("facts")["problems"]))
    store.over(changes.over)
    if not changes.tell:
        msg = f"nothing about {merchant_exit.exit_id} is new or worse; {len(changes.over)} things are over"
        raise NothingToDo(msg)
    subject, text = word_notice(merchant_exit.exit_id, changes.tell, str(day.folder / "own-stock.html"))
    if doors.notices().send(subject, text, "warning"):
        store.keep(changes.tell)
    return [one.sentence for one in changes.tell]


def _opened(key: Key) -> tuple[Exit, WatchDay, list[WatchDay]]:
    days = WatchDays(doors.store_root(), key["exit_id"])
    past = [one for one in days.done() if one.name < key["watch"]]
    return exit_of(key["exit_id"]), days.named(key["watch"]), past

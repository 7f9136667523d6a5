"""The end of an exit: the last snapshot with its archive, the fees of the way home, the report."""

from collections import Counter
from typing import Any

from include.winddown.adapters.letters.exit_report import write_report
from include.winddown.adapters.stores.archive import write_archive
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.hand_overs import HandOverStore, Step
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.domain import exit_course as course
from include.winddown.domain.errors import StillOpen
from include.winddown.domain.exits import Exit
from include.winddown.domain.hand_over import blockers, word_blockers
from include.winddown.domain.movements import check_balance
from include.winddown.domain.return_fees import Fees, Sent, compare_fees
from include.winddown.runtime import doors
from include.winddown.runtime.stations import tell
from include.winddown.steps.balance import bring_books_up_to_date
from include.winddown.steps.gather import exit_of, landed_at, snapshots
from include.winddown.steps.standing import look, seen

SHOWN = ("set_up", "own_stock", "prices", "archive", "ended")
TOLD = "done"


def last_step(exit_id: str, kind: str) -> Step | None:
    """Find the newest step of a kind in this hand-over."""
    return HandOverStore(doors.database()).latest(exit_id, kind)


def left_of(became: dict[str, str]) -> list[str]:
    """Name the products whose own stock was not told, each with the reason."""
    return [f"{sku} ({word})" for sku, word in sorted(became.items()) if word != TOLD]


def write_last(key: dict[str, Any]) -> str:
    """See steps.hand_over.archive."""
    exit_id, snapshot_id = str(key["exit_id"]), str(key["snapshot_id"])
    merchant_exit, store = exit_of(exit_id), snapshots()
    if not key.get("is_known"):
        store.seal(snapshot_id, landed_at(snapshot_id))
    store.verify(snapshot_id)
    snapshot = store.get(snapshot_id)
    bring_books_up_to_date(merchant_exit, snapshot)
    _say_no_supplies(exit_id, snapshot_id)
    found = look(merchant_exit, snapshot)
    open_ones = blockers(found)
    if open_ones:
        raise StillOpen(word_blockers(exit_id, course.HANDING_OVER, open_ones))
    HandOverStore(doors.database()).add(exit_id, seen(found, snapshot, course.PRODUCT))
    folder = doors.store_root() / exit_id / "archive" / snapshot_id
    index = write_archive(doors.database(), folder, exit_id, doors.store_root() / exit_id / snapshot_id)
    facts = {"folder": str(folder), "tables": index["tables"], "files": len(index["files"])}
    step = Step(kind="archive", by_user=course.PRODUCT, facts=facts, snapshot_id=snapshot_id)
    HandOverStore(doors.database()).add(exit_id, step)
    tell(f"{len(index['files'])} files of exit {exit_id} are listed in {folder}")
    return exit_id


def _say_no_supplies(exit_id: str, snapshot_id: str) -> None:
    """Whoever set delivery up where nothing can be read has also looked for supplies; see word_set_up."""
    done = last_step(exit_id, "set_up")
    if done and not done.facts["is_verified"]:
        step = Step(kind="supplies", by_user=done.by_user, facts={}, snapshot_id=snapshot_id)
        HandOverStore(doors.database()).add(exit_id, step)


def fees_of(merchant_exit: Exit) -> list[Fees]:
    """Compare expected and booked fees of the way home."""
    engine, exit_id = doors.database(), merchant_exit.exit_id
    sent = [Sent(**row) for row in ask_rows(engine, "fees_sent", exit_id=exit_id)]
    booked = {
        row["warehouse_id"]: row["booked_minor"] for row in ask_rows(engine, "fees_booked", exit_id=exit_id)
    }
    return compare_fees(sent, booked, merchant_exit.policy)


def write_page(exit_id: str) -> str:
    """Write the report; gives where it lies."""
    page = write_report(_facts(exit_id))
    place = doors.store_root() / exit_id / "reports" / "exit-report.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(page.encode())
    step = Step(kind="report", by_user=course.PRODUCT, facts={"place": str(place)})
    HandOverStore(doors.database()).add(exit_id, step)
    return str(place)


def _facts(exit_id: str) -> dict[str, Any]:
    engine, merchant_exit = doors.database(), exit_of(exit_id)
    steps = [one for kind in SHOWN if (one := last_step(exit_id, kind))]
    by_kind = {one.kind: one for one in steps}
    if missing := [kind for kind in ("archive", "ended") if kind not in by_kind]:
        msg = f"exit {exit_id} has no report yet: {' and '.join(missing)} first; start hand_over by hand"
        raise StillOpen(msg)
    became = dict(by_kind["own_stock"].facts["became"]) if "own_stock" in by_kind else {}
    counts = ask_rows(engine, "report_requests", exit_id=exit_id)[0]
    prices = ask_rows(engine, "report_prices", exit_id=exit_id)[0]
    return {
        "exit": merchant_exit,
        "ended": by_kind["ended"].facts,
        "ended_by": by_kind["ended"].by_user,
        "course": CourseStore(engine).history(exit_id),
        "units": check_balance(MovementStore(engine).balance(exit_id).to_pandas()),
        "counts": {f"requests {name}": n for name, n in counts.items()}
        | {f"prices {name}": n for name, n in prices.items()},
        "discrepancies": ask_rows(engine, "report_discrepancies", exit_id=exit_id),
        "fees": fees_of(merchant_exit),
        "own_stock": dict(Counter(word.split(":")[0] for word in became.values())),
        "left": left_of(became),
        "steps": steps,
        "archive": by_kind["archive"].facts["folder"],
    }

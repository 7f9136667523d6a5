"""A year of one exit: what the platform, the partner and the people do, day by day, through the steps of the DAGs."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from sqlalchemy import Engine

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain import exit_course as course
from include.winddown.domain.application import ACCEPTED, AGAIN, CLEAR_STOCK, FINISH_ORDERS, LEAVE_IT, REFUSED
from include.winddown.domain.errors import BadAnswer, IllegalMove, NothingToDo, StillOpen
from include.winddown.domain.frames import CATALOGUE, SUPPLIES
from include.winddown.steps import apply_to_leave, clearing, hand_over
from tests.contract.leaving import FORM
from tests.contract.snapshot_kit import order, product, shelf, snapshot_of

DAYS = 365
COUNTRIES = ("RU", "BY", "KZ", "CN")
WHY = {"why_refused": "pieces remain in WH-1", "decided_on": ""}
REFUSALS = (CLEAR_STOCK, FINISH_ORDERS, REFUSED)
NEVER = DAYS + 1


@dataclass(slots=True)
class Life:
    """
    One exit, and when somebody does something next.

    Attributes:
        seed: makes the whole life.
        clock: tells the day.
        waits: what it waits for now, in words; the truth that its state is held against.
        due: day on which that comes; NEVER = it does not come this year.
    """

    engine: Engine
    store: SnapshotStore
    exit_id: str
    seed: int
    clock: Callable[[], datetime]
    began_on: date
    policy: dict[str, Any]
    chance: Random = field(init=False)
    waits: str = "a draft"
    due: int = 0
    stock: int = 0
    orders: int = 0
    version: dict[str, Any] = field(default_factory=dict)
    ready: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    reopenings: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311  a seeded life, not cryptography
        self.due = self.chance.randrange(60)
        self.stock = self.chance.randrange(1, 6)

    @property
    def form(self) -> str:
        country = COUNTRIES[self.seed % len(COUNTRIES)]
        return json.dumps(FORM | {"exit_id": self.exit_id, "country": country, "policy": self.policy})

    @property
    def state(self) -> str:
        return CourseStore(self.engine).state(self.exit_id)

    def live(self, day: int) -> None:
        """Do whatever is due on a day; what cannot go on yet comes back later."""
        while self.due <= day:
            before = self.waits
            STAGES[self.waits](self, day)
            assert self.due > day or self.waits != before, (self.exit_id, before)

    def then(self, waits: str, day: int, least: int, most: int) -> None:
        self.waits, self.due = waits, day + self.chance.randint(least, most)

    def photograph(self) -> dict[str, Any]:
        """Take a snapshot of what is there today."""
        rows = [shelf(on_hand_qty=self.stock)]
        orders = [order(f"P-{number}", "delivering") for number in range(self.orders)]
        more = ((CATALOGUE, [product("A1")]), (SUPPLIES, []))
        taken = snapshot_of(self.store, self.exit_id, orders, rows, at=self.clock(), more=more)
        return {"exit_id": self.exit_id, "snapshot_id": taken.snapshot_id}

    def draft(self, day: int) -> None:
        """Fill in the form and draft the next version; a second run meanwhile is refused."""
        apply_to_leave.draft(self.form)
        self.version = apply_to_leave.text(apply_to_leave.dossier(self.photograph()), self.form)
        self.counts["versions"] += 1
        self.then("the filing", day, 0, 4)

    def file(self, day: int) -> None:
        """A person files it, or not yet; at times the form is filled in wrongly first."""
        assert apply_to_leave.ask_file(self.version)["subject"]
        if self.chance.random() < 0.1:
            refused(BadAnswer, lambda: apply_to_leave.hear_file(self.version, "Filed", {}, "ada"))
        if self.chance.random() < 0.1:
            refused(NothingToDo, lambda: apply_to_leave.hear_file(self.version, "Not filed", {}, "ada"))
            self.then("a draft", day, 5, 40)
            return
        number = {"number": f"77-{day}", "filed_on": ""}
        apply_to_leave.hear_file(self.version, "Filed", number, "ada")
        refused(IllegalMove, lambda: apply_to_leave.draft(self.form))
        apply_to_leave.ask_wait_for_review(self.version)
        if self.chance.random() < 0.02:
            self.waits, self.due = "the platform", NEVER
            return
        self.then("the platform", day, 0, 25 if self.chance.random() < 0.2 else 4)

    def decide(self, day: int) -> None:
        """The platform answers: accepted, or refused with a reason."""
        heard = apply_to_leave.hear_wait_for_review
        if self.chance.random() < 0.6:
            decided = heard(self.version, ACCEPTED, {"why_refused": "", "decided_on": ""}, "ben")
            apply_to_leave.accept(decided)
            refused(NothingToDo, lambda: apply_to_leave.ask_what_next(decided))
            self.counts["accepted"] += 1
            self.then("the clearing", day, 0, 3)
            return
        refused(BadAnswer, lambda: heard(self.version, CLEAR_STOCK, {"why_refused": ""}, "ben"))
        decided = heard(self.version, self.chance.choice(REFUSALS), WHY, "ben")
        refused(NothingToDo, lambda: apply_to_leave.accept(decided))
        assert apply_to_leave.ask_what_next(decided)["body"]
        self.counts["refused"] += 1
        if self.chance.random() < 0.1:
            refused(NothingToDo, lambda: apply_to_leave.hear_what_next(decided, LEAVE_IT, {}, "ada"))
            self.waits, self.due = "a person who applies again", NEVER
            return
        apply_to_leave.hear_what_next(decided, AGAIN, {}, "ada")
        self.stock = max(self.stock - 1, 0)
        self.then("a draft", day, 1, 30)

    def clear(self, day: int) -> None:
        """A snapshot a few days later; stock goes, orders come and arrive."""
        self.photograph()
        clearing.begin_clearing(self.exit_id)
        if self.moves_on():
            self.then("the set-up", day, 0, 6)
            return
        self.stock = max(self.stock - self.chance.randint(0, 2), 0)
        self.orders = self.chance.choice((0, 0, 1, 2))
        self.counts["blocked"] += 1
        self.then("the clearing", day, 3, 12)

    def moves_on(self) -> bool:
        """Run standing as a snapshot does; whether nothing is open any more."""
        is_free = not self.stock and not self.orders
        try:
            hand_over.standing(self.exit_id, "False")
        except NothingToDo:
            assert not is_free, self.exit_id
            return False
        assert is_free, self.exit_id
        return True

    def set_up(self, day: int) -> None:
        """A person sets delivery up, or not yet."""
        self.ready = hand_over.prepare(self.exit_id)
        assert hand_over.ask_set_up(self.ready)["subject"]
        if self.chance.random() < 0.3:
            refused(NothingToDo, lambda: hand_over.hear_set_up(self.ready, "Not yet", {}, "ada"))
            self.then("the set-up", day, 1, 20)
            return
        hand_over.hear_set_up(self.ready, "Set up", {}, "ada")
        assert hand_over.ask_set_up(self.ready) == {"answered": self.ready}
        hand_over.restore(hand_over.publish_stock(self.ready))
        self.then("the archive", day, 0, 2)

    def archive(self, day: int) -> None:
        """The last snapshot; at times a buyer's parcel has come back in the meantime, and it goes again."""
        self.orders = int(self.chance.random() < 0.15)
        key = self.photograph() | {"is_known": True}
        if self.orders:
            refused(StillOpen, lambda: hand_over.archive(key))
            refused(StillOpen, lambda: hand_over.close(self.exit_id))
            self.counts["stopped at the last look"] += 1
            self.then("the archive", day, 2, 9)
            return
        hand_over.archive(key)
        self.then("the end of the contract", day, 0, 30)

    def end(self, day: int) -> None:
        """A person ends the contract; report; closed."""
        heard = hand_over.hear_end_contract
        refused(BadAnswer, lambda: heard(self.exit_id, "Ended", {}, "ada"))
        if self.chance.random() < 0.3:
            refused(NothingToDo, lambda: heard(self.exit_id, "Not yet", {}, "ada"))
            self.then("the end of the contract", day, 1, 30)
            return
        heard(self.exit_id, "Ended", {"number": f"K-{day}", "ended_on": ""}, "ada")
        hand_over.close(hand_over.report(self.exit_id))
        hand_over.close(self.exit_id)
        self.counts["closed"] += 1
        self.waits, self.due = "nothing", NEVER
        if self.chance.random() < 0.25:
            self.then("a return", day, 10, 90)

    def reopen(self, day: int) -> None:
        """The merchant comes back and leaves again."""
        refused(IllegalMove, lambda: apply_to_leave.draft(self.form))
        CourseStore(self.engine).move(self.exit_id, course.REOPENED, "ada", "back for the season")
        self.stock, self.reopenings = self.chance.randrange(1, 4), self.reopenings + 1
        self.then("the clearing", day, 0, 30)


STAGES: dict[str, Callable[[Life, int], None]] = {
    "a draft": Life.draft,
    "the filing": Life.file,
    "the platform": Life.decide,
    "the clearing": Life.clear,
    "the set-up": Life.set_up,
    "the archive": Life.archive,
    "the end of the contract": Life.end,
    "a return": Life.reopen,
}

STATES = {
    "a draft": {course.DRAFTED, course.REFUSED, None},
    "the filing": {course.DRAFTED, course.REFUSED},
    "the platform": {course.IN_REVIEW},
    "a person who applies again": {course.REFUSED},
    "the clearing": {course.ACCEPTED, course.CLEARING, course.SETTLING, course.REOPENED},
    "the set-up": {course.HANDING_OVER},
    "the archive": {course.HANDING_OVER},
    "the end of the contract": {course.HANDING_OVER},
    "a return": {course.CLOSED},
    "nothing": {course.CLOSED},
}
"""The states in which an exit may be while it waits for that; None = it is not there yet."""


def refused(error: type[Exception], step: Callable[[], object]) -> None:
    """Run a step that has to stop with this error."""
    try:
        step()
    except error:
        return
    msg = f"{error.__name__} was expected"
    raise AssertionError(msg)

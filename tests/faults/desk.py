"""A return desk that misbehaves: acts late, acts and is not heard, shows stale and cut lists, is asked twice."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from include.winddown.adapters.ports import Found
from include.winddown.domain import effects as rules
from include.winddown.domain.effects import Accepted, AcceptedLine, Manner, Reply, ReturnRequest
from tests.faults.world import World

HORIZON_S = 400.0
TIMEOUT_S = 10.0
LATE_S = (2 * TIMEOUT_S, 200.0)
SOON_S = (0.1, 3.0)
LONG_AGO_S = 3_600.0
STALE_S = (1.0, 30.0)
SLOW_S = (20.0, 80.0)
SHIFTED_MOST = 2
"""Of three reads in a row one at least is whole: the ledger takes two for absence and looks once more to send."""
PAGE = 4

BEFORE_ACTING = {
    "no connection": (None, False),
    "429": (429, True),
    "401": (401, True),
    "503 before acting": (503, True),
    "dropped before acting": (None, True),
    "redirect": (307, True),
}
AFTER_ACTING = {
    "acts, then hangs": None,
    "acts late": None,
    "reply dropped": None,
    "502 after acting": 502,
    "504, acts late": 504,
    "garbled 200": 200,
    "cut body": 200,
}
LATE = ("acts late", "504, acts late")
CREATE = (*BEFORE_ACTING, *AFTER_ACTING, "other content", "twice")
CREATE_SHARES = (0.3, 0.6, 0.9)
LIST = ("failed", "cut", "stale", "slow", "shifted")
LIST_SHARES = (0.0, 0.3, 0.7)


@dataclass(slots=True)
class Kept:
    """A request at the desk; `deed` is the hidden truth of what it was sent for, empty for another's."""

    deed: str
    wanted: ReturnRequest
    acts_at: float
    accepted: Accepted | None = None
    is_refused: bool = False


@dataclass(slots=True)
class Desk:
    """
    The desk of one world.

    Attributes:
        manner: whether it keeps references.
        deed_of: what each reference is for; it has no other way to know when a key is made anew.
        refused: deeds whose content it refuses.
        is_strict: whether it refuses a second request with one reference.
        kept: everything it ever got, in the order it acts.
    """

    world: World
    manner: Manner
    deed_of: dict[str, str]
    refused: frozenset[str] = frozenset()
    is_strict: bool = False
    kept: list[Kept] = field(default_factory=list)
    _pending: list[Kept] = field(default_factory=list)
    _create: dict[str, float] = field(init=False)
    _list: dict[str, float] = field(init=False)
    _lost_reads: dict[str, int] = field(default_factory=dict)
    _lag_s: float = field(init=False)
    _more_lag_s: float = field(init=False)

    def __post_init__(self) -> None:
        """Draw what kind of desk this is."""
        chance = self.world.chance
        self._create = self.world.temper(CREATE, chance.choice(CREATE_SHARES))
        self._list = self.world.temper(LIST, chance.choice(LIST_SHARES))
        self._lag_s = chance.choice((0.0, chance.uniform(*STALE_S) / 2))
        self._more_lag_s = chance.uniform(*STALE_S) / 2

    def create(self, request: ReturnRequest) -> Reply:
        """Take a request, once for each call, and answer or not."""
        world = self.world
        world.point("before the send", is_send=True)
        trouble = world.trouble(self._create)
        world.counts["sends"] += 1
        world.counts["bad replies"] += bool(trouble)
        if trouble in BEFORE_ACTING:
            status, sent = BEFORE_ACTING[trouble]
            return self._said(status, sent=sent, readable=status in (401, 429, 503))
        kept = self._deliver(request, world.chance.uniform(*(LATE_S if trouble in LATE else SOON_S)))
        if trouble == "twice" and self.is_strict:
            self._deliver(request, world.chance.uniform(*world.chance.choice((SOON_S, (0.1, 20)))))
        hears_nothing = trouble in AFTER_ACTING and AFTER_ACTING[trouble] is None
        world.point("between send and reply")
        is_soon = trouble in LATE or hears_nothing
        world.sleep(TIMEOUT_S if is_soon else max(0.0, kept.acts_at - world.now))
        if trouble in AFTER_ACTING:
            return self._said(AFTER_ACTING[trouble], sent=True, readable=False)
        return self._answer(kept, trouble)

    def find(self, request: ReturnRequest) -> Found:
        """Show the list, or part of it, or the list of a while ago."""
        world = self.world
        world.point("before the list")
        trouble = world.trouble(self._list)
        world.counts["lists"] += 1
        world.counts["bad lists"] += bool(trouble)
        if trouble == "slow":
            world.sleep(world.chance.uniform(*SLOW_S))
        if trouble == "failed":
            return Found(complete=False, matches=())
        shown = self._shown(world.now - self._lag_s - (self._more_lag_s if trouble == "stale" else 0.0))
        if trouble == "cut":
            shown = shown[: world.chance.randint(0, len(shown))]
        shown = self._shifted(shown, request.client_reference, is_shifted=trouble == "shifted")
        world.point("after the list")
        return Found(complete=trouble != "cut", matches=self._matching(shown, request))

    def _shifted(self, shown: list[Kept], reference: str, *, is_shifted: bool) -> list[Kept]:
        """Lose the newest of ours between two pages that moved while they were read."""
        in_a_row = self._lost_reads.get(reference, 0)
        ours = [one for one in shown if one.deed]
        if not is_shifted or not ours or in_a_row >= SHIFTED_MOST:
            self._lost_reads[reference] = 0
            return shown
        self._lost_reads[reference] = in_a_row + 1
        return [one for one in shown if one is not ours[-1]]

    def standing(self) -> list[Kept]:
        """Tell the truth: everything that stands now."""
        return self._shown(self.world.now)

    def plant(self, wanted: ReturnRequest) -> None:
        """
        Let somebody else have asked for this, long ago.

        A look-alike younger than the list's lag when we look first is taken for ours: nobody could tell.
        """
        self._keep(Kept(deed="", wanted=wanted, acts_at=self.world.now - LONG_AGO_S))

    def is_quiet(self) -> bool:
        """Whether nothing that was sent has still to be acted on."""
        self._act()
        return not self._pending

    def _matching(self, shown: Iterable[Kept], request: ReturnRequest) -> tuple[Accepted, ...]:
        if self.manner.knows_reference:
            mine = [one for one in shown if one.wanted.client_reference == request.client_reference]
        else:
            mine = [one for one in shown if _goods(one.wanted) == _goods(request)]
        return tuple(one.accepted for one in mine if one.accepted)

    def _deliver(self, request: ReturnRequest, delay_s: float) -> Kept:
        deed = self.deed_of.get(request.client_reference, "")
        kept = Kept(deed=deed, wanted=request, acts_at=self.world.now + delay_s)
        self._pending.append(kept)
        return kept

    def _act(self) -> None:
        due = [one for one in self._pending if one.acts_at <= self.world.now]
        for kept in sorted(due, key=lambda one: one.acts_at):
            self._pending.remove(kept)
            self._keep(kept)

    def _keep(self, kept: Kept) -> None:
        reference = kept.wanted.client_reference
        is_second = self.is_strict and any(one.wanted.client_reference == reference for one in self.kept)
        kept.is_refused = kept.deed in self.refused or is_second
        if not kept.is_refused:
            kept.accepted = _accept(kept.wanted, f"RR-{len(self.kept) + 1:04d}")
            self.kept.append(kept)

    def _shown(self, at: float) -> list[Kept]:
        self._act()
        return [one for one in self.kept if one.acts_at <= at]

    def _answer(self, kept: Kept, trouble: str) -> Reply:
        self._act()
        if kept.is_refused:
            status = 422 if kept.deed in self.refused else 409
            return self._said(status, sent=True, readable=True)
        accepted = kept.accepted
        if trouble == "other content" and accepted:
            line = AcceptedLine(sku="ELSE", condition="sellable", requested_qty=9, accepted_qty=9)
            accepted = Accepted(request_no=accepted.request_no, lines=(line,))
        return self._said(201, sent=True, readable=True, accepted=accepted)

    def _said(
        self, status: int | None, *, sent: bool, readable: bool, accepted: Accepted | None = None
    ) -> Reply:
        outcome = rules.classify(status, sent=sent, readable=readable)
        return Reply(outcome=outcome, detail=f"status {status}", accepted=accepted)


def _accept(wanted: ReturnRequest, number: str) -> Accepted:
    """Agree to all of it but some pieces of every third request."""
    short = int(number[3:]) % 3 == 0
    lines = [
        AcceptedLine(
            sku=line.sku,
            condition=line.condition,
            requested_qty=line.qty,
            accepted_qty=line.qty // 2 if short else line.qty,
        )
        for line in wanted.lines
    ]
    return Accepted(request_no=number, lines=tuple(lines))


def _goods(wanted: ReturnRequest) -> tuple[object, ...]:
    return (wanted.warehouse_id, wanted.destination, wanted.handling_class, wanted.lines)

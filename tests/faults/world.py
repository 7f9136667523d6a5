"""A deterministic world: one seed, simulated time, actors that take turns, kills and pauses between their steps."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from random import Random

import psycopg
from greenlet import getcurrent, greenlet
from sqlalchemy.exc import OperationalError

KILL_SHARES = (0.0, 0.02, 0.08)
PAUSE_SHARES = (0.0, 0.01, 0.04)
COMMIT_SHARES = (0.0, 0.01, 0.04)
CHOSEN_SHARE = 0.3
PAUSE_S = (30.0, 140.0)
"""Longer than the lease at times; the horizon is longer than this, the latest act and the stalest list together."""
LONG_PAUSE_S = (30.0, 900.0)
LONG_SHARE = 0.4
"""Of the pauses; none so long just before a send, where no clock can be asked any more."""
AFTER_CALM_S = 1_200.0
"""For so long, in every second world, a desk misbehaves once processes are no longer killed."""
STEP_S = (0.05, 1.5)


class Killed(BaseException):
    """The process is gone; nothing catches this but the one who starts the next."""


class Stuck(Exception):
    """The world went on for longer than any of it can take."""


class World:
    """
    What happens when.

    Each seed has a temper of its own: some kinds of fault often, others never.

    Args:
        seed: the same seed and the same code make the same history.

    Attributes:
        now: seconds since the beginning.
        is_calm: whether faults have stopped.
        counts: of everything that happened, for the report.
        owed: what happens after the COMMIT that is under way.
        quiet_at: from then on nobody outside misbehaves either.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.now = 0.0
        self.is_calm = False
        self.counts: Counter[str] = Counter()
        self.owed = ""
        self.quiet_at = 0.0
        self._kill_share = self.chance.choice(KILL_SHARES)
        self._pause_share = self.chance.choice(PAUSE_SHARES)
        self._commit_share = self.chance.choice(COMMIT_SHARES)
        self._line: list[tuple[float, int, greenlet]] = []
        self._turns = 0
        self._hub = getcurrent()

    def enter(self, life: Callable[[], None]) -> None:
        """Let an actor in; it comes to its turn soon."""
        self._queue(greenlet(life, self._hub), self.chance.uniform(0, 20))

    def run(self, until: float) -> None:
        """Give everybody his turns, in order of time, up to a moment or until nobody is left."""
        while self._line and self._line[0][0] <= until:
            self.now, _, actor = heapq.heappop(self._line)
            actor.switch()

    def calm(self) -> None:
        """Let processes live from now on; those outside may go on misbehaving for a while."""
        self.is_calm = True
        self.quiet_at = self.now + self.chance.choice((0.0, self.chance.uniform(0, AFTER_CALM_S)))

    def end(self) -> None:
        """Let every actor go, wherever it stands."""
        self.is_calm = True
        for _, _, actor in self._line:
            actor.throw()
        self._line.clear()

    def sleep(self, seconds: float) -> None:
        """Let time pass for the actor whose turn it is."""
        self._queue(getcurrent(), seconds)
        self._hub.switch()

    def point(self, name: str, *, is_send: bool = False) -> None:
        """Stand between two steps: others take their turn, the process may pause for long, or be killed."""
        seconds = self.chance.uniform(*STEP_S)
        if self._happens(self._pause_share):
            is_long = not is_send and self.chance.random() < LONG_SHARE
            seconds = self.chance.uniform(*(LONG_PAUSE_S if is_long else PAUSE_S))
            self.counts["pauses"] += 1
        self.sleep(seconds)
        if self._happens(self._kill_share):
            self.kill(name)

    def commit_trouble(self) -> str:
        """Draw what happens around a COMMIT: killed before, killed after, or the reply is lost."""
        if self.is_calm:
            return ""
        return self._drawn(dict.fromkeys(("before", "after", "lost"), self._commit_share))

    def pay(self) -> None:
        """Let happen what is due after a COMMIT: the process is killed, or never hears of it."""
        trouble, self.owed = self.owed, ""
        if trouble == "after":
            self.kill("after COMMIT")
        if trouble == "lost":
            self.counts["lost COMMIT replies"] += 1
            lost = psycopg.OperationalError("server closed the connection")
            raise OperationalError(statement="COMMIT", params=None, orig=lost)

    def temper(self, names: Iterable[str], share: float) -> dict[str, float]:
        """Choose some of these troubles for this seed, and how often they come in all."""
        chosen = [name for name in names if self.chance.random() < CHOSEN_SHARE]
        return {name: share / len(chosen) for name in chosen}

    def kill(self, name: str) -> None:
        """Kill the process whose turn it is."""
        self.counts["kills"] += 1
        self.counts[f"kill {name}"] += 1
        raise Killed(name)

    def trouble(self, shares: dict[str, float]) -> str:
        """Draw what goes wrong now outside; empty for nothing."""
        return "" if self.is_calm and self.now >= self.quiet_at else self._drawn(shares)

    def _drawn(self, shares: dict[str, float]) -> str:
        drawn = self.chance.random()
        for name, share in shares.items():
            drawn -= share
            if drawn < 0:
                return name
        return ""

    def _happens(self, share: float) -> bool:
        return not self.is_calm and self.chance.random() < share

    def _queue(self, actor: greenlet, seconds: float) -> None:
        self._turns += 1
        heapq.heappush(self._line, (self.now + seconds, self._turns, actor))


class Watched:
    """Somebody whose every method is a step: a point stands before and after each."""

    def __init__(self, whom: object, world: World) -> None:
        self._whom = whom
        self._world = world

    def __getattr__(self, name: str) -> Callable[..., object]:
        """Wrap a method, whatever it is called, so that a new one is covered too."""
        method, world = getattr(self._whom, name), self._world

        def step(*values: object, **named: object) -> object:
            world.point(f"before {name}")
            came = method(*values, **named)
            world.pay()
            world.point(f"after {name}")
            return came

        return step


@contextmanager
def put_in_place(patches: tuple[tuple[object, str, object], ...]) -> Iterator[None]:
    """Put something else in the place of names, and back again."""
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in patches]
    for owner, name, value in patches:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in kept:
            setattr(owner, name, value)

"""One seed: two workers, a resolver and a planner on the production ledger, against a desk that misbehaves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy.exc import DBAPIError

from include.winddown.adapters.stores.effect_people import EffectPeople
from include.winddown.adapters.stores.effects import Effect, EffectLedger
from include.winddown.domain.effects import Manner, RequestLine, ReturnRequest, effect_key
from include.winddown.domain.errors import WinddownError
from include.winddown.steps import ledger as steps
from tests.faults.database import Database
from tests.faults.desk import HORIZON_S, Desk, Kept
from tests.faults.world import Killed, Watched, World, put_in_place

KIND = "return_request"
DEEDS = ("WH-1-a", "WH-1-b", "WH-1-c", "WH-2-a")
CHAOS_S = (60.0, 400.0)
DRAIN_S = 6_000.0
Rests = tuple[tuple[float, float], ...]
RESTS_S: Rests = ((1.0, 20.0), (10.0, 60.0), (60.0, 240.0))
CALM_REST_S = 200.0
"""Longer than any pause just before a send: when a person looks, what was under way to the desk has arrived."""
INTEND_SHARE = 0.2
FOREIGN_SHARE = 0.1
LATER_SHARE = 0.3
LATER_S = (0.0, 25.0)
REFUSED_SHARE = 0.15
STRICT_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What of the product a schedule runs; a mutant has something else in one place."""

    ledger: type[EffectLedger] = EffectLedger
    bringing: type[steps.Bringing] = steps.Bringing
    desk: type[Desk] = Desk
    key: Callable[["Schedule", str], str] | None = None
    conflict_key: Callable[[Manner, str, str, str], str] = Manner.conflict_key
    patches: tuple[tuple[object, str, object], ...] = ()


@dataclass(slots=True)
class Schedule:
    """
    One history of one seed.

    Attributes:
        deeds: the shipments that are to be requested, each once.
        escalated: what a person was asked to settle, and what stood then.
        wanted: what each of them asks for; the first two ask for the very same goods.
    """

    database: Database
    seed: int
    knows_reference: bool
    parts: Parts = field(default_factory=Parts)
    world: World = field(init=False)
    desk: Desk = field(init=False)
    ledger: EffectLedger = field(init=False)
    people: EffectPeople = field(init=False)
    exit_id: str = field(init=False)
    plan_id: str = field(init=False)
    deeds: tuple[str, ...] = DEEDS
    wanted: dict[str, ReturnRequest] = field(default_factory=dict)
    escalated: list[tuple[Effect, list[Kept]]] = field(default_factory=list)

    def run(self) -> "Schedule":
        """Let it all happen: chaos, then calm until nothing is open; the oracle judges what is left."""
        self._set_up()
        world = self.world
        clock = (steps, "time", SimpleNamespace(monotonic=lambda: world.now))
        with put_in_place((clock, *self.parts.patches)):
            for life in (self._work, self._work, self._resolve, self._plan):
                world.enter(life)
            calm_at = world.chance.uniform(*CHAOS_S)
            world.run(calm_at)
            world.calm()
            world.enter(self._finish)
            world.run(calm_at + DRAIN_S)  # whoever still sleeps wakes up and finds that all is settled
            world.end()
        return self

    def key(self, deed: str) -> str:
        """Name the effect of a deed, as create_returns does."""
        if self.parts.key is not None:
            return self.parts.key(self, deed)
        return effect_key(self.exit_id, KIND, "d" * 64, deed)

    def state(self, deed: str) -> Any:
        """Read where a deed's effect stands."""
        return self.ledger.get(self.key(deed))

    def _set_up(self) -> None:
        self.world = world = World(self.seed)
        engine, self.exit_id, self.plan_id = self.database.serve(world, list(self.deeds))
        self.ledger, self.people = self.parts.ledger(engine), EffectPeople(engine)
        refused = frozenset(deed for deed in self.deeds[2:] if world.chance.random() < REFUSED_SHARE)
        self.desk = self.parts.desk(
            world=world,
            manner=Manner(account=self.exit_id, horizon_s=HORIZON_S, knows_reference=self.knows_reference),
            deed_of={},
            refused=refused,
            is_strict=self.knows_reference and world.chance.random() < STRICT_SHARE,
        )
        for number in range(5):
            self.desk.plant(_request(f"other-{number}", "elsewhere", "000"))
        if not self.knows_reference and world.chance.random() < FOREIGN_SHARE:
            self.desk.plant(self._wanted("by hand", self.deeds[0]))
        if not self.knows_reference and world.chance.random() < LATER_SHARE:
            world.enter(self._ask_by_hand)

    def _wanted(self, key: str, deed: str) -> ReturnRequest:
        goods = "a" if deed == "WH-1-b" else deed[-1]
        return _request(key, deed[:4], f"SKU-{goods}")

    def _live(self, job: Callable[[EffectLedger], None], rests_s: Rests = RESTS_S) -> None:
        """Do a job again and again; whatever ends one, the next begins with nothing but the database."""
        world = self.world
        while not world.is_calm:
            try:
                job(Watched(self.ledger, world))
            except Killed:
                pass
            except (DBAPIError, WinddownError) as error:
                world.counts[f"error {type(error).__name__}"] += 1
            world.sleep(world.chance.uniform(*world.chance.choice(rests_s)))

    def _work(self) -> None:
        self._live(self._go)

    def _resolve(self) -> None:
        self._live(self._look)

    def _plan(self) -> None:
        self._live(self._intend, RESTS_S[-1:])

    def _ask_by_hand(self) -> None:
        """Be somebody else who asks for goods that none of our effects was claimed for: a look shows it from then on."""
        self.world.sleep(self.world.chance.uniform(*LATER_S))
        twins = [one for one in self._open(self.ledger) if one.request["shipment_no"] in self.deeds[:2]]
        if all(one.fence == 0 for one in twins):
            self.desk.plant(self._wanted("by hand", self.deeds[0]))

    def _go(self, ledger: EffectLedger) -> None:
        """Work as create_returns does: intents in one commit, then one open request after the other."""
        if self.world.chance.random() < INTEND_SHARE:
            self._intend(ledger)
        for effect in self._open(ledger):
            self._bringing(ledger, effect.request["shipment_no"], effect.effect_key).go()

    def _open(self, ledger: EffectLedger) -> list[Effect]:
        """List what is open by shipment: keys differ with the exit, which is another one in each database."""
        return sorted(ledger.open(self.exit_id), key=lambda effect: effect.request["shipment_no"])

    def _look(self, ledger: EffectLedger) -> None:
        """Work as resolve_effects does: look up what is open, send nothing."""
        for effect in self._open(ledger):
            if effect.state == "unknown":
                self._bringing(ledger, effect.request["shipment_no"], effect.effect_key).look()

    def _intend(self, ledger: EffectLedger) -> None:
        ledger.intend(*(self._intent(deed) for deed in self.deeds))

    def _intent(self, deed: str) -> dict[str, Any]:
        key = self.key(deed)
        self.desk.deed_of[key] = deed
        return {
            "effect_key": key,
            "exit_id": self.exit_id,
            "kind": KIND,
            "plan_id": self.plan_id,
            "account": self.desk.manner.account,
            "conflict_key": self.parts.conflict_key(self.desk.manner, KIND, key, deed[:4]),
            "request": {"shipment_no": deed, "client_reference": key},
        }

    def _bringing(self, ledger: EffectLedger, deed: str, key: str = "") -> steps.Bringing:
        key = key or self.key(deed)
        self.desk.deed_of[key] = deed
        return self.parts.bringing(ledger, self.desk, deed, self._wanted(key, deed))

    def _finish(self) -> None:
        """Go on in the calm, as the worker and as the person who settles the rest, until nothing is left to do."""
        self._intend(self.ledger)
        self.world.sleep(CALM_REST_S)
        while still_open := self._open(self.ledger):
            for effect in still_open:
                try:
                    self._close(effect)
                except (DBAPIError, WinddownError) as error:
                    self.world.counts[f"error {type(error).__name__}"] += 1
            self.world.sleep(CALM_REST_S)

    def _close(self, effect: Effect) -> None:
        if effect.state != "escalated":
            self._bringing(self.ledger, effect.request["shipment_no"], effect.effect_key).go()
        elif self.desk.is_quiet():
            self._decide(effect)

    def _decide(self, effect: Effect) -> None:
        key, deed = effect.effect_key, effect.request["shipment_no"]
        self.world.counts["settled by a person"] += 1
        self.escalated.append((effect, list(self.desk.standing())))
        ours = [one.accepted for one in self.desk.standing() if one.deed == deed and one.accepted]
        if ours:
            self.people.decided(key, "engineer", "it stands")
            self.ledger.record_request(key, None, deed, deed[:4], ours[0], "a person found it")
        elif self.world.chance.random() < 0.8:
            self.people.resend(key, "engineer", "nothing of ours stands")
        else:
            self.people.cancel(key, "engineer", "not wanted any more")


def _request(key: str, warehouse_id: str, sku: str) -> ReturnRequest:
    lines = (
        RequestLine(sku=sku, condition="sellable", qty=7),
        RequestLine(sku="BOTH", condition="lost", qty=2),
    )
    return ReturnRequest(
        client_reference=key,
        warehouse_id=warehouse_id,
        destination="own",
        handling_class="standard",
        lines=lines,
    )

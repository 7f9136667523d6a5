"""The ledger without one of its rules each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func

from include.winddown.adapters.ports import Found
from include.winddown.adapters.stores.effect_rows import move
from include.winddown.adapters.stores.effects import Effect, EffectLedger
from include.winddown.adapters.stores.tables import effect as table
from include.winddown.domain import effects as rules
from include.winddown.domain.effects import Accepted, Outcome, Reply, ReturnRequest, effect_key
from include.winddown.domain.lookup import Judged, Seen, judge
from include.winddown.domain.stands import Came, Stand
from include.winddown.steps import ledger as steps
from tests.faults.desk import PAGE, Desk
from tests.faults.schedule import KIND, Parts, Schedule

classify = rules.classify


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reply is judged by."""

    status: int | None
    sent: bool
    readable: bool


def reading(is_it: Callable[[Reading], bool], outcome: Outcome) -> Parts:
    """Read some replies as something else."""

    def read(status: int | None, *, sent: bool, readable: bool) -> Outcome:
        if is_it(Reading(status=status, sent=sent, readable=readable)):
            return outcome
        return classify(status, sent=sent, readable=readable)

    return Parts(patches=((rules, "classify", read),))


class ReadyAfterExpiry(EffectLedger):
    def expire(self) -> int:
        """Take a worker that went silent for one that sent nothing."""
        with self._engine.begin() as connection:
            late = (table.c.state == "sending") & (table.c.lease_until < func.clock_timestamp())
            return connection.execute(move(late, state="ready")).rowcount


class NoHorizon(EffectLedger):
    def count_absent(self, effect_key: str, fence: int, began_at: datetime, horizon_s: float) -> str:
        """Believe absence at once."""
        return super().count_absent(effect_key, fence, began_at, horizon_s - 1_000_000)


class OneAbsentRead(EffectLedger):
    def count_absent(self, effect_key: str, fence: int, began_at: datetime, horizon_s: float) -> str:
        """Count one read twice."""
        super().count_absent(effect_key, fence, began_at, horizon_s)
        return super().count_absent(effect_key, fence, began_at, horizon_s)


class AnyoneClaims(EffectLedger):
    def take(self, effect_key: str, lease_seconds: float, send_within_seconds: float) -> Effect | None:
        """Take an effect that is being sent for one's own."""
        taken = super().take(effect_key, lease_seconds, send_within_seconds)
        there = self.get(effect_key)
        return there if taken is None and there.state == "sending" else taken


class NoFence(EffectLedger):
    def record(
        self,
        effect_key: str,
        _fence: int,
        outcome: Outcome,
        detail: str,
        remote_id: str | None = None,
        reply: dict[str, Any] | None = None,
    ) -> bool:
        """Speak for whatever claim is the present one."""
        return super().record(effect_key, self.get(effect_key).fence, outcome, detail, remote_id, reply)


class FoundWithoutBooks(EffectLedger):
    def record_request(
        self,
        effect_key: str,
        fence: int | None,
        shipment_no: str,
        warehouse_id: str,
        accepted: Accepted,
        detail: str,
    ) -> bool:
        """Confirm what a look-up found, and book nothing."""
        if fence is None:
            return self.settle_unknown(effect_key, Outcome.OK, accepted.request_no, {})
        return super().record_request(effect_key, fence, shipment_no, warehouse_id, accepted, detail)


class SendsFirst(steps.Bringing):
    def _send(self) -> Came | None:
        """Write the attempt down after the call."""
        if self._ledger.get(self._key).state != "ready":
            return None
        reply = self._desk.create(self._wanted)
        effect = self._ledger.take(self._key, steps.LEASE_SECONDS, steps.SEND_WITHIN_SECONDS)
        if effect is None:
            return Stand.WAITING, "taken"
        if reply.accepted is not None:
            return self._confirm(reply.accepted, effect.fence, reply.detail, effect.fence)
        return self._record(effect.fence, reply.outcome, reply.detail)


class LooksBeforeTheClaim(steps.Bringing):
    def _send(self) -> Came | None:
        """Look, then claim, then send."""
        if self._ledger.get(self._key).state != "ready":
            return None
        self._seen = self._desk.find(self._wanted)
        return super()._send()

    def _against_sending(self, effect: Effect) -> Came | None:
        real, seen = self._desk, self._seen
        self._desk = SimpleNamespace(find=lambda _: seen, manner=real.manner, create=real.create)
        try:
            return super()._against_sending(effect)
        finally:
            self._desk = real


class NeverLooks(steps.Bringing):
    def _against_sending(self, effect: Effect) -> Came | None:
        """Send without a look."""
        self._is_first_look_kept(effect)
        return None


class SendsUnknown(steps.Bringing):
    def _look_up(self, effect: Effect) -> Came | None:
        """Take an unknown effect for an absent one."""
        while self._ledger.get(self._key).state == "unknown":
            self._ledger.count_absent(self._key, effect.fence, self._ledger.now(), -1_000_000)
        return None


class OwnsWhatStood(steps.Bringing):
    def _judge(self, effect: Effect, found: Found) -> Judged:
        """Forget what stood before."""
        seen = Seen(taken=self._taken(effect), stood_before=())
        return judge(self._wanted, found.matches, seen, self._desk.manner, complete=found.complete)


class PicksTheFirst(steps.Bringing):
    def _judge(self, effect: Effect, found: Found) -> Judged:
        """Take the first of several."""
        matches = found.matches[:1]
        return super()._judge(effect, Found(complete=found.complete, matches=matches))


class SendsTwice(Desk):
    def create(self, request: ReturnRequest) -> Reply:
        """Be a client that repeats a write without a reply."""
        reply = super().create(request)
        return super().create(request) if reply.outcome is Outcome.UNKNOWN else reply


class FirstPage(Desk):
    def _shown(self, at: float) -> list[Any]:
        """Read one page and call it all."""
        return super()._shown(at)[:PAGE]

    def standing(self) -> list[Any]:
        return super()._shown(self.world.now)


class CutIsWhole(Desk):
    def find(self, request: ReturnRequest) -> Found:
        """Take whatever was read for everything."""
        return Found(complete=True, matches=super().find(request).matches)


def key_of_the_run(schedule: Schedule, deed: str) -> str:
    """Put the run into the key."""
    return effect_key(schedule.exit_id, KIND, f"{schedule.world.now // 200}", deed)


def own_conflict_key(_manner: object, _kind: str, key: str, _place: str) -> str:
    """Let look-alikes be under way at once."""
    return key


def never_late(*_: object) -> float:
    """Stop the clock."""
    return 0.0


def any_answer(*_: object) -> bool:
    """Take a yes to something else for a yes."""
    return True


def is_timeout(reading: Reading) -> bool:
    return reading.status is None and reading.sent

"""
Bring a group of prices into effect exactly once: look, send what still stands at its base, record.

A price is its own proof: whatever happened before (a kill, a lost reply, a second run), what stands
outside says of every single change whether it is done, may be sent, or was changed by somebody else.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence

from include.winddown.adapters.ports import ItemsReply, PriceDesk, PricesRead
from include.winddown.adapters.stores.effect_rows import Effect
from include.winddown.adapters.stores.price_ledger import PriceLedger
from include.winddown.adapters.stores.price_rows import Concluded
from include.winddown.domain.effects import Outcome
from include.winddown.domain.errors import WinddownError
from include.winddown.domain.lookup import ABSENT_READS, SENDS_MAX
from include.winddown.domain.prices import TOO_MANY, PriceChange, Sight, problem_of, see
from include.winddown.domain.stands import STAND_OF_STATE, Came, Stand
from include.winddown.steps.ledger import LEASE_SECONDS, SEND_WITHIN_SECONDS

Found = dict[str, tuple[str, str]]


class PriceDeed:
    """One group of prices, looked at without sending it."""

    def __init__(self, bringing: "PriceBringing", effect: Effect) -> None:
        self._bringing = bringing
        self._effect = effect

    def look(self) -> Came:
        """Look it up while it is unknown."""
        return self._bringing.look(self._effect)

    def shown(self) -> str:
        """Say how many of its prices stand, for people."""
        return self._bringing.shown(self._effect)

    def take(self, _number: str) -> Came:
        """Confirm nothing: a price has no number outside, what stands is its proof."""
        return Stand.ESCALATED, "a group of prices has no number: send it again, or give it up"


class PriceBringing:
    """
    One group of prices on its way.

    Args:
        ledger: where its effect and its changes are written down.
        desk: where prices are read and set.
    """

    def __init__(self, ledger: PriceLedger, desk: PriceDesk) -> None:
        self._ledger = ledger
        self._desk = desk

    def go(self, effect: Effect) -> Came:
        """Go from where the effect stands as far as it can be gone now."""
        if effect.state == "sending":
            return Stand.WAITING, "it is being sent by another worker"
        if effect.state == "unknown":
            came = self._look_up(effect)
            if came is not None:
                return came
            effect = self._ledger.get(effect.effect_key)
        return self._send(effect) if effect.state == "ready" else (Stand.WAITING, f"it is {effect.state}")

    def of(self, effect: Effect) -> PriceDeed:
        """Take up one group without sending it."""
        return PriceDeed(self, effect)

    def look(self, effect: Effect) -> Came:
        """Look an unknown group up without ever sending it."""
        came = self._look_up(effect) if effect.state == "unknown" else None
        state = self._ledger.get(effect.effect_key).state
        return came or (STAND_OF_STATE[state], f"it is {state}")

    def shown(self, effect: Effect) -> str:
        """Count what stands of a group, for people; nothing is changed."""
        changes = self._ledger.changes(effect.effect_key)
        read = self._desk.prices([change.offer_id for change in changes])
        if not read.complete:
            return f"the prices cannot be read: {read.detail}"
        seen = Counter(see(change, read.prices.get(change.offer_id)).value for change in changes)
        return ", ".join(f"{count} {sight}" for sight, count in sorted(seen.items())) or "no price"

    def _look_up(self, effect: Effect) -> Came | None:
        """Settle an unknown effect by the prices that stand; None when it may be sent again."""
        detail = "the prices do not show yet"
        for _ in range(ABSENT_READS):
            began_at = self._ledger.now()
            changes = self._ledger.changes(effect.effect_key)
            read = self._desk.prices([change.offer_id for change in changes])
            if not read.complete:
                return Stand.WAITING, f"the prices cannot be read: {read.detail}"
            sights = {change.sku: see(change, read.prices.get(change.offer_id)) for change in changes}
            if Sight.BASE not in sights.values():
                problems = _problems(changes, read)
                self._ledger.settle_seen(effect.effect_key, problems, "found by reading the prices")
                return Stand.DONE, f"{len(changes) - len(problems)} prices"
            if self._desk.manner.is_person:
                return Stand.WITH_PERSON, "handed over; the import is awaited"
            horizon_s = self._desk.manner.horizon_s
            if self._ledger.count_absent(effect.effect_key, effect.fence, began_at, horizon_s) != "unknown":
                return None
        return Stand.WAITING, detail

    def _send(self, effect: Effect) -> Came:
        began = time.monotonic()
        fence = self._ledger.claim(effect.effect_key, LEASE_SECONDS, SEND_WITHIN_SECONDS)
        if fence is None:
            stand = Stand.WITH_PERSON if self._desk.manner.is_person else Stand.WAITING
            return stand, "another change of this bucket is under way, or the ledger is frozen"
        if effect.sends >= SENDS_MAX:
            detail = f"it may have been sent {effect.sends} times and its prices never showed up"
            self._ledger.escalate(effect.effect_key, fence, detail)
            return Stand.ESCALATED, detail
        changes = self._ledger.changes(effect.effect_key)
        if not changes:
            detail = "nothing is left of it: newer changes took its place"
            self._ledger.reject(effect.effect_key, fence, {}, detail)
            return Stand.DONE, "overtaken"
        try:
            read = self._desk.prices([change.offer_id for change in changes])
        except WinddownError as error:
            self._record(effect, fence, Outcome.NOT_SENT, f"not sent: {error}")
            raise
        if not read.complete:
            return self._record(effect, fence, Outcome.NOT_SENT, f"not sent: {read.detail}")
        if time.monotonic() - began > SEND_WITHIN_SECONDS:
            return self._record(effect, fence, Outcome.NOT_SENT, "not sent: the look before took too long")
        return self._send_what_may_be(effect, fence, changes, read)

    def _send_what_may_be(
        self, effect: Effect, fence: int, changes: Sequence[PriceChange], read: PricesRead
    ) -> Came:
        problems = _problems(changes, read)
        due = [one for one in changes if one.sku not in problems and _is_due(one, read)]
        frequent = self._ledger.frequent(effect) if due else set()
        waiting = {one.sku for one in due if one.sku in frequent}
        sent = [one for one in due if one.sku not in frequent]
        words = "looked at, nothing was to be sent"
        if sent:
            reply = self._desk.set_prices([one.wanted() for one in sent], effect.effect_key)
            if reply.outcome not in (Outcome.OK, Outcome.REJECTED):
                return self._record(effect, fence, reply.outcome, reply.detail)
            refused, late = _refusals(sent, reply)
            problems, waiting, words = problems | refused, waiting | late, reply.detail
        done = len(changes) - len(problems) - len(waiting)
        detail = f"{words}; {done} stand, {len(problems)} do not, {len(waiting)} wait"
        if len(problems) == len(changes):
            self._ledger.reject(effect.effect_key, fence, problems, detail)
            return Stand.DONE, detail  # each change tells its own problem
        came = Concluded(was_sent=bool(sent), is_waiting=bool(waiting))
        is_ours = self._ledger.conclude(effect.effect_key, fence, problems, detail, came)
        if not is_ours:
            return Stand.WAITING, "another worker has taken this effect up"
        return (Stand.WAITING if waiting else Stand.DONE), detail

    def _record(self, effect: Effect, fence: int, outcome: Outcome, detail: str) -> Came:
        self._ledger.record(effect.effect_key, fence, outcome, detail, reply={"detail": detail})
        if outcome is Outcome.DENIED:
            return Stand.REFUSED, detail
        if outcome is Outcome.UNKNOWN and self._desk.manner.is_person:
            return Stand.WITH_PERSON, detail
        return Stand.WAITING, detail


def _problems(changes: Sequence[PriceChange], read: PricesRead) -> Found:
    found = ((one.sku, problem_of(one, read.prices.get(one.offer_id))) for one in changes)
    return {sku: problem for sku, problem in found if problem}


def _is_due(change: PriceChange, read: PricesRead) -> bool:
    return see(change, read.prices.get(change.offer_id)) is Sight.BASE


def _refusals(sent: Sequence[PriceChange], reply: ItemsReply) -> tuple[Found, set[str]]:
    """Tell which changes were refused, and which have to wait since the product was changed too often."""
    if reply.outcome is Outcome.REJECTED:
        return {one.sku: ("refused", reply.detail) for one in sent}, set()
    told: Mapping[str, tuple[str, ...]] = {
        one.sku: answer.errors or ("not taken, without a reason",)
        for one, answer in zip(sent, reply.answers, strict=True)
        if not answer.is_done
    }
    late = {sku for sku, errors in told.items() if all(error.startswith(TOO_MANY) for error in errors)}
    return {sku: ("refused", "; ".join(errors)) for sku, errors in told.items() if sku not in late}, late

"""
Tell a group of own stock exactly once: look, send what still stands at its base, record.

As with prices, what stands is the proof: whatever happened before, it says of every product whether
it is done, may be told, or was changed by somebody else.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence

from include.winddown.adapters.marketplaces.shelf_port import ShelfDesk, StockRead
from include.winddown.adapters.stores.effects import Effect, EffectLedger
from include.winddown.domain.effects import Outcome
from include.winddown.domain.errors import WinddownError
from include.winddown.domain.lookup import ABSENT_READS, SENDS_MAX
from include.winddown.domain.publish import NOTHING, TOO_MANY, Item, Sight, see
from include.winddown.domain.stands import STAND_OF_STATE, Came, Stand
from include.winddown.steps.ledger import LEASE_SECONDS, SEND_WITHIN_SECONDS


class StockBringing:
    """
    One group of own stock on its way.

    Args:
        ledger: where its effect is written down; its request holds the items.
        desk: where own stock is read and told.
        effect: the group.
    """

    def __init__(self, ledger: EffectLedger, desk: ShelfDesk, effect: Effect) -> None:
        self._ledger = ledger
        self._desk = desk
        self._key = effect.effect_key
        self._place = str(effect.request["warehouse_id"])
        self._items = [Item(**item) for item in effect.request["items"]]

    def go(self) -> Came:
        """Go from where the effect stands as far as it can be gone now."""
        self._ledger.expire()
        effect = self._ledger.get(self._key)
        if effect.state == "unknown":
            came = self._look_up(effect)
            if came is not None:
                return came
            effect = self._ledger.get(self._key)
        return self._send() if effect.state == "ready" else self._told(effect)

    def look(self) -> Came:
        """Look it up while it is unknown, without ever sending it."""
        effect = self._ledger.get(self._key)
        came = self._look_up(effect) if effect.state == "unknown" else None
        return came or self._told(self._ledger.get(self._key))

    def shown(self) -> str:
        """Count what stands of it, for people; nothing is changed."""
        read = self._read()
        if not read.complete:
            return f"own stock cannot be read: {read.detail}"
        seen = Counter(self._see(one, read).value for one in self._items)
        return ", ".join(f"{count} {sight}" for sight, count in sorted(seen.items())) or "no product"

    def take(self, _number: str) -> Came:
        """Confirm nothing: a stock has no number outside, what stands is its proof."""
        return Stand.ESCALATED, "a group of own stock has no number: send it again, or give it up"

    def _told(self, effect: Effect) -> Came:
        return STAND_OF_STATE[effect.state], str((effect.reply or {}).get("detail", f"it is {effect.state}"))

    def _look_up(self, effect: Effect) -> Came | None:
        """Settle an unknown effect by what stands; None when it may be sent again."""
        detail = "the outcome is looked up"
        for _ in range(ABSENT_READS):
            began_at = self._ledger.now()
            read = self._read()
            if not read.complete:
                return Stand.WAITING, read.detail
            if all(self._see(one, read) is not Sight.BASE for one in self._items):
                words = {"detail": "settled by what stands", "errors": {}}
                self._ledger.settle_unknown(self._key, Outcome.OK, self._key, words)
                return Stand.DONE, "settled by what stands"
            detail = "some stock still stands as before"
            horizon_s = self._desk.manner.horizon_s
            if self._ledger.count_absent(self._key, effect.fence, began_at, horizon_s) != "unknown":
                return None
        return Stand.WAITING, detail

    def _send(self) -> Came:
        began = time.monotonic()
        effect = self._ledger.take(self._key, LEASE_SECONDS, SEND_WITHIN_SECONDS)
        if effect is None:
            return Stand.WAITING, "another group of this warehouse is under way, or the ledger is frozen"
        if effect.sends > SENDS_MAX:
            detail = f"it may have been sent {effect.sends - 1} times and never showed up"
            self._ledger.escalate(self._key, effect.fence, detail)
            return Stand.ESCALATED, detail
        try:
            read = self._read()
        except WinddownError as error:
            self._record(effect.fence, Outcome.NOT_SENT, f"not sent: {error}")
            raise
        if not read.complete or time.monotonic() - began > SEND_WITHIN_SECONDS:
            return self._record(
                effect.fence, Outcome.NOT_SENT, read.detail or "the look before took too long"
            )
        due = [one for one in self._items if self._see(one, read) is Sight.BASE]
        if not due:
            return self._conclude(effect.fence, {}, "looked at, nothing was to be told")
        return self._tell(effect.fence, due)

    def _tell(self, fence: int, due: Sequence[Item]) -> Came:
        reply = self._desk.tell(due, self._place)
        if reply.outcome is not Outcome.OK:
            return self._record(fence, reply.outcome, reply.detail)
        told = zip(due, reply.answers, strict=True)
        errors = {one.sku: "; ".join(answer.errors) for one, answer in told if not answer.is_done}
        late = [sku for sku, words in errors.items() if words.startswith(TOO_MANY)]
        if late:
            detail = f"{len(late)} products were told too often; they wait"
            return self._record(fence, Outcome.NOT_SENT, detail)
        return self._conclude(
            fence, errors, f"{reply.detail}; {len(due) - len(errors)} told, {len(errors)} refused"
        )

    def _conclude(self, fence: int, errors: Mapping[str, str], detail: str) -> Came:
        reply = {"detail": detail, "errors": dict(errors)}
        if not self._ledger.record(self._key, fence, Outcome.OK, detail, remote_id=self._key, reply=reply):
            return Stand.WAITING, "another worker has taken this effect up"
        return Stand.DONE, detail

    def _record(self, fence: int, outcome: Outcome, detail: str) -> Came:
        self._ledger.record(self._key, fence, outcome, detail, reply={"detail": detail, "errors": {}})
        refused = outcome in (Outcome.REJECTED, Outcome.DENIED)
        return (Stand.REFUSED if refused else Stand.WAITING), detail

    def _read(self) -> StockRead:
        return self._desk.stands([one.sku for one in self._items], self._place)

    def _see(self, item: Item, read: StockRead) -> Sight:
        return see(item, read.stands.get(item.sku, NOTHING))

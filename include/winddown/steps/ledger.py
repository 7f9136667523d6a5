"""
Bring a return request about exactly once: intend, look, send, record.

Whatever happens in between (a kill, a lost reply, a second run), the next try reads the ledger and
goes on from there. Nothing is sent while an earlier sending may still have worked.
"""

import time

from include.winddown.adapters.ports import Found, ReturnDesk
from include.winddown.adapters.stores.effects import Effect, EffectLedger
from include.winddown.domain.effects import Accepted, Outcome, ReturnRequest, answers
from include.winddown.domain.errors import NumberTaken, WinddownError, shorten
from include.winddown.domain.lookup import ABSENT_READS, SENDS_MAX, Judged, Seen, Verdict, judge
from include.winddown.domain.stands import STAND_OF_STATE, Came, Stand

LEASE_SECONDS = 120.0
SEND_WITHIN_SECONDS = 60.0
"""A look-up that took longer than this is too old to send on; the horizon counts from its end."""


class Bringing:
    """
    One request on its way to the desk.

    Args:
        ledger: where its effect is written down; the intent stands already.
        desk: where it is created.
        shipment_no: of the plan.
        wanted: the request; its client_reference is the key of the effect.
    """

    def __init__(
        self, ledger: EffectLedger, desk: ReturnDesk, shipment_no: str, wanted: ReturnRequest
    ) -> None:
        self._ledger = ledger
        self._desk = desk
        self._shipment_no = shipment_no
        self._wanted = wanted
        self._key = wanted.client_reference

    def go(self) -> Came:
        """Go from wherever the effect stands as far as it can be gone now."""
        came = self._send()
        if came is not None:
            return came
        effect = self._current()
        if effect.state == "unknown":
            came = self._look_up(effect)
            if came is not None:
                return came
            effect = self._ledger.get(self._key)
        if effect.state == "ready":
            waits = "another request of this warehouse is under way, or the ledger is frozen"
            return self._send() or (Stand.WAITING, waits)
        return self._told(effect)

    def look(self) -> Came:
        """Look an unknown effect up without ever sending it."""
        effect = self._current()
        came = self._look_up(effect) if effect.state == "unknown" else None
        return came or self._told(self._ledger.get(self._key))

    def shown(self) -> str:
        """Say what stands outside, for people; nothing is changed."""
        found = self._desk.find(self._wanted)
        numbers = shorten([one.request_no for one in found.matches]) or "nothing like it"
        return numbers if found.complete else f"{numbers}; the list could not be read to its end"

    def take(self, request_no: str) -> Came:
        """Confirm by a number that a person named; it must stand outside with the content we asked for."""
        for one in self._desk.find(self._wanted).matches:
            if one.request_no == request_no and answers(self._wanted, one):
                return self._confirm(one, None, f"request {request_no}", self._ledger.get(self._key).fence)
        return Stand.ESCALATED, f"no request {request_no} with the content we asked for stands at the desk"

    def _current(self) -> Effect:
        effect = self._ledger.get(self._key)
        if effect.state != "sending":
            return effect
        self._ledger.expire()
        return self._ledger.get(self._key)

    def _told(self, effect: Effect) -> Came:
        reply = effect.reply or {}
        words = {
            "confirmed": f"request {effect.remote_id}",
            "rejected": str(reply.get("detail", "refused")),
            "sending": "it is being sent by another worker",
            "escalated": str(reply.get("detail", "a person has to say what became of it")),
            "cancelled": "a person has given it up",
        }
        return STAND_OF_STATE[effect.state], words.get(effect.state, "it may be sent")

    def _look_up(self, effect: Effect) -> Came | None:
        """Settle an unknown effect by what stands outside; None when it may be sent again."""
        for _ in range(ABSENT_READS):
            began_at = self._ledger.now()
            found = self._desk.find(self._wanted)
            if found.refusal:
                self._ledger.settle_unknown(self._key, Outcome.REJECTED, None, {"detail": found.refusal})
                return Stand.REFUSED, found.refusal
            judged = self._judge(effect, found)
            if judged.verdict is not Verdict.ABSENT:
                return self._act_on(judged, None, effect.fence)
            horizon_s = self._desk.manner.horizon_s
            state = self._ledger.count_absent(self._key, effect.fence, began_at, horizon_s)
            if state != "unknown":
                return None
        return Stand.WAITING, judged.detail

    def _send(self) -> Came | None:
        """Claim, look, send, record; None when it cannot be claimed."""
        began = time.monotonic()
        effect = self._ledger.take(self._key, LEASE_SECONDS, SEND_WITHIN_SECONDS)
        if effect is None:
            return None
        try:
            came = self._against_sending(effect)
        except WinddownError as error:
            # nothing has left, so the claim must not count as unknown until the horizon is over
            self._record(effect.fence, Outcome.NOT_SENT, f"not sent: {error}")
            raise
        if came is not None:
            return came
        fence = effect.fence
        if time.monotonic() - began > SEND_WITHIN_SECONDS:
            return self._record(fence, Outcome.NOT_SENT, "not sent: the look-up before it took too long")
        reply = self._desk.create(self._wanted)
        if reply.accepted is not None and answers(self._wanted, reply.accepted):
            return self._confirm(reply.accepted, fence, f"request {reply.accepted.request_no}", fence)
        outcome = Outcome.UNKNOWN if reply.outcome is Outcome.OK else reply.outcome
        return self._record(fence, outcome, reply.detail)

    def _against_sending(self, effect: Effect) -> Came | None:
        """Look before the send; None when nothing speaks against it."""
        earlier = effect.sends - 1
        if earlier >= SENDS_MAX:
            return self._escalate(f"it may have been sent {earlier} times and never showed up", effect.fence)
        judged = self._judge(effect, self._desk.find(self._wanted))
        if judged.verdict in (Verdict.FOUND, Verdict.AMBIGUOUS):
            return self._act_on(judged, effect.fence, effect.fence)
        if judged.verdict is Verdict.UNCLEAR and not self._desk.manner.is_person:
            return self._record(effect.fence, Outcome.NOT_SENT, f"not sent: {judged.detail}")
        if not self._is_first_look_kept(effect):
            return Stand.WAITING, "another worker has taken this effect up"
        return None

    def _is_first_look_kept(self, effect: Effect) -> bool:
        """Where a request is known by its content only, commit before the send that nothing like it stood."""
        if self._desk.manner.knows_reference or effect.stood_before is not None:
            return True
        return self._ledger.keep_stood(self._key, effect.fence, [])

    def _judge(self, effect: Effect, found: Found) -> Judged:
        manner = self._desk.manner
        taken = set() if manner.knows_reference else self._taken(effect)
        seen = Seen(taken=taken, stood_before=effect.stood_before)
        return judge(self._wanted, found.matches, seen, manner, complete=found.complete)

    def _taken(self, effect: Effect) -> set[str]:
        return self._ledger.taken(effect.exit_id, self._desk.manner.account, effect.kind)

    def _act_on(self, judged: Judged, held: int | None, seen: int) -> Came:
        """Act on a look; held is the fence of our own claim, seen the one the effect had when we looked."""
        if judged.accepted is not None:
            return self._confirm(judged.accepted, held, judged.detail, seen)
        if judged.verdict is Verdict.AMBIGUOUS:
            return self._escalate(judged.detail, seen, judged.numbers)
        if self._desk.manner.is_person:
            return Stand.WITH_PERSON, "handed over; the answer is awaited"
        return Stand.WAITING, judged.detail

    def _escalate(self, detail: str, fence: int, numbers: tuple[str, ...] = ()) -> Came:
        is_ours = self._ledger.escalate(self._key, fence, detail, numbers)
        if is_ours or self._ledger.get(self._key).state == "escalated":
            return Stand.ESCALATED, detail
        return Stand.WAITING, f"{detail}, but another worker has taken this effect up"

    def _confirm(self, accepted: Accepted, held: int | None, detail: str, seen: int) -> Came:
        try:
            is_ours = self._ledger.record_request(
                self._key,
                held,
                shipment_no=self._shipment_no,
                warehouse_id=self._wanted.warehouse_id,
                accepted=accepted,
                detail=detail,
            )
        except NumberTaken as taken:
            # every later look would find the same number again, so only a person gets on from here
            return self._escalate(str(taken), seen, (accepted.request_no,))
        if not is_ours:
            return Stand.WAITING, f"{detail} stands, but another worker has taken this effect up"
        return Stand.DONE, detail

    def _record(self, fence: int, outcome: Outcome, detail: str) -> Came:
        self._ledger.record(self._key, fence, outcome, detail, reply={"detail": detail})
        if outcome in (Outcome.REJECTED, Outcome.DENIED):
            return Stand.REFUSED, detail
        if outcome is Outcome.UNKNOWN and self._desk.manner.is_person:
            return Stand.WITH_PERSON, detail
        return Stand.WAITING, detail

"""
Bring a return request about exactly once: intend, look, send, record.

Whatever happens in between (a kill, a lost reply, a second run), the next try reads the ledger and
goes on from there. Nothing is sent while an earlier sending may still have worked.
"""

import time

from include.winddown.adapters.ports import ReturnDesk
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.domain.effects import Accepted, Outcome, ReturnRequest, answers

LEASE_SECONDS = 120.0
SEND_WITHIN_SECONDS = 60.0
"""A look-up that took longer than this is too old to send on."""

HORIZON_SECONDS = 30.0
"""How long a sent request may take to show up; such a desk also refuses a second one by reference."""

Came = tuple[Outcome, str]
"""What came of a request, and the detail for people."""


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
        self._ledger.expire()
        effect = self._ledger.get(self._key)
        if effect.state == "confirmed":
            return Outcome.OK, f"request {effect.remote_id}"
        if effect.state == "rejected":
            return Outcome.REJECTED, str((effect.reply or {}).get("detail", "refused"))
        if effect.state == "sending":
            return Outcome.UNKNOWN, "it is being sent by another worker"
        if effect.state == "unknown":
            return self._look_up(may_conclude=effect.age_seconds >= HORIZON_SECONDS)
        return self._send()

    def _look_up(self, *, may_conclude: bool) -> Came:
        found = self._desk.find(self._key)
        if found.matches:
            return self._settle(found.matches, None)
        gone = found.complete and may_conclude
        if gone and self._ledger.resolve(
            self._key, remote_id=None, reply=None, horizon_seconds=HORIZON_SECONDS
        ):
            return self._send()
        return Outcome.UNKNOWN, "not found at the desk yet"

    def _send(self) -> Came:
        began = time.monotonic()
        fence = self._ledger.claim(self._key, LEASE_SECONDS)
        if fence is None:
            return Outcome.NOT_SENT, "another request of this warehouse is under way"
        found = self._desk.find(self._key)
        if found.matches:
            return self._settle(found.matches, fence)
        if not found.complete or time.monotonic() - began > SEND_WITHIN_SECONDS:
            return self._record(fence, Outcome.NOT_SENT, "the look-up before sending was incomplete or slow")
        reply = self._desk.create(self._wanted)
        if reply.outcome is Outcome.OK and reply.accepted:
            return self._settle((reply.accepted,), fence)
        return self._record(fence, reply.outcome, reply.detail)

    def _settle(self, matches: tuple[Accepted, ...], fence: int | None) -> Came:
        """Confirm by the one request found; two, or another content, take a person."""
        numbers = ", ".join(match.request_no for match in matches)
        if len(matches) > 1 or not answers(self._wanted, matches[0]):
            detail = f"the desk holds {numbers} under our reference, not the request we made: ask the desk"
            return self._record(fence, Outcome.UNKNOWN, detail) if fence else (Outcome.UNKNOWN, detail)
        is_ours = self._ledger.record_request(
            self._key,
            fence,
            shipment_no=self._shipment_no,
            warehouse_id=self._wanted.warehouse_id,
            accepted=matches[0],
            detail=f"request {numbers}",
        )
        if not is_ours:
            return Outcome.UNKNOWN, f"request {numbers} stands, but another worker has taken this effect up"
        return Outcome.OK, f"request {numbers}"

    def _record(self, fence: int, outcome: Outcome, detail: str) -> Came:
        self._ledger.record(self._key, fence, outcome, detail, reply={"detail": detail})
        return outcome, detail

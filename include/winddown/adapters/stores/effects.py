"""
The ledger of everything done to the outside, in PostgreSQL.

Intent is committed before the first byte leaves; every step of an effect is one statement that
names the state it comes from, so that of two workers exactly one gets through. Times are those
of the database's clock.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores import returns
from include.winddown.adapters.stores.effect_reads import EffectReader
from include.winddown.adapters.stores.effect_rows import (
    NEVER_LEFT,
    NEXT_STATE,
    Effect,
    add_note,
    broken_constraint,
    check_same,
    effect_of,
    end_attempt,
    moved,
    names_a_free,
    of_state,
)
from include.winddown.adapters.stores.effect_statements import (
    CLAIM,
    COUNT_ABSENT,
    EXPIRE,
    INTEND,
    KEEP_STOOD,
    KNOWN,
    RECORD,
    SETTLE_UNKNOWN,
)
from include.winddown.domain.effects import Accepted, Outcome

__all__ = ["Effect", "EffectLedger"]


class EffectLedger(EffectReader):
    """Intend, claim, record; expire, count absence and escalate what stayed without a reply."""

    def intend(self, *intents: dict[str, Any]) -> None:
        """
        Write down what is going to be done, in one commit; the same intents again are a no-op.

        The database refuses an intent whose plan nobody approved.

        Args:
            intents: effect_key, exit_id, kind, plan_id, account, conflict_key and request of each.

        Raises:
            PlanChanged: a key stands for another request already; nothing is written.
        """
        wanted = {row["effect_key"]: {"account": "", **row} for row in intents}
        with self._engine.begin() as connection:
            connection.execute(INTEND, {"intents": json.dumps(list(wanted.values()))})
            for stored in connection.execute(KNOWN, {"its_keys": list(wanted)}).mappings():
                check_same(wanted[stored["effect_key"]], stored)

    def claim(self, effect_key: str, lease_seconds: float, send_within_seconds: float = 0.0) -> int | None:
        """Take a ready effect for sending, as `take` does; gives the fence only."""
        taken = self.take(effect_key, lease_seconds, send_within_seconds)
        return taken.fence if taken else None

    def take(self, effect_key: str, lease_seconds: float, send_within_seconds: float) -> Effect | None:
        """
        Take a ready effect for sending and write the attempt down, in one commit.

        Args:
            effect_key: the effect.
            lease_seconds: after that long without a record it counts as unknown.
            send_within_seconds: the worker promises to send within that time or not at all.

        Returns:
            None when it is not ready, its conflict key is taken, or the ledger is frozen.
        """
        given = {
            "its_key": effect_key,
            "its_lease": timedelta(seconds=lease_seconds),
            "its_time_to_send": timedelta(seconds=send_within_seconds),
        }
        try:
            with self._alone.connect() as connection:
                row = connection.execute(CLAIM, given).one_or_none()
        except IntegrityError as error:
            if broken_constraint(error) == "effect_one_in_flight":
                return None
            raise
        return effect_of(row) if row else None

    def keep_stood(self, effect_key: str, fence: int, numbers: Sequence[str]) -> bool:
        """Write down which look-alikes stood before the first send; False when the claim is no longer ours."""
        given = {"its_key": effect_key, "its_fence": fence, "its_look_alikes": list(numbers)}
        with self._alone.connect() as connection:
            return bool(connection.execute(KEEP_STOOD, given).rowcount)

    def record(
        self,
        effect_key: str,
        fence: int,
        outcome: Outcome,
        detail: str,
        remote_id: str | None = None,
        reply: dict[str, Any] | None = None,
    ) -> bool:
        """
        Write down how an attempt ended.

        Args:
            effect_key: the effect.
            fence: from the claim.
            outcome: OK needs a remote_id.
            detail: for people; never a secret.
            remote_id: its number outside.
            reply: as received; fits JSON.

        Returns:
            False when the claim was no longer ours: the reply is kept on the attempt only.

        Raises:
            NumberTaken: that number already belongs to another effect.
        """
        given = {
            "its_key": effect_key,
            "its_fence": fence,
            "its_state": NEXT_STATE[outcome],
            "its_outcome": outcome,
            "its_detail": detail,
            "its_number": remote_id,
            "its_reply": reply,
            "its_unsent": int(outcome in NEVER_LEFT),
        }
        with names_a_free(remote_id), self._alone.connect() as connection:
            return bool(connection.execute(RECORD, given).scalar_one())

    def record_request(
        self,
        effect_key: str,
        fence: int | None,
        shipment_no: str,
        warehouse_id: str,
        accepted: Accepted,
        detail: str,
    ) -> bool:
        """
        Confirm a return request: effect, request, lines and STOCK→IN_REMOVAL in one transaction.

        Args:
            effect_key: the effect.
            fence: from the claim, for a reply; None for a request that a look-up found, whose
                effect is ready, unknown, or escalated and decided by a person.
            shipment_no: the shipment it asks for.
            warehouse_id: where the goods are.
            accepted: the request as the desk keeps it.
            detail: for people.

        Returns:
            False when the effect was not in that state any more; then nothing is written
            except the reply on its attempt.

        Raises:
            NumberTaken: the desk's number already belongs to another effect.
        """
        states = ("ready", "unknown", "escalated") if fence is None else ("sending",)
        words = {"shipment_no": shipment_no, "warehouse_id": warehouse_id, "detail": detail}
        with names_a_free(accepted.request_no), self._alone.connect() as connection:
            return returns.confirm_request(connection, effect_key, states, fence, words, accepted)

    def expire(self) -> int:
        """
        Turn every effect whose lease has run out from sending to unknown, never to ready.

        Their attempts stay open: a reply that still comes is written there.

        Returns:
            How many.
        """
        with self._alone.connect() as connection:
            return connection.execute(EXPIRE).rowcount

    def settle_unknown(
        self, effect_key: str, outcome: Outcome, remote_id: str | None, reply: dict[str, Any]
    ) -> bool:
        """Settle an unknown effect by what was found out of it, OK or REJECTED; False when it was not unknown."""
        given = {
            "its_key": effect_key,
            "its_state": NEXT_STATE[outcome],
            "its_number": remote_id,
            "its_reply": reply,
        }
        with names_a_free(remote_id), self._alone.connect() as connection:
            return bool(connection.execute(SETTLE_UNKNOWN, given).rowcount)

    def count_absent(self, effect_key: str, fence: int, began_at: datetime, horizon_s: float) -> str:
        """
        Count a complete read that did not show an unknown effect, if it began after the horizon.

        Args:
            effect_key: the effect.
            fence: it had when the read began.
            began_at: when the read began, from `now`.
            horizon_s: how long a late write may take to show up outside.

        Returns:
            Its state now; ready once ABSENT_READS such reads were counted.
        """
        given = {
            "its_key": effect_key,
            "its_fence": fence,
            "its_horizon": timedelta(seconds=horizon_s),
            "its_read_began_at": began_at,
            "its_detail": f"a complete read begun {began_at} did not show it",
        }
        with self._alone.connect() as connection:
            state: str = connection.execute(COUNT_ABSENT, given).scalar_one()
        return state

    def escalate(self, effect_key: str, fence: int, detail: str, numbers: Sequence[str] = ()) -> bool:
        """
        Give an effect to a person, while it is sending or unknown under the fence we saw.

        Returns:
            False when it was in neither state any more, or was taken up again since.
        """
        with self._engine.begin() as connection:
            is_ours = moved(
                connection,
                of_state(effect_key, "sending", "unknown", fence=fence),
                state="escalated",
                reply={"detail": detail, "numbers": list(numbers)},
            )
            end_attempt(connection, effect_key, fence, Outcome.UNKNOWN, detail)
            if is_ours:
                add_note(connection, effect_key, "escalated", detail, numbers=numbers)
        return is_ours

"""
The ledger of everything done to the outside, in PostgreSQL.

Intent is committed before the first byte leaves; every step of an effect is one statement that
names the state it comes from, so that of two workers exactly one gets through. Times are those
of the database's clock.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores import returns
from include.winddown.adapters.stores.effect_rows import (
    COLUMNS,
    NEXT_STATE,
    Effect,
    begin_attempt,
    broken_constraint,
    end_attempt,
    move,
    moved,
)
from include.winddown.adapters.stores.tables import effect
from include.winddown.domain.effects import Accepted, Outcome
from include.winddown.domain.errors import OutcomeUnknown, PlanChanged

__all__ = ["Effect", "EffectLedger"]


class EffectLedger:
    """Intend, claim, record; expire and resolve what stayed without a reply."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def intend(
        self,
        effect_key: str,
        exit_id: str,
        kind: str,
        plan_id: str,
        conflict_key: str,
        request: dict[str, Any],
    ) -> None:
        """
        Write down what is going to be done; the same intent again is a no-op.

        The database refuses an intent whose plan nobody approved.

        Raises:
            PlanChanged: the key stands for another request already.
        """
        row = {
            "effect_key": effect_key,
            "exit_id": exit_id,
            "kind": kind,
            "plan_id": plan_id,
            "conflict_key": conflict_key,
            "request": request,
        }
        with self._engine.begin() as connection:
            connection.execute(
                insert(effect).values(row).on_conflict_do_nothing(index_elements=["effect_key"])
            )
            query = select(*(effect.c[name] for name in row)).where(effect.c.effect_key == effect_key)
            stored = connection.execute(query).mappings().one()
        different = [name for name, value in row.items() if stored[name] != value]
        if different:
            msg = (
                f"effect {effect_key[:12]} is in the ledger with another {different[0]}; an intent is never"
                " rewritten: start a new run of plan_wind_down"
            )
            raise PlanChanged(msg)

    def claim(self, effect_key: str, lease_seconds: float) -> int | None:
        """
        Take a ready effect for sending and write the attempt down, in one commit.

        Args:
            effect_key: the effect.
            lease_seconds: after that long without a record it counts as unknown.

        Returns:
            The fence to record under; None when it is not ready, or another effect with the
            same conflict key is under way.
        """
        ready = (effect.c.effect_key == effect_key) & (effect.c.state == "ready")
        lease = func.clock_timestamp() + timedelta(seconds=lease_seconds)
        claimed = move(ready, state="sending", fence=effect.c.fence + 1, lease_until=lease)
        try:
            with self._engine.begin() as connection:
                fence: int | None = connection.scalar(claimed.returning(effect.c.fence))
                if fence is not None:
                    begin_attempt(connection, effect_key, fence)
        except IntegrityError as error:
            if broken_constraint(error) == "effect_one_in_flight":
                return None
            raise
        return fence

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
            ContractBroken: that number already belongs to another effect.
        """
        sending = (
            (effect.c.effect_key == effect_key) & (effect.c.state == "sending") & (effect.c.fence == fence)
        )
        values = {"state": NEXT_STATE[outcome], "remote_id": remote_id, "reply": reply}
        with self._engine.begin() as connection:
            is_ours = moved(connection, sending, **values)
            end_attempt(connection, effect_key, fence, outcome, detail)
        return is_ours

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
                effect is ready or unknown.
            shipment_no: the shipment it asks for.
            warehouse_id: where the goods are.
            accepted: the request as the desk keeps it.
            detail: for people.

        Returns:
            False when the effect was not in that state any more; then nothing is written
            except the reply on its attempt.

        Raises:
            ContractBroken: the desk's number already belongs to another effect.
        """
        mine = effect.c.effect_key == effect_key
        sending = (effect.c.state == "sending") & (effect.c.fence == fence)
        found = effect.c.state.in_(("ready", "unknown"))
        values = {"state": "confirmed", "remote_id": accepted.request_no, "reply": returns.as_json(accepted)}
        with self._engine.begin() as connection:
            is_ours = moved(connection, mine & (found if fence is None else sending), **values)
            if fence is not None:
                end_attempt(connection, effect_key, fence, Outcome.OK, detail)
            if is_ours:
                returns.write_request(connection, effect_key, shipment_no, warehouse_id, accepted)
        return is_ours

    def expire(self) -> int:
        """
        Turn every effect whose lease has run out from sending to unknown, never to ready.

        Their attempts stay open: a reply that still comes is written there.

        Returns:
            How many.
        """
        late = (effect.c.state == "sending") & (effect.c.lease_until < func.clock_timestamp())
        with self._engine.begin() as connection:
            return connection.execute(move(late, state="unknown")).rowcount

    def resolve(
        self,
        effect_key: str,
        remote_id: str | None,
        reply: dict[str, Any] | None,
        horizon_seconds: float,
    ) -> bool:
        """
        Settle an unknown effect by what a look-up found.

        Args:
            effect_key: the effect.
            remote_id: its number outside, or None when a complete read did not find it. Begin
                that read only when age_seconds is beyond the horizon: what is absent earlier
                may still appear.
            reply: what was found; fits JSON.
            horizon_seconds: how long a late write may take to show up outside.

        Returns:
            True when it was confirmed, or made ready again after the horizon; False when it was
            not unknown, or it is too early to conclude from absence.
        """
        unknown = (effect.c.effect_key == effect_key) & (effect.c.state == "unknown")
        with self._engine.begin() as connection:
            if remote_id is not None:
                return moved(connection, unknown, state="confirmed", remote_id=remote_id, reply=reply)
            past = effect.c.changed_at + timedelta(seconds=horizon_seconds) <= func.clock_timestamp()
            return moved(connection, unknown & past, state="ready")

    def get(self, effect_key: str) -> Effect:
        """
        Find an effect.

        Raises:
            OutcomeUnknown: it was never intended.
        """
        with self._engine.connect() as connection:
            query = select(*COLUMNS).where(effect.c.effect_key == effect_key)
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            msg = f"effect {effect_key[:12]} is not in the ledger; nothing may be sent without an intent"
            raise OutcomeUnknown(msg)
        return Effect(**row)

    def open(self, exit_id: str) -> list[Effect]:
        """List the effects of an exit that are neither confirmed nor rejected, oldest first."""
        under_way = (effect.c.exit_id == exit_id) & effect.c.state.in_(("ready", "sending", "unknown"))
        query = select(*COLUMNS).where(under_way).order_by(effect.c.created_at, effect.c.effect_key)
        with self._engine.connect() as connection:
            return [Effect(**row) for row in connection.execute(query).mappings()]

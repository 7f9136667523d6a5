"""Changes of prices in PostgreSQL: written with their intents, read with what stood before, told what became of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Row, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.database import copy_into, copy_out, statement
from include.winddown.adapters.stores.effect_rows import (
    COLUMNS,
    FIXED,
    NEXT_STATE,
    Effect,
    add_note,
    check_same,
    effect_of,
    end_attempt,
    moved,
    of_state,
)
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.price_rows import LATEST, Concluded, InForce, Problems, change_of
from include.winddown.adapters.stores.tables import effect, exit_, price_change
from include.winddown.domain.effects import Outcome
from include.winddown.domain.errors import OutcomeUnknown, shorten
from include.winddown.domain.prices import CHANGES_MOST, KIND, PriceChange


class PriceLedger(EffectLedger):
    """Effects of kind price, and the changes that each is about."""

    def latest(self, exit_id: str, no_raise_days: int) -> pa.Table:
        """Read the newest change of each SKU of an exit: LATEST."""
        query = text(statement("prices_latest"))
        with self._engine.connect() as connection:
            given = {"exit_id": exit_id, "no_raise_days": no_raise_days}
            return copy_out(connection, query, LATEST, given)

    def propose(self, exit_id: str, intents: Sequence[Mapping[str, Any]], changes: pa.Table) -> int:
        """
        Write intents and their changes down in one commit; what is there already is left as it is.

        Args:
            exit_id: whose prices they are.
            intents: as EffectLedger.intend takes them.
            changes: columns of price_change; each names the effect_key of one of the intents.

        Returns:
            How many changes were written.

        Raises:
            PlanChanged: a key stands for something else already; nothing is written.
            OutcomeUnknown: another run has written changes since these were made.
        """
        wanted = {row["effect_key"]: dict(row) for row in intents}
        if not wanted:
            return 0
        try:
            with self._engine.begin() as connection:
                fresh = _intend(connection, exit_id, wanted)
                is_fresh = pc.is_in(changes["effect_key"], value_set=pa.array(fresh, pa.string()))
                return copy_into(connection, price_change, changes.filter(is_fresh).to_batches())
        except (IntegrityError, psycopg.IntegrityError) as error:
            msg = (
                f"another run has written changes of prices of exit {exit_id}; the next try reads them first"
            )
            raise OutcomeUnknown(msg) from error

    def has_changes(self, exit_id: str, digest: str) -> bool:
        """Tell whether a plan's markdowns were written down; they are all of them, or none."""
        ours = (effect.c.exit_id == exit_id) & (effect.c.kind == KIND)
        of_plan = effect.c.request.contains({"digest": digest, "reason": "markdown"})
        with self._engine.connect() as connection:
            return connection.scalar(select(effect.c.effect_key).where(ours, of_plan).limit(1)) is not None

    def unsettled(self, exit_id: str, conflict_keys: Collection[str] | None = None) -> list[Effect]:
        """List the effects that are on their way, oldest first; of these conflict keys, if some are given."""
        states = ("ready", "sending", "unknown")
        query = select(*COLUMNS).where(
            effect.c.exit_id == exit_id, effect.c.kind == KIND, effect.c.state.in_(states)
        )
        if conflict_keys is not None:
            query = query.where(effect.c.conflict_key.in_(conflict_keys))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(effect.c.created_at, effect.c.effect_key))
            return [effect_of(row) for row in rows]

    def changes(self, effect_key: str) -> list[PriceChange]:
        """Read the changes of an effect that nothing speaks against, by SKU."""
        rows = self._ask("prices_of_effect", effect_key=effect_key)
        return [change_of(row, row.from_minor, row.earlier_minor) for row in rows]

    def confirmed(self, exit_id: str, digest: str) -> list[str]:
        """List the keys of a plan's effects that an answer said are in effect."""
        ours = (effect.c.exit_id == exit_id) & (effect.c.kind == KIND) & (effect.c.state == "confirmed")
        query = select(effect.c.effect_key).where(ours, effect.c.request.contains({"digest": digest}))
        with self._engine.connect() as connection:
            return list(connection.scalars(query.order_by(effect.c.effect_key)))

    def in_force(self, effect_key: str, horizon_s: float) -> InForce:
        """Read the changes of a confirmed effect that nothing speaks against and no newer change overtook."""
        rows = self._ask("prices_in_force", effect_key=effect_key, horizon_s=horizon_s)
        return InForce([change_of(row, row.from_minor) for row in rows], any(row.is_young for row in rows))

    def problems(self, exit_id: str, digest: str) -> dict[str, tuple[str, str]]:
        """Read what stands against a plan's prices, by SKU; what a newer change has overtaken is left out."""
        rows = self._ask("prices_problems_of_plan", exit_id=exit_id, digest=digest)
        return {row.sku: (row.problem, row.problem_text) for row in rows}

    def frequent(self, one: Effect) -> set[str]:
        """Name the SKUs of an effect whose price was sent so often this hour that it has to wait."""
        given = {"effect_key": one.effect_key, "conflict_key": one.conflict_key, "most": CHANGES_MOST}
        return {row.sku for row in self._ask("prices_frequent", **given)}

    def claim(self, effect_key: str, lease_seconds: float, send_within_seconds: float = 0.0) -> int | None:
        """Claim as EffectLedger does, once what newer versions have overtaken is marked: that is never sent."""
        with self._engine.begin() as connection:
            connection.execute(text(statement("prices_overtake")), {"effect_key": effect_key})
        try:
            return super().claim(effect_key, lease_seconds, send_within_seconds)
        except IntegrityError as error:
            # A newer version came in between and the database refuses; the next try marks it.
            if isinstance(error.orig, psycopg.errors.RestrictViolation):
                return None
            raise

    def conclude(self, effect_key: str, fence: int, problems: Problems, detail: str, came: Concluded) -> bool:
        """
        Write down what a sending came to, change by change, in one commit.

        Args:
            effect_key: the effect.
            fence: from the claim.
            problems: of single changes; the others are in effect, or wait.
            detail: for people.
            came: whether anything was sent, and whether something is left.

        Returns:
            False when the claim was no longer ours: the reply is kept on the attempt only.
        """
        # What was sent is known item by item, so that a later sending of the rest is no repetition.
        over = {"sends": 0, "send_by": func.clock_timestamp(), "reply": {"detail": detail}}
        values = {"state": "ready"} if came.is_waiting else {"state": "confirmed", "remote_id": effect_key}
        with self._engine.begin() as connection:
            is_ours = moved(connection, of_state(effect_key, "sending", fence=fence), **values, **over)
            # a try that sent nothing is no change of a price, so it must not count as one
            outcome = Outcome.OK if came.was_sent else Outcome.NOT_SENT
            end_attempt(connection, effect_key, fence, outcome, detail)
            if is_ours:
                _tell(connection, effect_key, problems)
        return is_ours

    def reject(self, effect_key: str, fence: int, problems: Problems, detail: str) -> bool:
        """Write down that nothing of a sending is in effect: all is refused, disputed or overtaken."""
        with self._engine.begin() as connection:
            mine = of_state(effect_key, "sending", fence=fence)
            is_ours = moved(connection, mine, state=NEXT_STATE[Outcome.REJECTED], reply={"detail": detail})
            end_attempt(connection, effect_key, fence, Outcome.REJECTED, detail)
            if is_ours:
                _tell(connection, effect_key, problems)
        return is_ours

    def settle_seen(self, effect_key: str, problems: Problems, detail: str) -> bool:
        """Settle an unknown effect by the prices that stand; False when it was not unknown."""
        values = {"state": "confirmed", "remote_id": effect_key, "reply": {"detail": detail}}
        with self._engine.begin() as connection:
            is_ours = moved(connection, of_state(effect_key, "unknown"), **values)
            if is_ours:
                _tell(connection, effect_key, problems)
        return is_ours

    def dispute(self, effect_key: str, problems: Problems) -> None:
        """Tell problems that showed when the prices were read back."""
        with self._engine.begin() as connection:
            _tell(connection, effect_key, problems)

    def _ask(self, name: str, **given: object) -> Sequence[Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(text(statement(name)), given).all()


def _intend(connection: Connection, exit_id: str, wanted: Mapping[str, dict[str, Any]]) -> list[str]:
    """Write the intents that are not there yet; gives their keys."""
    # Two runs of one exit take turns here, so that one of them sees the other's changes.
    connection.execute(select(exit_.c.exit_id).where(exit_.c.exit_id == exit_id).with_for_update())
    stored = select(effect.c.effect_key, *(effect.c[name] for name in FIXED))
    known = connection.execute(stored.where(effect.c.effect_key.in_(wanted))).mappings().all()
    for row in known:
        check_same(wanted[row["effect_key"]], row)
    fresh = [key for key in wanted if key not in {row["effect_key"] for row in known}]
    if fresh:
        connection.execute(insert(effect), [wanted[key] for key in fresh])
    return fresh


def _tell(connection: Connection, effect_key: str, problems: Problems) -> None:
    """Write problems beside their changes, and a note for people where somebody else changed a price."""
    if not problems:
        return
    columns: Iterable[tuple[str, ...]] = zip(
        *((sku, kind, words) for sku, (kind, words) in problems.items()), strict=True
    )
    skus, kinds, texts = map(list, columns)
    given = {"effect_key": effect_key, "skus": skus, "problems": kinds, "texts": texts}
    connection.execute(text(statement("prices_problems")), given)
    disputed = sorted(sku for sku, (kind, _) in problems.items() if kind == "conflict")
    if disputed:
        detail = f"somebody else changed {len(disputed)} prices: {shorten(disputed)}"
        add_note(connection, effect_key, "escalated", detail, numbers=disputed)

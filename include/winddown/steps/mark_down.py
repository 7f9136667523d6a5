"""Put the prices of the approved plan into effect, each exactly once, through the ledger."""

import hashlib
from typing import Any

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.ports import PriceDesk
from include.winddown.adapters.side_by_side import side_by_side
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.effect_rows import Effect
from include.winddown.adapters.stores.plans import Plan, PlanStore
from include.winddown.adapters.stores.price_ledger import PriceLedger
from include.winddown.domain.effects import effect_key
from include.winddown.domain.exits import Exit
from include.winddown.domain.policy import Policy
from include.winddown.domain.price_groups import bucket_in, check_floors, plan_changes, restore_changes
from include.winddown.domain.price_stands import count_groups, judge_read_back
from include.winddown.domain.prices import KIND, Cut, ReadBack, compare_back, conflict_key
from include.winddown.domain.stands import Came
from include.winddown.runtime import doors
from include.winddown.runtime.price_desks import price_desk
from include.winddown.runtime.stations import PRICES, announce, tell
from include.winddown.steps.corridor import standing_plan
from include.winddown.steps.gather import exit_of, snapshots
from include.winddown.steps.guard import check_ledger
from include.winddown.steps.price_bringing import PriceBringing

WORKERS = 8
GROUPS_A_TASK = 64
"""A task of Airflow costs a second or two, a group of a thousand prices about a tenth."""


def choose(exit_id: str) -> list[dict[str, Any]]:
    """
    Write down every change of the approved plan's prices that is to be made, and name what is to be worked through.

    Older changes that are on their way are taken up too. Approval and digest are read again, and the
    ledger must be the one we know.
    """
    check_ledger()
    merchant_exit = exit_of(exit_id)
    plan, covering_id = standing_plan(exit_id)
    ledger = PriceLedger(doors.database())
    with price_desk(merchant_exit) as desk:
        account, cut = desk.manner.account, desk.cut
    changes = _changes(ledger, merchant_exit, plan, cut)
    written = write_changes(ledger, plan, covering_id, account, changes)
    groups = ledger.unsettled(exit_id)
    tell(f"{written} changes of prices are new, {len(groups)} groups are to be worked through")
    keys = sorted({group.conflict_key for group in groups})
    count = max(1, min(len(keys), len(groups) // GROUPS_A_TASK))
    parts = [keys[number::count] for number in range(count)] if keys else []
    return [
        {"exit_id": exit_id, "conflict_keys": part, "part_name": f"part {number}"}
        for number, part in enumerate(parts, start=1)
    ]


def change(part: dict[str, Any]) -> dict[str, int]:
    """Work through some buckets: their groups one after the other, the buckets side by side."""
    ledger = PriceLedger(doors.database())
    ledger.expire()
    with price_desk(exit_of(part["exit_id"])) as desk:
        came = bring_groups(ledger, desk, ledger.unsettled(part["exit_id"], part["conflict_keys"]))
    counted = count_groups(came)
    tell(f"{counted['groups']} groups of prices are settled, {counted['with_person']} are with a person")
    return counted


def verify(exit_id: str) -> dict[str, int]:
    """Read the prices of the approved plan back, and say which do not stand as approved."""
    plan, _ = standing_plan(exit_id)
    ledger = PriceLedger(doors.database())
    with price_desk(exit_of(exit_id)) as desk:
        stands, late = read_back(ledger, desk, exit_id, plan.digest)
    tell(f"{stands} prices of plan {plan.digest[:12]} stand as approved")
    judge_read_back(late, ledger.problems(exit_id, plan.digest))
    return {"prices": stands}


def publish(exit_id: str) -> str:
    """Tell whoever follows that the prices stand."""
    announce(PRICES, exit_id)
    return exit_id


def write_changes(
    ledger: PriceLedger, plan: Plan, covering_id: str, account: str, changes: pd.DataFrame
) -> int:
    """Write changes down with their intents, under the plan whose approval covers them; gives how many are new."""
    if changes.empty:
        return 0
    keys = {
        (str(reason), str(group)): _key(plan, str(reason), str(group), rows)
        for (reason, group), rows in changes.groupby(["reason", "group"], sort=False)
    }
    intents = [
        {
            "effect_key": key,
            "exit_id": plan.exit_id,
            "kind": KIND,
            "plan_id": covering_id,
            "account": account,
            "conflict_key": conflict_key(account, bucket_in(group)),
            "request": {"digest": plan.digest, "group": group, "reason": reason},
        }
        for (reason, group), key in keys.items()
    ]
    named = [keys[pair] for pair in zip(changes["reason"], changes["group"], strict=True)]
    rows = changes.assign(exit_id=plan.exit_id, effect_key=named).drop(columns="group")
    return ledger.propose(plan.exit_id, intents, pa.Table.from_pandas(rows, preserve_index=False))


def bring_groups(ledger: PriceLedger, desk: PriceDesk, groups: list[Effect]) -> dict[str, Came]:
    """Bring groups about, bucket beside bucket; gives where each stands."""
    buckets: dict[str, list[Effect]] = {}
    for group in groups:
        buckets.setdefault(group.conflict_key, []).append(group)
    bringing = PriceBringing(ledger, desk)

    def work(bucket: list[Effect]) -> dict[str, Came]:
        return {f"{one.request['group']} {one.effect_key[:12]}": bringing.go(one) for one in bucket}

    came: dict[str, Came] = {}
    for some in side_by_side(list(buckets.values()), work, WORKERS):
        came |= some
    return came


def read_back(ledger: PriceLedger, desk: PriceDesk, exit_id: str, digest: str) -> tuple[int, list[str]]:
    """Read prices back, and tell those that somebody else changed; gives how many stand, and whose former one shows."""

    def work(key: str) -> ReadBack:
        there = ledger.in_force(key, desk.manner.horizon_s)
        if not there.changes:  # refused, disputed or overtaken, all of it
            return ReadBack(stand=0, late=(), problems={})
        read = desk.prices([one.offer_id for one in there.changes])
        compared = compare_back(
            there.changes, read.prices, complete=read.complete, may_be_late=there.is_young
        )
        ledger.dispute(key, compared.problems)
        return compared

    found = list(side_by_side(ledger.confirmed(exit_id, digest), work, WORKERS))
    return sum(one.stand for one in found), [sku for one in found for sku in one.late]


def _changes(ledger: PriceLedger, merchant_exit: Exit, plan: Plan, cut: Cut) -> pd.DataFrame:
    """The plan's changes, once; and the first prices of what is over, where the policy wants them back."""
    policy = Policy.of(plan.summary["facts"]["policy"])
    days = policy.prices.no_raise_days if policy.prices.must_stay_down() else 0
    latest = ledger.latest(plan.exit_id, days).to_pandas()
    is_past = ledger.now().date() > merchant_exit.deadline_on
    found = []
    if not is_past and not ledger.has_changes(plan.exit_id, plan.digest):
        found.append(_markdowns(plan, latest, policy, cut))
    if policy.prices.at_end == "restore" and len(latest):
        gone = None if is_past else set(latest["sku"]) - _on_sale(plan.exit_id)
        restored = restore_changes(latest, gone, cut)
        found.append(restored[~restored["sku"].isin(found[0]["sku"])] if found else restored)
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _markdowns(plan: Plan, latest: pd.DataFrame, policy: Policy, cut: Cut) -> pd.DataFrame:
    store = PlanStore(doors.database())
    changes = plan_changes(store.decisions(plan.plan_id).to_pandas(), latest, plan.digest, cut)
    lines = store.lines(plan.plan_id).select(["sku", "unit_cost_minor"]).to_pandas()
    costs = dict(lines.drop_duplicates("sku").itertuples(index=False))
    check_floors(changes, costs, policy.prices.floor_pct_of_cost)
    return changes


def _on_sale(exit_id: str) -> set[str]:
    snapshot = snapshots().latest_valid(exit_id)
    paths = {"stock": snapshots().paths(snapshot.snapshot_id, "stock")}
    return set(run_bulk("prices_on_sale", paths)["sku"].to_pylist())


def _key(plan: Plan, reason: str, group: str, rows: pd.DataFrame) -> str:
    """Name a group by what it does: a plan's markdowns by the plan, a restoration by the versions it makes."""
    if reason == "markdown":
        return effect_key(plan.exit_id, KIND, plan.digest, group)
    deeds = "|".join(f"{row.sku}:{row.version}" for row in rows.itertuples())
    return effect_key(
        plan.exit_id, KIND, plan.digest, f"{reason}|{hashlib.sha256(deeds.encode()).hexdigest()}"
    )

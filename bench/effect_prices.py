"""
100,000 prices through the ledger, against the same calls of a bare client, and against the rate of a host.

The sandbox allows 50 requests a second, as Ozon does, but on two cores it serves fewer calls of a
thousand prices; so the rate is that of a host with a share of the limit (`requests_per_s` of the
connection).
"""

import json
import logging
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Engine, text

from bench.approving import approve
from bench.embedded import ROOT, peer

PRICES = int(os.environ.get("BENCH_PRICES", "100000"))
SHARE = int(os.environ.get("BENCH_SHARE", "16"))
OVERHEAD_MAX = 1.25
RATE_MIN = 0.9
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "2"))
HEAD = """
insert into exit (exit_id, merchant, marketplace_conn, desk_conn, dock_conn, destination, currency, state, opened_on,
    deadline_on, policy)
values ('bench-1', 'bench', 'm', 'd', 'k', 'own', 'RUB', 'clearing', '2026-01-01', '2099-06-01', '{}');
insert into snapshot (snapshot_id, exit_id) values ('bench-snapshot', 'bench-1');
"""
PLAN = """
insert into plan (plan_id, exit_id, snapshot_id, digest, summary)
values (:plan_id, 'bench-1', 'bench-snapshot', :digest, '{}');
"""


def run() -> list[dict[str, object]]:
    """
    Measure alternately: the bare client, the ledger; then once each at a host's share of the rate.

    Returns:
        Three rows: seconds with and without the ledger, as fast as the sandbox serves (median); requests a
        second against the share; seconds with and without the ledger at that share. Both sides look at every
        price before and after.
    """
    from include.winddown.adapters.stores.database import engine_of

    logging.getLogger("include.winddown").setLevel(logging.WARNING)
    with peer() as there, _sandbox() as greeting:
        engine = engine_of(there.url)
        with engine.begin() as connection:
            connection.exec_driver_sql(HEAD)
        world = _World(engine, greeting, there.folder)
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(_seconds(world.set_bare))
            ours.append(_seconds(world.set_by_ledger))
        asked = world.requests()
        paced = _seconds(lambda: world.set_by_ledger(SHARE))
        rate = (world.requests() - asked) / paced
        bare_paced = _seconds(lambda: world.set_bare(SHARE))
        engine.dispose()
    return [
        _row(
            f"set {PRICES} prices through the ledger without any limit / the same calls, bare",
            float(np.median(ours)),
            float(np.median(bare)),
            {"limit": OVERHEAD_MAX},
        ),
        _row(
            f"requests a second while {PRICES} prices are set / the {SHARE} a second of this host's share",
            rate,
            SHARE,
            {"limit": RATE_MIN, "at_least": True},
        ),
        _row(
            f"set {PRICES} prices through the ledger at {SHARE} calls a second / the same calls at that rate, bare",
            paced,
            bare_paced,
            {"limit": OVERHEAD_MAX},
        ),
    ]


class _World:
    """The sandbox, the ledger, and prices that sink by a step each time."""

    def __init__(self, engine: Engine, greeting: dict[str, str], folder: Path) -> None:
        self.engine, self.greeting, self.folder = engine, greeting, folder
        self.step = 0
        with self._desk(0) as desk:
            from include.winddown.adapters.marketplaces.ozon_fees import PRICES as LISTING
            from include.winddown.adapters.marketplaces.ozon_lists import read_list

            first = {
                item["offer_id"].name(): round(float(item["price"]["price"].amount()) * 100)
                for visibility in ("ALL", "ARCHIVED")
                for page in read_list(desk.line, LISTING, {"filter": {"visibility": visibility}})
                for item in page.items
            }
        self.offers = sorted(first)
        self.first = np.array([first[offer] for offer in self.offers])

    def requests(self) -> int:
        import httpx

        headers = {"Authorization": f"Bearer {self.greeting['world_token']}"}
        state = httpx.get(f"{self.greeting['address']}/world/state", headers=headers, timeout=60).json()
        return int(state["ozon_requests"])

    def set_bare(self, share: int = 0) -> None:
        """Look, send and read back, thousand by thousand, with nothing written down."""
        from include.winddown.adapters.side_by_side import side_by_side
        from include.winddown.domain.price_groups import group_changes
        from include.winddown.domain.prices import Cut, NewPrice
        from include.winddown.steps.mark_down import WORKERS

        _, target = self._sink()
        rows = pd.DataFrame({"sku": self.offers, "offer_id": self.offers, "price_minor": target})
        rows = rows.assign(version=1, old_price_minor=0, from_minor=1, currency="RUB", reason="markdown")
        groups = [
            [
                NewPrice(
                    offer_id=row.offer_id, price_minor=row.price_minor, old_price_minor=0, currency="RUB"
                )
                for row in members.itertuples()
            ]
            for _, members in group_changes(rows, Cut()).groupby("group")
        ]
        with self._desk(share) as desk:

            def work(group: list[NewPrice]) -> int:
                names = [one.offer_id for one in group]
                desk.prices(names)
                reply = desk.set_prices(group, "")
                desk.prices(names)
                wrong = [one for one in reply.answers if not one.is_done]
                if wrong or not reply.answers:
                    print(reply.outcome, reply.detail, wrong[:3], file=sys.stderr)
                return len(reply.answers) - len(wrong)

            _must_be_all(sum(side_by_side(groups, work, WORKERS)))

    def set_by_ledger(self, share: int = 0) -> None:
        """Write intents and changes, bring them about, read them back."""
        from include.winddown.adapters.stores.plans import PlanStore
        from include.winddown.adapters.stores.price_ledger import PriceLedger
        from include.winddown.domain.price_groups import plan_changes
        from include.winddown.domain.price_stands import count_groups
        from include.winddown.steps.mark_down import bring_groups, read_back, write_changes

        before, target = self._sink()
        plan_id, digest = f"plan-{self.step}", f"{self.step:064}"
        with self.engine.begin() as connection:
            connection.execute(text(PLAN), {"plan_id": plan_id, "digest": digest})
        approve(self.engine, plan_id, digest)
        plan, ledger = PlanStore(self.engine).get(plan_id), PriceLedger(self.engine)
        decided = pd.DataFrame({"sku": self.offers, "offer_id": self.offers, "price_minor": before})
        decided = decided.assign(new_price_minor=target, was_price_minor=before, currency="RUB")
        with self._desk(share) as desk:
            changes = plan_changes(decided, ledger.latest("bench-1", 0).to_pandas(), digest, desk.cut)
            write_changes(ledger, plan, plan.plan_id, desk.manner.account, changes)
            count_groups(bring_groups(ledger, desk, ledger.unsettled("bench-1")))
            _must_be_all(read_back(ledger, desk, "bench-1", digest)[0])

    def _sink(self) -> tuple[np.ndarray, np.ndarray]:
        before = self.first * (100 - 10 * self.step) // 100
        self.step += 1
        return before, self.first * (100 - 10 * self.step) // 100

    @contextmanager
    def _desk(self, share: int) -> Iterator:
        from include.winddown.adapters.http import UNPACED, Peer
        from include.winddown.adapters.marketplaces.ozon_pace import OzonPace
        from include.winddown.adapters.marketplaces.ozon_prices import open_prices
        from include.winddown.domain.errors import MarketplaceRefused

        client_id = self.greeting["client_id"]
        own = Peer(
            who="the marketplace",
            address=self.greeting["address"],
            headers={"Client-Id": client_id, "Api-Key": self.greeting["admin_api_key"]},
            refusal=MarketplaceRefused,
            fix="look at the sandbox",
            pace=OzonPace(self.folder / "pace", client_id, share) if share else UNPACED,
        )
        with open_prices(own, client_id) as desk:
            yield desk


def _must_be_all(count: int) -> None:
    if count != PRICES:
        msg = f"only {count} of {PRICES} prices were set"
        raise RuntimeError(msg)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _sandbox() -> Iterator[dict[str, str]]:
    size = ("--size", str(PRICES), "--history", "1")
    command = [sys.executable, "-m", "include.sandbox", "--port", "0", "--seed", "7", *size]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline() if process.stdout else "")
        finally:
            process.terminate()


def _row(name: str, measured: float, compared: float, limit: dict[str, object]) -> dict[str, object]:
    return {
        "name": name,
        "measured": measured,
        "compared_with": compared,
        "ratio": measured / compared,
        "peak_mb": None,
        **limit,
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for one in run():
        print(f"{one['name']}: {one['measured']:.2f} / {one['compared_with']:.2f} = {one['ratio']:.3f}")

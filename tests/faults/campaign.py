"""
`python -m tests.faults.campaign [--seeds N] [--first K] [--processes P]`: the whole campaign, and its figures.

Half of the seeds run at a desk that keeps our reference, half at one that does not.
"""

import argparse
import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.faults.database import Database, server
from tests.faults.oracle import judge
from tests.faults.schedule import DEEDS, Parts, Schedule

SEEDS = 10_000
CHUNK = 250
FIGURES = (
    "sends",
    "kills",
    "pauses",
    "lost COMMIT replies",
    "bad replies",
    "lists",
    "bad lists",
    "settled by a person",
)
KINDS = ("duplicate", "lost", "stuck", "books", "unjust")


@dataclass(slots=True)
class Result:
    """What came of some seeds; CPU seconds are those of the client and of its database server."""

    knows_reference: bool
    seeds: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    wrongs: list[tuple[int, str]] = field(default_factory=list)
    cpu_s: float = 0.0
    server_cpu_s: float = 0.0

    def add(self, other: "Result") -> None:
        """Add what another process found."""
        self.seeds += other.seeds
        self.counts += other.counts
        self.wrongs += other.wrongs
        self.cpu_s += other.cpu_s
        self.server_cpu_s += other.server_cpu_s


def wrongs_of(
    database: Database, seed: int, *, knows_reference: bool, parts: Parts | None = None
) -> list[str]:
    """
    Run one seed and judge it; the counts of its world are in `database.world`.

    Whatever ends a schedule is raised on, with the seed noted on it: nothing is proven by seeds that crash.
    """
    try:
        return judge(Schedule(database, seed, knows_reference, parts or Parts()).run())
    except Exception as error:
        desk = "keeps our reference" if knows_reference else "by content only"
        error.add_note(f"seed {seed}, desk {desk}")
        raise


def run_seeds(uri: str, first: int, count: int) -> list[Result]:
    """Run some seeds in this process: odd ones at a desk with references, even ones at one without."""
    gc.set_threshold(50_000)  # statements are many small objects, and all of them die young
    results = {mode: Result(mode) for mode in (True, False)}
    with Database(uri) as database:
        for seed in range(first, first + count):
            result = results[seed % 2 == 1]
            began = time.process_time()
            found = wrongs_of(database, seed, knows_reference=result.knows_reference)
            result.cpu_s += time.process_time() - began
            result.server_cpu_s += database.server_seconds()
            result.seeds += 1
            result.counts += database.world.counts
            result.wrongs += [(seed, wrong) for wrong in found]
    return list(results.values())


@contextmanager
def crew(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes, each in a session of its own: so each gets its share of a busy machine."""
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=os.setsid)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def run(seeds: int, first: int, processes: int) -> dict[bool, Result]:
    """Share the seeds out; each process has a database of its own on one server."""
    totals = {mode: Result(mode) for mode in (True, False)}
    starts = range(first, first + seeds, CHUNK)
    with server() as uri, crew(processes) as pool:
        jobs = [pool.submit(run_seeds, uri, start, min(CHUNK, first + seeds - start)) for start in starts]
        for job in as_completed(jobs):
            for result in job.result():
                totals[result.knows_reference].add(result)
                for seed, wrong in result.wrongs:
                    print(f"seed {seed}: {wrong}", flush=True)
            done = sum(result.seeds for result in totals.values())
            spent = sum(result.cpu_s + result.server_cpu_s for result in totals.values())
            print(f"{done} seeds, {spent:.0f} s CPU", file=sys.stderr, flush=True)
    return totals


def told(result: Result) -> str:
    """Word a result as a row of a table."""
    found = Counter(wrong.partition(":")[0] for _, wrong in result.wrongs)
    counts = " / ".join(str(found[kind]) for kind in KINDS)
    figures = ", ".join(f"{result.counts[name]:,} {name}" for name in FIGURES)
    desk = "keeps our reference" if result.knows_reference else "by content only"
    return (
        f"{desk}: {result.seeds:,} seeds, {len(DEEDS) * result.seeds:,} effects, {figures};"
        f" {counts} ({' / '.join(KINDS)}); {result.cpu_s:.0f} s CPU + {result.server_cpu_s:.0f} s of PostgreSQL"
    )


def main() -> int:
    """Run the campaign; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    began = time.monotonic()
    totals = run(given.seeds, given.first, given.processes)
    for result in totals.values():
        print(told(result))
        print(
            json.dumps(
                {name: count for name, count in sorted(result.counts.items()) if name.startswith("kill ")}
            )
        )
    print(f"{time.monotonic() - began:.0f} s by the clock")
    return 1 if any(result.wrongs for result in totals.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

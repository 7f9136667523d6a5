"""`python -m tests.faults.hunt [--limit N]`: how many seeds it takes to notice that a rule is gone."""

import argparse
import gc
import sys
import time
from concurrent.futures import as_completed
from dataclasses import dataclass

from tests.faults.campaign import crew, wrongs_of
from tests.faults.database import Database, server
from tests.faults.rules import MUTANTS

LIMIT = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The first seed that noticed a mutant; None when none did up to the limit."""

    rule: str
    knows_reference: bool
    seed: int | None
    wrong: str
    cpu_s: float


def hunt(uri: str, number: int, limit: int, *, knows_reference: bool) -> Noticed:
    """Run seeds on one mutant until one is noticed."""
    gc.set_threshold(50_000)
    mutant, began = MUTANTS[number], time.process_time()
    seed, wrongs = None, []
    with Database(uri) as database:
        for seed in range(1, limit + 1):
            wrongs = wrongs_of(database, seed, knows_reference=knows_reference, parts=mutant.parts)
            if wrongs:
                break
    return Noticed(
        rule=mutant.rule,
        knows_reference=knows_reference,
        seed=seed if wrongs else None,
        wrong=wrongs[0] if wrongs else "",
        cpu_s=time.process_time() - began,
    )


def hunt_all(limit: int, processes: int, *, again: bool = False) -> list[Noticed]:
    """Hunt every mutant at both desks; those whose seed is known only up to that seed, unless `again`."""
    with server() as uri, crew(processes) as pool:
        jobs = []
        for number, mutant in enumerate(MUTANTS):
            for known, mode in ((mutant.by_reference, True), (mutant.by_content, False)):
                at_most = limit if again or known is None else known
                jobs.append(pool.submit(hunt, uri, number, at_most, knows_reference=mode))
        noticed = []
        for job in as_completed(jobs):
            noticed.append(job.result())
            print(told(noticed[-1]), flush=True)
        return noticed


def told(one: Noticed) -> str:
    """Word what was noticed."""
    desk = "by reference" if one.knows_reference else "by content"
    found = f"seed {one.seed}: {one.wrong[:90]}" if one.seed else "not noticed"
    return f"{one.rule} | {desk} | {found} | {one.cpu_s:.1f} s CPU"


def main() -> int:
    """Hunt; 1 when fewer than 13 rules are noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=LIMIT)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="do not stop at the seeds that are known")
    given = parser.parse_args()
    noticed = hunt_all(given.limit, given.processes, again=given.again)
    rules = {one.rule for one in noticed if one.seed}
    print(f"{len(rules)} of {len(MUTANTS)} rules are noticed")
    return 0 if len(rules) >= 13 else 1


if __name__ == "__main__":
    sys.exit(main())

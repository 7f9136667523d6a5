"""`make run ONCE=1 APPROVE=auto` from an empty directory, and again; wall-clock seconds."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRST_MAX_S = 240.0
SECOND_MAX_S = 90.0


def run() -> list[dict[str, object]]:
    """
    Clone the last commit and run the two commands a newcomer runs.

    Returns:
        Two rows: the first run (environment included, package cache as it is) and the second;
        measured in seconds, against the limit.
    """
    with tempfile.TemporaryDirectory(prefix="winddown-bench-") as folder:
        clone = Path(folder) / "winddown"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first, second = (_seconds(clone) for _ in range(2))
    return [
        _row("make run ONCE=1 APPROVE=auto, fresh clone", first, FIRST_MAX_S),
        _row("make run ONCE=1 APPROVE=auto, again", second, SECOND_MAX_S),
    ]


def _seconds(clone: Path) -> float:
    environment = {**os.environ, "ONCE": "1", "APPROVE": "auto", "PORT": "0"}
    began = time.perf_counter()
    subprocess.run(
        ["make", "--no-print-directory", "run"],
        check=True,
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=1_200,
    )
    return time.perf_counter() - began


def _row(name: str, seconds: float, limit: float) -> dict[str, object]:
    return {
        "name": name,
        "measured": seconds,
        "compared_with": limit,
        "ratio": seconds / limit,
        "limit": 1.0,
        "peak_mb": None,
    }

"""Importing each DAG file, against a DAG file with one empty task; CPU time of whole processes."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
ROUNDS = 5
RATIO_MAX = 1.5

EMPTY = """\
from airflow.sdk import DAG, task

with DAG(dag_id="empty", schedule=None):

    @task
    def nothing():
        pass

    nothing()
"""


def run() -> list[dict[str, object]]:
    """
    Import every DAG file in processes of their own, in turn with the empty one.

    Returns:
        One row per DAG file: measured and compared_with in CPU seconds (median).
    """
    with tempfile.TemporaryDirectory(prefix="winddown-bench-") as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY)
        files = sorted((ROOT / "dags").glob("*.py"))
        _cpu_seconds(empty)
        rounds = [{path: _cpu_seconds(path) for path in (empty, *files)} for _ in range(ROUNDS)]
        floor = median(measured[empty] for measured in rounds)
        return [
            {
                "name": f"import {path.name} / a DAG file with one empty task (CPU)",
                "measured": median(measured[path] for measured in rounds),
                "compared_with": floor,
                "ratio": median(measured[path] / measured[empty] for measured in rounds),
                "limit": RATIO_MAX,
                "peak_mb": None,
            }
            for path in files
        ]


def _cpu_seconds(path: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, str(path)], check=True, cwd=ROOT, env=_environment(), timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}

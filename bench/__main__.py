"""`python -m bench [name …]`: measure, print, and write bench/RESULTS.md when everything was measured."""

import importlib
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil

RESULTS = Path(__file__).parent / "RESULTS.md"
BENCHES = (
    *("landing", "plan_copy", "expectations", "pull"),
    *("split_value", "split_replay", "split_scale", "waves"),
    *("effect_prices", "effect_requests", "reconcile", "dag_import", "journey"),
)
PEAK_MAX_MB = 400

HEAD = """\
# Benchmarks

Written by `make bench`. Read ratios; seconds are those of one machine on one day.
`limit` is the largest ratio allowed, or the least wanted where it says ≥{peak}.
Of the split, figures are per cent of list value, on simulated goods whose seeds are committed.

- machine: {machine}
- measured: {when}, commit {commit}, load average at the start {load}

| what / compared with | measured | compared with | ratio | limit | peak MB | holds |
|---|---:|---:|---:|---:|---:|---|
"""


def main() -> int:
    """Run the benches named, or all; gives 1 when a figure is out of its limit."""
    names = sys.argv[1:] or list(BENCHES)
    head = HEAD.format(
        peak=f"; a peak is at most {PEAK_MAX_MB} MB where nothing else is said",
        machine=f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB,"
        f" {platform.system()} {platform.machine()}, Python {platform.python_version()}",
        when=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        commit=_commit(),
        load=f"{os.getloadavg()[0]:.1f}",
    )
    rows = [row for name in names for row in importlib.import_module(f"bench.{name}").run()]
    text = head + "".join(_line(row) for row in rows)
    print(text)
    if names == list(BENCHES):
        RESULTS.write_text(text + _kept())
    return 0 if all(_holds(row) for row in rows) else 1


def _kept() -> str:
    """Read what was written by hand after the table: the campaigns of `make faults`, which take longer."""
    _, mark, section = RESULTS.read_text().partition("\n## ")
    return mark + section


def _line(row: dict[str, object]) -> str:
    peak = f"{row['peak_mb']:.0f}" if row["peak_mb"] else "–"
    verdict = "yes" if _holds(row) else "**no**"
    digits = int(str(row.get("digits", 2)))
    numbers = [float(str(row[column])) for column in ("measured", "compared_with", "ratio", "limit")]
    sign = "≥ " if row.get("at_least") else ""
    cells = f"{numbers[0]:.2f} | {numbers[1]:.2f} | {numbers[2]:.{digits}f} | {sign}{numbers[3]:.3g}"
    return f"| {row['name']} | {cells} | {peak} | {verdict} |\n"


def _holds(row: dict[str, object]) -> bool:
    peak = float(str(row["peak_mb"] or 0))
    peak_max_mb = float(str(row.get("peak_max_mb", PEAK_MAX_MB)))
    ratio, limit = float(str(row["ratio"])), float(str(row["limit"]))
    return (ratio >= limit if row.get("at_least") else ratio <= limit) and peak <= peak_max_mb


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

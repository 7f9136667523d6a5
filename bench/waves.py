"""
What goes back in one wave against the exact choice (HiGHS), and filled containers against their bound.

All on committed seeds. The gap is in thousandths of the exact net; a group may lose one.
"""

from statistics import fmean

from bench.embedded import seconds_of, show
from include.winddown.domain.split.waves import Blocks, Tariff, choose_wave
from tests.wave_groups import ROWS, TARIFFS, draw_group, draw_lines, exact_net, packing_ratio

SEEDS = range(5)
GAP_MAX = 1.0
BOX = (22_500, 77_000)
PACKINGS = 20
PACKING_MAX = 1.07


def run() -> list[dict[str, object]]:
    """
    Choose 60 groups and pack 80.

    Returns:
        Gaps in thousandths, their seconds in all, and containers ÷ bound.
    """
    groups = [
        (draw_group(1_000 * rows + seed, rows), tariff)
        for tariff in TARIFFS.values()
        for rows in ROWS
        for seed in SEEDS
    ]
    choose_wave(*groups[0])
    gaps = [_gap(*group) for group in groups]
    ours = seconds_of(lambda: [choose_wave(*group) for group in groups])
    theirs = seconds_of(lambda: [exact_net(*group) for group in groups])
    packed = [_packing(rows) for rows in (3, 10, 30, 100)]
    return [
        _row("worst gap of 60 groups to HiGHS, ‰ / allowed", max(gaps), GAP_MAX, 1.0),
        _row("mean gap of 60 groups to HiGHS, ‰ / allowed", fmean(gaps), GAP_MAX, 1.0),
        _row("choose 60 groups / HiGHS, seconds", ours, theirs, 1.0),
        *packed,
    ]


def _gap(blocks: Blocks, tariff: Tariff) -> float:
    exact = exact_net(blocks, tariff)
    return 1_000 * (exact - choose_wave(blocks, tariff).net_minor) / max(exact, 1.0)


def _packing(rows: int) -> dict[str, object]:
    ratios = [packing_ratio(draw_lines(1_000 * rows + seed, rows), BOX) for seed in range(PACKINGS)]
    return _row(f"boxes for {rows} lines ÷ bound, mean of {PACKINGS} groups", fmean(ratios), 1.0, PACKING_MAX)


def _row(name: str, measured: float, compared_with: float, limit: float) -> dict[str, object]:
    return {
        "name": name,
        "measured": measured,
        "compared_with": compared_with,
        "ratio": measured / compared_with,
        "limit": limit,
        "peak_mb": 0.0,
    }


if __name__ == "__main__":
    show(run())

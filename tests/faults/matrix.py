"""`python -m tests.faults.matrix`: write docs/fault-matrix.md from the markers `fault("F1", "S5", …)` of the tests."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.faults.matrix_cells import FAULTS, OUTCOMES, STEPS, WITHOUT_A_TEST

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "fault-matrix.md"
Cell = tuple[str, str]

HEAD = """\
# What is tested of each fault at each step

Written by `python -m tests.faults.matrix` from the markers `@pytest.mark.fault("F1", "S5", …)` of the tests; do not
edit. A letter says what has to happen, the number how many tests prove it; · is a cell that cannot happen, ○ one that
has no test of its own, with its reason below.

"""


def live() -> set[Cell]:
    """List the cells that can happen."""
    return {
        (fault, step)
        for fault, (_, outcomes) in FAULTS.items()
        for step, outcome in zip(STEPS, outcomes.split(), strict=True)
        if outcome != "-"
    }


def excused() -> dict[Cell, str]:
    """Give the cells that have no test of their own, and why."""
    return {(fault, step): why for fault, steps, why in WITHOUT_A_TEST for step in steps.split()}


def proven() -> dict[Cell, list[str]]:
    """Find the tests of each cell, as file::name."""
    found: dict[Cell, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, fault, steps in _marks(path):
            for step in steps:
                found[fault, step].append(f"{path.relative_to(ROOT / 'tests')}::{name}")
    return found


def document() -> str:
    """Write the document."""
    tests, without = proven(), excused()
    lines = [HEAD, "| | " + " | ".join(STEPS) + " |\n", "|---|" + "---|" * len(STEPS) + "\n"]
    for fault, (words, outcomes) in FAULTS.items():
        shown = [
            _shown(outcome, len(tests.get((fault, step), ())))
            for step, outcome in zip(STEPS, outcomes.split(), strict=True)
        ]
        lines.append(f"| {fault} {words} | " + " | ".join(shown) + " |\n")
    lines += ["\n", *(f"- **{step}** {words}\n" for step, words in STEPS.items()), "\n"]
    lines += [f"- **{code}** {words}\n" for code, words in OUTCOMES.items()]
    lines.append("\n## Cells without a test of their own\n\n")
    by_reason: dict[str, list[str]] = defaultdict(list)
    for (fault, step), why in without.items():
        by_reason[why].append(f"{fault} {step}")
    lines += [f"- {', '.join(cells)}: {why}\n" for why, cells in by_reason.items()]
    lines.append("\n## The tests\n\n")
    for fault, (words, _) in FAULTS.items():
        lines.append(f"### {fault} {words}\n\n")
        by_test: dict[str, list[str]] = defaultdict(list)
        for step in STEPS:
            for name in tests.get((fault, step), ()):
                by_test[name].append(step)
        lines += [f"- {', '.join(steps)}: `{name}`\n" for name, steps in by_test.items()]
        lines.append("\n")
    return "".join(lines).rstrip() + "\n"


def _shown(outcome: str, count: int) -> str:
    if outcome == "-":
        return "·"
    return f"{outcome} {count}" if count else f"{outcome} ○"


def _marks(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault":
                fault, *steps = (ast.literal_eval(word) for word in mark.args)
                yield node.name, fault, steps


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")

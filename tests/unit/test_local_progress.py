"""What is told where there is no terminal."""

import pytest

from include.local.progress import Progress

LONG = ", ".join(f"place {number}" for number in range(60))


def test_a_table_in_a_pipe_keeps_its_lines_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal a row is one line, however long."""
    Progress().table("Where it stands", {"units by place": LONG, "exit": "demo"})
    lines = capsys.readouterr().out.splitlines()
    assert sum("units by place" in line and LONG in line for line in lines) == 1
    assert max(len(line) for line in lines) < len(LONG) + 40

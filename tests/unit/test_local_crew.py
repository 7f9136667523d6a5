"""One launcher at a time, and private folders."""

import os
import stat
from pathlib import Path

import pytest

from include.local.crew import make_private, open_private, take_lock
from include.local.errors import Busy
from include.local.keys import load_or_generate


def test_second_launcher_is_refused(tmp_path: Path) -> None:
    """While one launcher lives, another one is told which process it is."""
    with take_lock(tmp_path), pytest.raises(Busy, match=f"process {os.getpid()}"):
        take_lock(tmp_path)


def test_lock_is_free_again(tmp_path: Path) -> None:
    """When the first has gone the second may start."""
    take_lock(tmp_path).close()
    take_lock(tmp_path).close()
    assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_nobody_else_reads_var(tmp_path: Path) -> None:
    """Others cannot list the folder; only root's PostgreSQL user may pass through."""
    make_private(tmp_path / "var")
    mode = stat.S_IMODE((tmp_path / "var").stat().st_mode)
    assert mode == (0o711 if os.geteuid() == 0 else 0o700)


def test_logs_are_private(tmp_path: Path) -> None:
    """A log, which may hold tokens, is readable by its owner only."""
    open_private(tmp_path / "a.log").close()
    assert stat.S_IMODE((tmp_path / "a.log").stat().st_mode) == 0o600


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """The second start finds the secrets of the first, in a private file."""
    made, is_new = load_or_generate(tmp_path)
    found, is_new_again = load_or_generate(tmp_path)
    assert (is_new, is_new_again) == (True, False)
    assert found == made
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600

"""However a launcher ends, it leaves no process behind."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from include.local.guard import processes_of
from include.local.settings import ROOT

WORKERS = 4
PATIENCE_S = 120.0


class Launched:
    """A launcher in a process of its own, as `make run` starts it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        command = [sys.executable, "-m", "include.local", "run", "--var", str(var), "--port", "0"]
        with (var.parent / "launcher.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def token(self) -> str:
        """The run's token, once the launcher has written it."""
        wait_until((self.var / "run.json").exists)
        token: str = json.loads((self.var / "run.json").read_text())["token"]
        return token

    def is_in_full_swing(self) -> bool:
        """Whether PostgreSQL, the sandbox, the components and the executor's workers all run."""
        assert self.process.poll() is None, (self.var.parent / "launcher.log").read_text()
        titles = [title(process) for process in processes_of(self.token())]
        parts = ("postgres", "include.sandbox", "api_server", "scheduler", "dag-processor", "triggerer")
        return all(any(part in words for words in titles) for part in parts) and (
            sum("LocalExecutor" in words for words in titles) >= WORKERS
        )

    def end(self, number: signal.Signals) -> None:
        """Send a signal and see that nothing is left, PostgreSQL's lock file included."""
        token = self.token()
        self.process.send_signal(number)
        self.process.wait(60)
        wait_until(lambda: not processes_of(token))
        assert not (self.var / "postgres" / "postmaster.pid").exists()


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One var/ for all ways to end, so that each also proves that the next launcher can start."""
    return tmp_path_factory.mktemp("processes") / "var"


@pytest.fixture
def launched(var: Path) -> Iterator[Launched]:
    launcher = Launched(var)
    wait_until(launcher.is_in_full_swing)
    yield launcher
    if launcher.process.poll() is None:
        launcher.process.kill()
        launcher.process.wait()


def title(process: psutil.Process) -> str:
    try:
        return " ".join([process.name(), *process.cmdline()])
    except psutil.Error:
        return ""


def wait_until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up_at, "waited too long"
        time.sleep(0.2)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_is_left(launched: Launched, number: signal.Signals) -> None:
    """Killed or interrupted: no process of the run survives."""
    launched.end(number)


def test_no_process_is_left_without_the_guard(launched: Launched) -> None:
    """When somebody kills the guard, the launcher stops everything itself rather than go on unguarded."""
    token = launched.token()
    guards = [child for child in psutil.Process(launched.process.pid).children() if token in child.cmdline()]
    guards[0].kill()
    wait_until(lambda: launched.process.poll() is not None)
    assert launched.process.returncode == 1
    assert processes_of(token) == []


def test_a_second_launcher_is_refused_and_the_first_stops_when_told(launched: Launched) -> None:
    """A second launcher on the same var/ is told who has it, and harms nothing; SIGTERM then leaves no process."""
    command = [sys.executable, "-m", "include.local", "run", "--var", str(launched.var), "--once"]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert second.returncode == 1
    assert f"another run (process {launched.process.pid})" in second.stdout
    reset = [sys.executable, "-m", "include.local", "reset", "--var", str(launched.var)]
    assert subprocess.run(reset, cwd=ROOT, capture_output=True, check=False, timeout=60).returncode == 1
    assert launched.is_in_full_swing()
    launched.end(signal.SIGTERM)

"""
End everything of a run once its launcher is gone, however it went.

The guard is a process of its own. It holds the reading end of a pipe whose writing end only the
launcher has; the end of the pipe is the one signal that not even `kill -9` can keep back.
Processes are found by the run's token in their environment, with their descendants.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from include.local.environment import TOKEN

TERM_S = 5.0
KILL_S = 10.0
_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


def processes_of(token: str, *, also_postgres: bool = True) -> list[psutil.Process]:
    """List the living processes of a run and their descendants, this one excepted."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        if process.pid != os.getpid() and _carries(process, token):
            found[process.pid] = process
            with suppress(*_GONE):
                found.update({child.pid: child for child in process.children(recursive=True)})
    return [p for p in found.values() if _is_alive(p) and (also_postgres or not _is_postgres(p))]


def sweep(token: str, postgres_data: Path) -> None:
    """End every process of a run: politely, then not; PostgreSQL last, so that nobody loses a write."""
    _end(token, signal.SIGTERM, TERM_S)
    _end(token, signal.SIGKILL, KILL_S)
    stop_postgres(postgres_data)


def stop_postgres(data: Path) -> None:
    """Stop the server of a data directory: fast, then immediate, then by force."""
    try:
        server = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return
    if not _is_postgres(server):
        return  # an old pid file, and the number now belongs to somebody else
    for number, patience_s in ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        with suppress(*_GONE):
            server.send_signal(number)
        with suppress(psutil.TimeoutExpired):
            server.wait(patience_s)
            return


def _end(token: str, number: int, patience_s: float) -> None:
    told: set[int] = set()
    give_up_at = time.monotonic() + patience_s
    while time.monotonic() < give_up_at:
        members = processes_of(token, also_postgres=False)
        if not members:
            return
        for process in members:
            if process.pid not in told:
                told.add(process.pid)
                with suppress(*_GONE):
                    process.send_signal(number)
        psutil.wait_procs(members, timeout=0.3)


def _carries(process: psutil.Process, token: str) -> bool:
    try:
        return process.environ().get(TOKEN) == token
    except (*_GONE, OSError):
        return False


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except _GONE:
        return False


def _is_postgres(process: psutil.Process) -> bool:
    try:
        return bool(process.name() == "postgres")
    except _GONE:
        return False


def main(token: str, postgres_data: Path) -> None:
    """Wait for the pipe on standard input to close, then sweep."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 4096):
        pass
    sweep(token, postgres_data)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

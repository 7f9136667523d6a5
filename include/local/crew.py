"""The processes of one run: started in sessions of their own, watched, and never left behind."""

import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

import psutil

from include.local.environment import TOKEN, clean_environment
from include.local.errors import Busy, Ended
from include.local.guard import processes_of, sweep

TAIL_LINES = 12
CLEANUP_S = 40.0
NOTE = "run.json"
POSTGRES = "postgres"


class Crew:
    """
    Everybody who works in one var/; a context manager.

    One crew at a time: the lock is held by the launcher and by the guard, so that the next
    launcher waits until the guard of a crashed one has finished.

    Args:
        var: the folder; made when it is not there.
    """

    def __init__(self, var: Path) -> None:
        self.var = var
        self.token = secrets.token_hex(16)
        self.logs = var / "logs"
        self.postgres_data = var / POSTGRES
        self._members: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        """Take the lock, end what a killed launcher and a killed guard left, post a new guard."""
        make_private(self.var)
        self._lock = take_lock(self.var)
        end_leftovers(self.var)
        unfinished = self.var / f"{NOTE}.new"
        unfinished.write_text(json.dumps({"token": self.token}))
        unfinished.replace(self.var / NOTE)
        make_private(self.logs)
        command = (sys.executable, "-m", "include.local.guard", self.token, str(self.postgres_data))
        with open_private(self.logs / "guard.log") as log:
            self._guard = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=clean_environment(os.environ),
                start_new_session=True,
                pass_fds=(self._lock.fileno(),),
            )
        return self

    def __exit__(self, *_: object) -> None:
        """End everybody; what the guard does after a crash is what it does now."""
        previous = [
            (number, signal.signal(number, signal.SIG_IGN)) for number in (signal.SIGINT, signal.SIGTERM)
        ]
        with suppress(BrokenPipeError):
            self._guard.communicate()
        if processes_of(self.token) or (self.postgres_data / "postmaster.pid").exists():
            sweep(self.token, self.postgres_data)  # somebody has killed the guard
        for process in self._members.values():
            process.wait()
        (self.var / NOTE).unlink(missing_ok=True)
        self._lock.close()
        for number, handler in previous:
            signal.signal(number, handler)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Path:
        """Start a member in a session of its own; gives the file its output goes to."""
        log = self.logs / f"{name}.log"
        with open_private(log) as output:
            self._members[name] = self.popen(command, environment, output)
        return log

    def start_aside(self, name: str, command: Sequence[str]) -> None:
        """Start a process that ends by itself; it does not stay behind as a zombie when it has."""
        with open_private(self.logs / f"{name}.log") as output:
            process = self.popen(command, {}, output)
        threading.Thread(target=process.wait, daemon=True).start()

    def popen(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        output: IO[bytes],
        stdin: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Start a process that carries the run's token but is not expected to stay."""
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**clean_environment(os.environ), **environment, TOKEN: self.token},
            start_new_session=True,
            umask=0o077,
        )

    def check(self) -> None:
        """
        Make sure that everybody is still there.

        Raises:
            Ended: names who is not, and shows the end of its log.
        """
        for name, process in self._members.items():
            if process.poll() is not None:
                log = self.logs / f"{name}.log"
                msg = f"{name} ended with code {process.returncode}; the end of {log}:\n{tail(log)}"
                raise Ended(msg)
        if self._guard.poll() is not None:
            msg = "the guard process was ended; stopping rather than risk leaving processes behind"
            raise Ended(msg)


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Read the last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def end_leftovers(var: Path) -> None:
    """End what a launcher left when it and its guard were both killed; the caller holds the lock."""
    note = var / NOTE
    if note.exists():
        sweep(json.loads(note.read_text())["token"], var / POSTGRES)


def make_private(folder: Path) -> None:
    """
    Make a folder only its owner can read.

    Root needs one bit more: PostgreSQL refuses to run as root, and its own user must pass through.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def open_private(path: Path) -> IO[bytes]:
    """Open a file for writing that only its owner can read: logs may hold tokens."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def take_lock(var: Path, patience_s: float = CLEANUP_S) -> IO[str]:
    """
    Lock a var/ for one launcher.

    Raises:
        Busy: a living launcher holds it; its process id is in the message.
    """
    give_up_at = time.monotonic() + patience_s
    while True:
        lock = (var / "lock").open("a+")
        if _is_ours(lock, var):
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            return lock
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        if _is_running(holder) or time.monotonic() > give_up_at:
            msg = f"another run (process {holder}) is using {var}; stop it with Ctrl-C first"
            raise Busy(msg)
        time.sleep(0.2)  # that launcher is gone and its guard is still tidying up


def _is_ours(lock: IO[str], var: Path) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(lock.fileno()).st_ino == (var / "lock").stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False  # held by another, or wiped by `make reset` just now


def _is_running(pid: str) -> bool:
    try:
        return bool(psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE)
    except (ValueError, psutil.NoSuchProcess):
        return False

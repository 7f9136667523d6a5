"""
Turns at a rate, shared by every process of a host: one small file a bucket, under a file lock.

Spaced slots (GCRA): each request takes the next slot on the system-wide monotonic clock; whoever
comes late may use at most a few of the slots that went by. So any span of t seconds sees at most
t × rate + 1 + catch-up requests, however many processes there are.
"""

import fcntl
import os
import stat
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from include.winddown.adapters.turns import NoTurn
from include.winddown.domain.errors import BadConnection

_STATE = struct.Struct("=36sd")
WAIT_MAX_S = 180.0
HOLD_MAX_S = 120.0


class Bucket:
    """
    One rate.

    Args:
        path: of its file; made when it is not there.
        interval_s: from one slot to the next; 0 = no rate, only holds.
        catch_up: slots that went by and may still be used.
        clock: one for all processes of the machine, from its start.
    """

    def __init__(
        self,
        path: Path,
        interval_s: float,
        catch_up: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._interval_s = interval_s
        self._clock = clock
        self._slack_s = interval_s * catch_up

    def reserve(self) -> float:
        """
        Take the next slot.

        Returns:
            Seconds until it begins; 0 when that is now.

        Raises:
            NoTurn: it is too far away; it is not taken.
        """
        with self._locked() as file:
            now = self._clock()
            slot = max(_read(file, now), now - self._slack_s)
            if slot - now > WAIT_MAX_S:
                msg = f"the next turn is {slot - now:.0f} s away, by the limit of the method"
                raise NoTurn(msg)
            _write(file, slot + self._interval_s)
        return max(0.0, slot - now)

    def hold(self, pause_s: float) -> None:
        """Give no slot to anybody for so long, at most HOLD_MAX_S."""
        with self._locked() as file:
            now = self._clock()
            until = now + min(pause_s, HOLD_MAX_S)
            _write(file, max(_read(file, now), until))

    @contextmanager
    def _locked(self) -> Iterator[int]:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)  # lets the lock go too


def _read(file: int, now: float) -> float:
    """Read where the next slot begins; what another boot of the machine wrote, or nobody, is no slot."""
    state = os.pread(file, _STATE.size, 0)
    if len(state) != _STATE.size:
        return 0.0
    boot, slot = _STATE.unpack(state)
    # where the machine does not name its boots, a slot that no bucket of this boot gives tells
    is_of_today = boot == _boot() and slot <= now + WAIT_MAX_S + HOLD_MAX_S
    return float(slot) if is_of_today else 0.0


def _write(file: int, slot: float) -> None:
    os.pwrite(file, _STATE.pack(_boot(), slot), 0)


@cache
def _boot() -> bytes:
    """Name the boot whose monotonic clock this is."""
    try:
        name = Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()
    except OSError:
        name = b"unnamed"
    return name[:36].ljust(36)


def private_folder(folder: Path) -> Path:
    """
    Make a folder that only we can use.

    Raises:
        BadConnection: somebody else's folder or a link stands there.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = folder.lstat()
    if not stat.S_ISDIR(there.st_mode) or there.st_uid != os.getuid() or there.st_mode & 0o077:
        msg = f"{folder} must be a folder of our own with mode 0700; remove what stands there"
        raise BadConnection(msg)
    return folder

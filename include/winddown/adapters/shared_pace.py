"""How often a peer may be asked, kept by all processes of this host."""

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path

from include.winddown.adapters.buckets import Bucket, private_folder

CATCH_UP = 3
"""A larger burst provokes refusals, a smaller one wastes a tenth of the rate; both were measured."""


class SharedPace:
    """
    The pace of one account at one peer.

    Args:
        folder: of the buckets; made with mode 0700. No file name tells the account.
        account: whose limit it is.
        requests_per_s: this host's share of the limit.
        method_intervals_s: seconds from one call to the next, for methods with a limit of their own.
    """

    def __init__(
        self,
        folder: Path,
        account: str,
        requests_per_s: float,
        method_intervals_s: Mapping[str, float] | None = None,
    ) -> None:
        self._folder = folder
        self._account = account
        self._interval_s = 1 / requests_per_s
        self._methods = method_intervals_s or {}

    def wait(self, path: str) -> None:
        """Wait for a turn of the method, then for one of the account."""
        for bucket in (self._of_method(path), self._of_account()):
            pause_s = bucket.reserve()
            if pause_s:
                time.sleep(pause_s)

    def hold(self, path: str, pause_s: float, *, is_rate: bool) -> None:
        """Let nobody call the method for so long, or nobody call at all when the account's rate was hit."""
        of_account = is_rate and path not in self._methods
        (self._of_account() if of_account else self._of_method(path)).hold(pause_s)

    def _of_account(self) -> Bucket:
        return Bucket(self._file(""), self._interval_s, CATCH_UP)

    def _of_method(self, path: str) -> Bucket:
        return Bucket(self._file(path), self._methods.get(path, 0))

    def _file(self, path: str) -> Path:
        name = hashlib.sha256(f"{self._account}\n{path}".encode()).hexdigest()[:32]
        return private_folder(self._folder) / name

"""
How often Ozon may be asked: 50 requests a second for each Client-Id, and less for some methods.

Source: limits of the Seller API as documented or observed, April to October 2026.
"""

import hashlib
import time
from pathlib import Path

from include.winddown.adapters.buckets import Bucket, private_folder

REQUESTS_PER_S = 50
CATCH_UP = 3
"""A larger burst provokes refusals, a smaller one wastes a tenth of the rate; both were measured."""

METHOD_INTERVALS_S = {
    "/v1/analytics/data": 62,
    "/v1/analytics/stocks": 1.1,
    "/v1/analytics/turnover/stocks": 61,
    "/v1/report/discounted/create": 61,
    "/v2/products/stocks": 60 / 78,
}
"""Seconds from one call to the next, for each Client-Id."""


class OzonPace:
    """
    The pace of one Client-Id, kept by all processes of this host.

    Args:
        folder: of the buckets; made with mode 0700. No file name tells the Client-Id.
        client_id: of the cabinet.
        requests_per_s: this host's share of the limit.
    """

    def __init__(self, folder: Path, client_id: str, requests_per_s: float = REQUESTS_PER_S) -> None:
        self._folder = folder
        self._client_id = client_id
        self._interval_s = 1 / requests_per_s

    def wait(self, path: str) -> None:
        """Wait for a turn of the method, then for one of the cabinet."""
        for bucket in (self._of_method(path), self._of_cabinet()):
            pause_s = bucket.reserve()
            if pause_s:
                time.sleep(pause_s)

    def hold(self, path: str, pause_s: float, *, is_rate: bool) -> None:
        """Let nobody call the method for so long, or nobody call at all when the cabinet's rate was hit."""
        of_cabinet = is_rate and path not in METHOD_INTERVALS_S
        (self._of_cabinet() if of_cabinet else self._of_method(path)).hold(pause_s)

    def _of_cabinet(self) -> Bucket:
        return Bucket(self._file(""), self._interval_s, CATCH_UP)

    def _of_method(self, path: str) -> Bucket:
        return Bucket(self._file(path), METHOD_INTERVALS_S.get(path, 0))

    def _file(self, path: str) -> Path:
        name = hashlib.sha256(f"{self._client_id}\n{path}".encode()).hexdigest()[:32]
        return private_folder(self._folder) / name

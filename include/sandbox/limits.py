"""The marketplace's limits on how often it may be asked, as documented; the world's days count as time."""

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

EVERY_SECOND = 50


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many again in a period [s]."""

    count: int
    period_s: float


PER_METHOD = {
    "/v2/products/stocks": Rate(80, 60),
    # not published; batches that are not paced have been refused
    "/v1/analytics/stocks": Rate(1, 1),
    "/v1/product/archive": Rate(20, 60),
    "/v1/product/unarchive": Rate(20, 60),
}
PRICE_OF_A_PRODUCT = Rate(10, 3600)
STOCK_OF_A_PAIR = Rate(1, 30)


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass(slots=True)
class Limits:
    """
    What is left of every limit, and how often somebody ran into one.

    Attributes:
        per_second: requests a second of one Client-Id over all methods; 0 switches every limit off.
        days: tells the day of the world, so that a day that passes frees whatever was used up.
    """

    days: Callable[[], int]
    per_second: int = EVERY_SECOND
    requests: int = 0
    throttled: int = 0
    _buckets: dict[Hashable, _Bucket] = field(default_factory=dict)

    def ask(self, client_id: str, path: str) -> int:
        """Count a request; gives 0, or the whole seconds to wait when it is one too many."""
        self.requests += 1
        wait = self._take(("all", client_id), Rate(self.per_second, 1.0))
        if not wait and path in PER_METHOD:
            wait = self._take((path, client_id), PER_METHOD[path])
        self.throttled += wait > 0
        return math.ceil(wait)

    def door(self, name: str) -> int:
        """Count a request at another door, which allows as many a second; 0, or the seconds to wait."""
        return math.ceil(self._take(("door", name), Rate(self.per_second, 1.0)))

    def item(self, name: Hashable, rate: Rate) -> bool:
        """Say whether one item, a product or a product in a warehouse, may be written now."""
        return not self._take(("item", name), rate)

    def _take(self, name: Hashable, rate: Rate) -> float:
        """Take one from a bucket that fills evenly; gives 0, or the seconds until one is there."""
        if not self.per_second:
            return 0.0
        now = time.monotonic() + 86_400 * self.days()
        bucket = self._buckets.setdefault(name, _Bucket(rate.count, now))
        bucket.left = min(rate.count, bucket.left + (now - bucket.at) * rate.count / rate.period_s)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) * rate.period_s / rate.count
        bucket.left -= 1
        return 0.0

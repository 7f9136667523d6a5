"""
How often Ozon may be asked: 50 requests a second for each Client-Id, and less for some methods.

Source: limits of the Seller API as documented or observed, April to October 2026.
"""

from pathlib import Path

from include.winddown.adapters.shared_pace import SharedPace

REQUESTS_PER_S = 50

METHOD_INTERVALS_S = {
    "/v1/analytics/data": 62,
    "/v1/analytics/stocks": 1.1,
    "/v1/analytics/turnover/stocks": 61,
    "/v1/report/discounted/create": 61,
    "/v2/products/stocks": 60 / 78,
}
"""Seconds from one call to the next, for each Client-Id."""


class OzonPace(SharedPace):
    """
    The pace of one Client-Id, kept by all processes of this host.

    Args:
        folder: of the buckets.
        client_id: of the cabinet.
        requests_per_s: this host's share of the limit.
    """

    def __init__(self, folder: Path, client_id: str, requests_per_s: float = REQUESTS_PER_S) -> None:
        super().__init__(folder, client_id, requests_per_s, METHOD_INTERVALS_S)

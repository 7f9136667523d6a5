"""Which key of the marketplace is fit for reading."""

from datetime import UTC, datetime, timedelta

import pytest

from include.winddown.domain.errors import MarketplaceRefused
from include.winddown.domain.keys import is_writing, judge_key

NOW = datetime(2026, 11, 23, tzinfo=UTC)
READING = ("/v1/roles", "/v3/product/list", "/v4/product/info/stocks")


def judge(*more: str, days: float = 60, needed: tuple[str, ...] = READING) -> str:
    return judge_key([*READING, *more], NOW + timedelta(days=days), NOW, needed)


def test_a_key_that_only_reads_is_fit():
    """The sentence says how long it lives."""
    assert judge() == "The Api-Key only reads and lives until 2027-01-22 (60 days)."


@pytest.mark.parametrize(("days", "told"), [(13.9, "ends on 2026-12-06"), (-1, "ended on 2026-11-22")])
def test_a_key_that_ends_soon_is_refused(days: float, told: str):
    """Fourteen days are needed; the message says how to get a new key."""
    with pytest.raises(MarketplaceRefused, match=rf"{told}, and 14 days are needed; make a new key"):
        judge(days=days)


@pytest.mark.parametrize(
    "method",
    [
        "/v1/product/import/prices",
        "/v1/product/archive",
        "/v2/products/stocks",
        "/v1/fbp/order/direct/cancel",
        "/v1/fbp/draft/drop-off/delete",
        "/v1/actions/products/update",
        "/v2/actions/products/deactivate",
        "/v1/seller-actions/change-activity",
        "/v1/returns/settings/utilization/update",
        "/v4/posting/fbs/ship",
    ],
)
def test_a_key_that_may_change_things_is_refused(method: str):
    """The message names the method and says which role to choose."""
    with pytest.raises(MarketplaceRefused, match=rf"may change things \({method}\).*Admin read only"):
        judge(method)


@pytest.mark.parametrize(
    "method",
    [
        "/v1/actions",
        "/v2/actions/products",
        "/v1/report/products/create",
        "/v1/fbp/act-from/create",
        "/v1/warehouse/operation/status",
        "/v1/removal/from-stock/list",
        "/v1/returns/settings/utilization/info",
    ],
)
def test_a_method_that_reads_is_no_excess(method: str):
    """Documents that are made for us to read count as reading."""
    assert not is_writing(method)


def test_a_key_that_may_not_read_is_refused():
    """What is lacking is named before anything is read."""
    with pytest.raises(MarketplaceRefused, match=r"may not call /v4/posting/fbs/list; make a key"):
        judge(needed=(*READING, "/v4/posting/fbs/list"))

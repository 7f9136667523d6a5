"""Which key of the marketplace is fit for reading."""

from datetime import UTC, datetime, timedelta

import pytest

from include.sandbox.keys import ROLES, opened_by
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
        "/v6/fbs/posting/product/exemplar/create-or-get",
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


@pytest.mark.parametrize(
    "method",
    [
        "/v1/warehouse/rfbs/teleport",
        "/v1/polygon/relist",
        "/v2/chat/read",
        "/v1/finance/payout",
        "/v1/removal/from-stock",
        "/v1/",
        "",
    ],
)
def test_an_unknown_method_is_taken_for_writing(method: str):
    """Only what is known to read passes; the message names the method and says where to list it."""
    with pytest.raises(
        MarketplaceRefused, match=r"an unknown method is taken for writing.*domain/keys\.py"
    ) as told:
        judge(method)
    assert f"unknown here ({method})" in str(told.value)


def test_what_is_known_to_write_is_named_before_what_is_unknown():
    """A key with too many rights is to be replaced, whatever else it opens."""
    with pytest.raises(MarketplaceRefused, match=r"may change things \(/v1/product/archive\)"):
        judge("/v1/a/teleport", "/v1/product/archive")


def test_a_newer_version_of_a_reading_method_reads():
    """Ozon renumbers its methods several times a year."""
    assert judge("/v9/product/info/prices", "/v9/finance/realization")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_of_the_sandbox_is_known(role: str):
    """The reading role opens nothing that writes; no method of any role is unknown here."""
    writing = {method for method in opened_by(role) if is_writing(method)}
    assert writing == {method for method in opened_by(role) if method not in opened_by("Admin read only")}
    for method in writing:
        with pytest.raises(MarketplaceRefused, match="may change things"):
            judge(method)


def test_a_key_that_may_not_read_is_refused():
    """What is lacking is named before anything is read."""
    with pytest.raises(MarketplaceRefused, match=r"may not call /v4/posting/fbs/list; make a key"):
        judge(needed=(*READING, "/v4/posting/fbs/list"))

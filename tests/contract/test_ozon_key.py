"""The key check, against the sandbox."""

from collections.abc import Iterator

import pytest

from include.winddown.domain.errors import MarketplaceRefused
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "2", "--size", "6") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


def test_a_reading_key_is_fit(sandbox: Sandbox):
    """The key the sandbox gives out only reads and lives long enough."""
    assert "only reads" in sandbox.ozon().check_access()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"expires_in_days": 5}, "14 days are needed; make a new key"),
        ({"roles": ["Admin"]}, r"may change things .*Admin read only"),
        ({"roles": ["Finance"]}, "may not call .* make a key"),
        ({"refused": "deactivated"}, "Api-key is deactivated.*not expired"),
        ({"refused": "invalid"}, "Invalid Api-Key.*check that Client-Id and Api-Key"),
        ({"refused": "offer_not_signed"}, "Offer not signed.*offer is signed"),
        ({"refused": "ip_restricted"}, "restricted to specific IP addresses.*allows this address"),
    ],
)
def test_an_unfit_key_is_refused_with_what_to_do(sandbox: Sandbox, change: dict, message: str):
    """Each reason has its own words, and none shows the key."""
    sandbox.faults(key=change)
    with pytest.raises(MarketplaceRefused, match=message) as refused:
        sandbox.ozon().check_access()
    assert sandbox.greeting["api_key"] not in str(refused.value)


@pytest.mark.parametrize("client_id", ["7", "notanumber"])
def test_line_100_a_wrong_client_id_is_refused(sandbox: Sandbox, client_id: str):
    """The first question of a snapshot finds it out; the field is named, never its value."""
    with pytest.raises(
        MarketplaceRefused, match="check that Client-Id and Api-Key in the connection"
    ) as refused:
        sandbox.ozon(client_id=client_id).check_access()
    assert sandbox.greeting["api_key"] not in str(refused.value)

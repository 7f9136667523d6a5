"""Where a connection of kind ozon may lead."""

import pytest

from include.winddown.domain.addresses import OZON_ADDRESS, Place, ozon_address
from include.winddown.domain.errors import BadConnection


def place(**changes: object) -> Place:
    return Place(**({"name": "shop", "host": "", "scheme": "", "port": None, "sandbox": None} | changes))


@pytest.mark.parametrize(
    "said",
    [{}, {"host": "api-seller.ozon.ru"}, {"scheme": "https", "port": 443}, {"sandbox": False}],
)
def test_there_is_one_address(said):
    """Nothing, or exactly the address of Ozon."""
    assert ozon_address(place(**said)) == OZON_ADDRESS == "https://api-seller.ozon.ru:443"


@pytest.mark.parametrize(
    "said",
    [
        {"host": "169.254.169.254"},
        {"host": "api-seller.ozon.ru.evil.example"},
        {"host": "API-SELLER.ozon.ru"},
        {"host": "api-seller.ozon.ru", "port": 8443},
        {"host": "api-seller.ozon.ru", "scheme": "http"},
        {"host": "127.0.0.1", "port": 5001},
        {"port": 80},
        {"scheme": "file", "host": "/etc/passwd"},
        {"host": "https://api-seller.ozon.ru"},
        {"host": "api-seller.ozon.ru/v1"},
    ],
)
def test_any_other_place_is_refused(said):
    """No free host, no other port, no other scheme; the message says what to leave empty."""
    with pytest.raises(
        BadConnection, match=r"'shop' names .* nowhere else: leave host, port and scheme empty"
    ):
        ozon_address(place(**said))


def test_a_user_in_the_host_is_refused_and_not_shown():
    """user:pass@ may be a secret."""
    with pytest.raises(BadConnection) as refused:
        ozon_address(place(host="user:hunter2@api-seller.ozon.ru"))
    assert "hunter2" not in str(refused.value)


def test_a_sandbox_is_on_this_machine():
    """It is said in the extra, and the port is given."""
    said = {"sandbox": True, "port": 5001}
    assert ozon_address(place(host="127.0.0.1", **said)) == "http://127.0.0.1:5001"


@pytest.mark.parametrize(
    "said",
    [
        {"host": "api-seller.ozon.ru", "port": 443},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1", "port": 0},
        {"host": "10.0.0.7", "port": 5001},
        {"host": "user@127.0.0.1", "port": 5001},
        {"host": "127.0.0.1", "port": 5001, "scheme": "https"},
        {"port": 5001},
    ],
)
def test_a_sandbox_elsewhere_is_refused(said):
    """Only loopback, with its port."""
    with pytest.raises(BadConnection, match=r"a sandbox is at http://127\.0\.0\.1"):
        ozon_address(place(sandbox=True, **said))


@pytest.mark.parametrize("value", ["true", 1, "yes", {}])
def test_sandbox_is_true_or_false(value):
    """A text that means yes is none."""
    with pytest.raises(BadConnection, match="give true or false"):
        ozon_address(place(sandbox=value))

"""Ports on the loopback address."""

import socket
from collections.abc import Iterator

import pytest

from include.local.ports import free_port, is_free


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"])  # noqa: S104  a stranger's server, in the test
def busy_port(request: pytest.FixtureRequest) -> Iterator[int]:
    with socket.socket() as server:
        server.bind((request.param, 0))
        server.listen()
        yield server.getsockname()[1]


def test_busy_port_is_not_free(busy_port: int) -> None:
    """A port on which somebody listens is busy, on whatever address."""
    assert not is_free(busy_port)


def test_another_port_is_taken(busy_port: int) -> None:
    """Instead of a busy port another one is taken, and it is free."""
    port = free_port(busy_port)
    assert port != busy_port
    assert is_free(port)


def test_wanted_port_is_kept() -> None:
    """A free port is taken as wished."""
    port = free_port(0)
    assert free_port(port) == port


def test_impossible_port_is_not_free() -> None:
    """A number beyond the range of ports is busy, not a crash."""
    assert not is_free(70_000)

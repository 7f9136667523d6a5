"""Who may send when; shared by everybody who speaks with the same peer."""

from typing import Protocol


class NoTurn(TimeoutError):
    """The next turn of a paced peer is too far away to wait for."""


class Pace(Protocol):
    """Who may send when; shared by everybody who speaks with the same peer."""

    def wait(self, path: str) -> None:
        """Wait for a turn; NoTurn when that would take too long."""

    def hold(self, path: str, pause_s: float, *, is_rate: bool) -> None:
        """Let nobody send to a path for so long; is_rate: because there were too many requests."""


class Unpaced:
    """The pace of a peer that has no limit."""

    def wait(self, path: str) -> None:
        """Go ahead."""

    def hold(self, path: str, pause_s: float, *, is_rate: bool) -> None:
        """Nobody else needs to know."""

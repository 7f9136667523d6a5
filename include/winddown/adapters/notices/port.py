"""How people are told, as the steps see it."""

from typing import Literal, Protocol

Severity = Literal["info", "warning", "critical"]


class Notices(Protocol):
    """How people are told."""

    def send(self, subject: str, text: str, severity: Severity) -> bool:
        """Tell somebody; False when it did not get through, which is logged and never raised."""

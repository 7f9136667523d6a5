"""What was read from one endpoint: its bytes, and how many rows were good and bad."""

import hashlib
from collections.abc import Callable

from include.winddown.adapters.ports import Source


class Tally:
    """
    A running account of one source.

    Args:
        name: of the source.
        keep: takes the bytes as they come, to keep them.
    """

    def __init__(self, name: str, keep: Callable[[bytes], None] | None = None) -> None:
        self.name = name
        self.rows_ok = 0
        self.rows_bad = 0
        self._keep = keep
        self._digest = hashlib.sha256()
        self._size_bytes = 0

    @property
    def rows_in(self) -> int:
        """Count the rows so far."""
        return self.rows_ok + self.rows_bad

    def take(self, body: bytes) -> None:
        """Account for bytes that were read."""
        self._digest.update(body)
        self._size_bytes += len(body)
        if self._keep:
            self._keep(body)

    def ok(self, rows: int = 1) -> None:
        """Account for good rows."""
        self.rows_ok += rows

    def bad(self) -> None:
        """Account for a row that is kept out."""
        self.rows_bad += 1

    def source(self) -> Source:
        """Close the account."""
        return Source(
            name=self.name,
            sha256=self._digest.hexdigest(),
            size_bytes=self._size_bytes,
            rows_in=self.rows_in,
            rows_ok=self.rows_ok,
            rows_bad=self.rows_bad,
        )

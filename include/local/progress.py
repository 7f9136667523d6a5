"""What the person at the terminal sees: a spinner where there is a terminal, plain lines where not."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from rich.status import Status


WIDE_COLUMNS = 1_000
"""A file or a pipe has no width; rich would take 80 columns and break the lines of a table."""


class Progress:
    """
    Tell how far the journey is, and keep how long each stage took.

    Args:
        console: where to; rich finds out whether it is a terminal.

    Attributes:
        seconds: by stage, in the order of the journey.
    """

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        if console is None and not self.console.is_terminal:
            self.console.width = WIDE_COLUMNS
        self.seconds: dict[str, float] = {}
        self._status: Status | None = None

    def say(self, text: str, style: str | None = None) -> None:
        """Write a line that stays."""
        self.console.print(text, style=style, markup=False)

    def now(self, text: str) -> None:
        """Say what is going on this moment; shown on a terminal only, where it is overwritten."""
        if self._status:
            self._status.update(text)

    @contextmanager
    def stage(self, name: str, title: str) -> Iterator[None]:
        """Time one stage; a stage that comes again adds up."""
        began = time.monotonic()
        self.say(f"▸ {title}", style="bold")
        with self.console.status(title) if self.console.is_terminal else _Nothing() as status:
            self._status = status
            try:
                yield
            finally:
                self._status = None
                took = time.monotonic() - began
                self.seconds[name] = round(self.seconds.get(name, 0.0) + took, 1)

    def table(self, title: str, rows: Mapping[str, str]) -> None:
        """Write a table of two columns."""
        table = Table(title=title, show_header=False, title_justify="left")
        for name, value in rows.items():
            table.add_row(name, value)
        self.console.print(table, markup=False)


class _Nothing:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None

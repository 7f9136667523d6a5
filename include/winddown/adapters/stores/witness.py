"""
A number kept outside the database: how many attempts the ledger had when somebody last looked.

A database that was set back together with its disk looks like itself; only something that was not
set back can tell. The witness lies beside the snapshots.
"""

import json
from typing import TYPE_CHECKING

from include.winddown.domain.errors import LedgerFrozen

if TYPE_CHECKING:
    from upath import UPath


class Witness:
    """
    The highest number of attempts seen.

    Args:
        root: of the snapshot store.
    """

    def __init__(self, root: "UPath") -> None:
        self._path = root / "ledger" / "witness.json"

    def seen(self) -> int:
        """
        Tell the highest number seen; 0 when nobody has looked yet.

        Raises:
            LedgerFrozen: the witness is there and cannot be read.
        """
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return 0
        try:
            return int(json.loads(text)["attempts"])
        except (ValueError, KeyError, TypeError) as broken:
            msg = f"{self._path} is no witness of the ledger ({broken}); see docs/runbook.md, frozen ledger"
            raise LedgerFrozen(msg) from broken

    def keep(self, attempts: int) -> None:
        """Write a number down."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps({"attempts": attempts}), encoding="utf-8")

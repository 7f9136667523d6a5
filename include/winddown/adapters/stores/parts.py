"""What one mapped task leaves for the next: Parquet files beside the snapshots, by plan."""

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from include.winddown.adapters.stores.bulk import address

if TYPE_CHECKING:
    from upath import UPath


class Parts:
    """
    Parts of one plan under `<root>/<exit>/plans/<plan>/`.

    Writing a part again replaces it: a retry leaves what the first try would have left.
    """

    def __init__(self, root: "UPath", exit_id: str, plan_id: str) -> None:
        self._folder = root / exit_id / "plans" / plan_id

    def write(self, kind: str, name: str, table: pa.Table) -> None:
        """Write one part; name is only used in quoted form, never as a path."""
        path = self._path(kind, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as sink:
            pq.write_table(table, sink, compression="zstd")

    def read(self, kind: str, name: str) -> pa.Table:
        """Read one part."""
        with self._path(kind, name).open("rb") as source:
            return pq.read_table(pa.BufferReader(source.read()))

    def paths(self, kind: str) -> list[str]:
        """Name the files of all parts of a kind, in the order of their names."""
        return [address(path) for path in sorted((self._folder / kind).glob("*.parquet"), key=str)]

    def _path(self, kind: str, name: str) -> "UPath":
        return self._folder / kind / f"{name.encode().hex()}.parquet"

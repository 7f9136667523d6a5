"""Keep the good rows of a file on disk until the whole file is judged."""

import contextlib
import tempfile
from collections.abc import Iterator

import pyarrow as pa

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.frames import Frame


class Spill:
    """
    Rows in an Arrow stream in a temporary file; the columns a frame is fed, and row_no.

    Args:
        frame: what the rows are.
        fed: the frame columns that are already there.
    """

    def __init__(self, frame: Frame, fed: list[str]) -> None:
        target = arrow_schema(frame)
        fields = [pa.field("row_no", pa.int64()), *(target.field(name) for name in fed)]
        self.schema = pa.schema(fields)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the context manager below)
        self._writer = pa.ipc.new_stream(
            self._file, self.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")
        )
        self.rows = 0

    def add(self, rows: pa.Table) -> None:
        """Append rows in the order of the file."""
        self._writer.write_table(rows.select(self.schema.names).cast(self.schema))
        self.rows += rows.num_rows

    def read(self) -> Iterator[pa.RecordBatch]:
        """Give all rows back, in order; may be called again. Nothing can be added afterwards."""
        self._writer.close()
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as stream:
            yield from stream

    def close(self) -> None:
        """Remove the file."""
        self._writer.close()
        self._file.close()


@contextlib.contextmanager
def open_spill(frame: Frame, fed: list[str]) -> Iterator[Spill]:
    """Open a spill and remove it at the end."""
    spill = Spill(frame, fed)
    try:
        yield spill
    finally:
        spill.close()

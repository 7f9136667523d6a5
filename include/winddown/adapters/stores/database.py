"""PostgreSQL: engines, migrations, and rows in bulk within the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

import psycopg
import pyarrow as pa
import pyarrow.csv as arrow_csv
from pgpq import ArrowToPostgresBinaryEncoder
from psycopg import sql
from sqlalchemy import (
    BigInteger,
    Boolean,
    ClauseElement,
    Connection,
    Date,
    DateTime,
    Double,
    Engine,
    Integer,
    Table,
    create_engine,
    make_url,
)

ROOT = Path(__file__).parents[4]
SQL = Path(__file__).parents[2] / "sql" / "state"
CHUNK_ROWS = 32_768


def engine_of(url: str) -> Engine:
    """
    Open an engine on winddown's database; times come back in UTC.

    Args:
        url: postgresql://…; whatever driver it names, psycopg 3 is used.
    """
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC", "application_name": "winddown"},
    )


def migrate(url: str) -> None:
    """Bring the database to the newest revision; running it again changes nothing."""
    from alembic import command
    from alembic.config import Config

    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def statement(name: str) -> str:
    """Read a statement of sql/state by its file name without the ending."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def copy_into(connection: Connection, table: Table, batches: Iterable[pa.RecordBatch]) -> int:
    """
    Write rows by binary COPY inside the caller's transaction.

    Memory stays at a few batches whatever the number of rows.

    Args:
        connection: in a transaction; its rollback takes the rows back.
        table: whose columns give the exact integer widths.
        batches: Arrow batches with columns of the table in any order; others are an error.
            Dictionary columns are unpacked.

    Returns:
        Rows written, as PostgreSQL counts them.

    Raises:
        psycopg.Error: a row is refused; PostgreSQL's message shows it.
        pyarrow.ArrowInvalid: a number does not fit its column.
    """
    pieces = _cast(table, batches)
    first = next(pieces, None)
    if first is None:
        return 0
    encoder = ArrowToPostgresBinaryEncoder(first.schema)
    copy = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, first.schema.names))
    )
    with raw_connection(connection).cursor() as cursor:
        with cursor.copy(copy) as sink:
            sink.write(encoder.write_header())
            sink.write(encoder.write_batch(first))
            for piece in pieces:
                sink.write(encoder.write_batch(piece))
            sink.write(encoder.finish())
        return cursor.rowcount


def copy_out(
    connection: Connection,
    query: ClauseElement,
    schema: pa.Schema,
    values: Mapping[str, object] | None = None,
) -> pa.Table:
    """
    Read rows in bulk.

    Args:
        connection: any.
        query: a Core select or text; its columns are those of the schema, in that order.
        schema: columns of text, numbers, days and truth.
        values: the bind parameters the query names.

    Returns:
        The rows as an Arrow table; an empty text stays apart from a missing one.
    """
    compiled = query.compile(dialect=connection.dialect)
    inner = sql.SQL(compiled.string)
    copy = sql.SQL("copy ({}) to stdout (format csv)").format(inner)
    given = compiled.construct_params(dict(values or {}))
    with raw_connection(connection).cursor() as cursor, cursor.copy(copy, given or None) as source:
        chunks = _Chunks(source)
        if chunks.is_empty():
            return schema.empty_table()
        rows = arrow_csv.open_csv(
            pa.PythonFile(chunks, mode="r"),
            read_options=arrow_csv.ReadOptions(column_names=schema.names),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=_as_postgres_writes(schema),
        )
        return rows.read_all().cast(schema)


def _as_postgres_writes(schema: pa.Schema) -> arrow_csv.ConvertOptions:
    """Read CSV as COPY writes it: a missing value is nothing at all, an empty text is quoted."""
    return arrow_csv.ConvertOptions(
        column_types=schema,
        null_values=[""],
        true_values=["t"],
        false_values=["f"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )


class _Chunks:
    """The bytes of a COPY as a file that is read once, front to back."""

    closed = False

    def __init__(self, source: psycopg.Copy) -> None:
        self._source = source
        self._held = bytearray(source.read())

    def is_empty(self) -> bool:
        return not self._held

    def read(self, size: int) -> bytes:
        while len(self._held) < size and (chunk := self._source.read()):
            self._held += chunk
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def raw_connection(connection: Connection) -> psycopg.Connection[tuple[object, ...]]:
    """
    Give the psycopg connection below, with its transaction begun.

    SQLAlchemy begins lazily; without a statement of its own the COPY would still be inside
    psycopg's transaction, but not inside SQLAlchemy's.
    """
    connection.exec_driver_sql("select 1")
    return cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)


def _cast(table: Table, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    schema: pa.Schema | None = None
    for batch in batches:
        if schema is None:
            schema = pa.schema([(name, _arrow_type(table.c[name].type)) for name in batch.schema.names])
        for start in range(0, batch.num_rows, CHUNK_ROWS):
            piece = batch.slice(start, CHUNK_ROWS)
            columns = [piece.column(field.name).cast(field.type) for field in schema]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _arrow_type(kind: object) -> pa.DataType:
    found = (arrow for sql_type, arrow in _ARROW_TYPES if isinstance(kind, sql_type))
    return next(found, pa.string())


_ARROW_TYPES: tuple[tuple[type, pa.DataType], ...] = (
    (BigInteger, pa.int64()),  # before Integer, of which it is one
    (Integer, pa.int32()),
    (Boolean, pa.bool_()),
    (Double, pa.float64()),
    (DateTime, pa.timestamp("us", tz="UTC")),
    (Date, pa.date32()),
)

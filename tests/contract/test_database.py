"""Bulk rows in and out of a real PostgreSQL."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from sqlalchemy import BigInteger as Big
from sqlalchemy import Boolean as Bool
from sqlalchemy import Column, DateTime, Engine, Integer, MetaData, Table, Text, func, select, text
from sqlalchemy.exc import DBAPIError

from include.winddown.adapters.stores.database import copy_into, copy_out, engine_of

NUMBERS = Table(
    "numbers",
    MetaData(),
    Column("name", Text),
    Column("small", Integer),
    Column("large", Big),
    Column("is_even", Bool),
    Column("at", DateTime(timezone=True)),
)
ROWS = pa.table(
    {
        "name": ["плюс ×", "", None, 'a,"b"\nc', "NULL"],
        "small": pa.array([1, 2, None, -4, 5], pa.int64()),
        "large": pa.array([2**40, 0, None, -(2**40), 7], pa.int64()),
        "is_even": [False, True, None, True, False],
        "at": pa.array([datetime(2026, 11, day, 23, 59, 59, 5, tzinfo=UTC) for day in range(1, 6)]).cast(
            pa.timestamp("us", "UTC")
        ),
    }
)


@pytest.fixture
def numbers(engine: Engine) -> Engine:
    NUMBERS.create(engine)
    return engine


def test_copy_round_trip(numbers: Engine) -> None:
    """What goes in by binary COPY comes back equal: widths, nulls, empty texts, times."""
    with numbers.begin() as connection:
        assert copy_into(connection, NUMBERS, ROWS.to_batches(max_chunksize=2)) == 5
    with numbers.connect() as connection:
        stored = [tuple(row) for row in connection.execute(select(NUMBERS).order_by("at"))]
    assert stored == [tuple(row.values()) for row in ROWS.to_pylist()]


def test_copy_out_round_trip(numbers: Engine) -> None:
    """Bulk reading keeps an empty text apart from a missing one, and line breaks inside a text."""
    wanted = ROWS.select(["name", "small", "large", "is_even"])
    with numbers.begin() as connection:
        copy_into(connection, NUMBERS, ROWS.to_batches())
        query = select(*(NUMBERS.c[name] for name in wanted.column_names)).order_by("at")
        assert copy_out(connection, query, wanted.schema) == wanted


def test_copy_out_of_nothing(numbers: Engine) -> None:
    """No row gives an empty table of the right columns; parameters are bound."""
    with numbers.begin() as connection:
        query = text("select name from numbers where name = :name")
        found = copy_out(connection, query, pa.schema([("name", pa.string())]), {"name": "x'; drop table"})
    assert (found.num_rows, found.column_names) == (0, ["name"])


def test_copy_of_nothing(numbers: Engine) -> None:
    """No batch writes no row."""
    with numbers.begin() as connection:
        assert copy_into(connection, NUMBERS, []) == 0


def test_copy_unpacks_dictionaries_and_any_column_order(numbers: Engine) -> None:
    """Dictionary columns are unpacked, columns are matched by name."""
    rows = pa.table({"small": [1, 2], "name": pa.array(["a", "a"]).dictionary_encode()})
    with numbers.begin() as connection:
        copy_into(connection, NUMBERS, rows.to_batches())
        stored = connection.execute(select(NUMBERS.c.name, NUMBERS.c.small)).all()
    assert [tuple(row) for row in stored] == [("a", 1), ("a", 2)]


def test_copy_shares_the_transaction(numbers: Engine) -> None:
    """Rolling back after the COPY takes its rows back."""
    with numbers.connect() as connection, connection.begin() as transaction:
        copy_into(connection, NUMBERS, ROWS.to_batches())
        transaction.rollback()
    with numbers.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(NUMBERS)) == 0


def test_copy_that_breaks_off_leaves_nothing(numbers: Engine) -> None:
    """An error of the source half-way is raised as it is and leaves no row."""

    def batches() -> object:
        yield from ROWS.to_batches()
        message = "the file ends in the middle"
        raise OSError(message)

    with pytest.raises(OSError, match="ends in the middle"), numbers.begin() as connection:
        copy_into(connection, NUMBERS, batches())
    with numbers.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(NUMBERS)) == 0


def test_a_killed_session_leaves_nothing(numbers: Engine, database_url: str) -> None:
    """A connection that dies in the middle of a transaction leaves no row."""
    other = engine_of(database_url)
    with numbers.connect() as connection:
        copy_into(connection, NUMBERS, ROWS.to_batches())
        with other.connect() as killer:
            pid = connection.scalar(text("select pg_backend_pid()"))
            killer.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DBAPIError):
            connection.execute(text("select 1"))
    with other.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(NUMBERS)) == 0
    other.dispose()


def test_a_number_too_large_is_refused(numbers: Engine) -> None:
    """A number that does not fit the column is an error, never cut."""
    rows = pa.table({"small": pa.array([2**31], pa.int64())})
    with pytest.raises(pa.ArrowInvalid, match="2147483648"), numbers.begin() as connection:
        copy_into(connection, NUMBERS, rows.to_batches())


def test_times_come_back_in_utc(engine: Engine) -> None:
    """Whatever zone the server keeps, times are read in UTC."""
    with engine.connect() as connection:
        now = connection.scalar(select(func.now()))
    assert now.tzname() == "UTC"


def test_any_driver_in_the_address_is_replaced() -> None:
    """Airflow writes postgres://; psycopg 3 is what speaks."""
    assert engine_of("postgresql://a:b@h/d").dialect.driver == "psycopg"

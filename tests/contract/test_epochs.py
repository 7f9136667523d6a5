"""A ledger that stops sending when its database is not the one it wrote to before."""

import subprocess

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.database import engine_of
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.epochs import EpochStore
from tests.contract.conftest import Postgres
from tests.contract.intents import KEY


def test_a_new_database_is_open(engine: Engine):
    """Its first epoch begins with the migration."""
    epoch = EpochStore(engine).current()
    assert (epoch.is_open, epoch.is_same) == (True, True)


@pytest.mark.fault("F11", "S5")
def test_a_copied_database_sends_nothing(postgres: Postgres, engine: Engine, ledger: EffectLedger):
    """A restore, a promoted standby or a copy for testing is another database: nobody claims in it."""
    name = engine.url.database
    engine.dispose()
    copy = engine_of(postgres.create(f"{name}_copy", name))
    try:
        epoch = EpochStore(copy).current()
        assert (epoch.mode, epoch.is_same, epoch.is_open) == ("open", False, False)
        assert EffectLedger(copy).claim(KEY, 60) is None
        assert EffectLedger(copy).get(KEY).state == "ready"
        opened = EpochStore(copy).open_again("everything was compared", "engineer")
        assert (opened.epoch_no, opened.is_open, opened.by_user) == (epoch.epoch_no + 1, True, "engineer")
        assert EffectLedger(copy).claim(KEY, 60) == 1
    finally:
        copy.dispose()
        postgres.drop(f"{name}_copy")
    assert ledger.claim(KEY, 60) == 1


@pytest.mark.fault("F11", "S5")
def test_a_loaded_dump_sends_nothing(postgres: Postgres, engine: Engine, ledger: EffectLedger):
    """Into another database, or over the one that was there."""
    assert ledger.claim(KEY, 60) == 1
    url, name = engine.url.render_as_string(hide_password=False), str(engine.url.database)
    plain = url.replace("postgresql+psycopg", "postgresql")
    engine.dispose()
    dump = subprocess.run(
        [postgres.bin_path / "pg_dump", plain], check=True, capture_output=True, timeout=60
    ).stdout
    postgres.drop(name)
    postgres.create(name)
    load = [postgres.bin_path / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", plain]
    subprocess.run(load, input=dump, check=True, capture_output=True, timeout=60)
    assert ledger.get(KEY).state == "sending"
    epoch = EpochStore(engine).current()
    assert (epoch.mode, epoch.is_same) == ("open", False)


def test_freezing_and_opening_say_who_and_why(engine: Engine):
    """Each is a row of its own; the same again changes nothing."""
    store = EpochStore(engine)
    frozen = [store.freeze("the disk was full", "engineer") for _ in range(2)]
    assert [(one.mode, one.reason, one.by_user) for one in frozen] == [
        ("frozen", "the disk was full", "engineer")
    ] * 2
    assert frozen[0].epoch_no == frozen[1].epoch_no
    assert store.open_again("checked", "engineer").epoch_no == frozen[0].epoch_no + 1


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_epoch set mode = 'open'",
        "delete from ledger_epoch",
        "insert into ledger_epoch (epoch_no, mode, identity, reason, by_user) values (99, 'open', 'x', 'y', 'z')",
        "insert into ledger_epoch (epoch_no, mode, identity, reason, by_user) values (3, 'open', 'x', '', 'z')",
    ],
)
def test_epochs_are_only_added(engine: Engine, statement: str):
    """One after the other, with a reason, and never rewritten."""
    with pytest.raises((IntegrityError, psycopg.Error)), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_frozen_ledger_stops_a_claim_in_the_database_too(engine: Engine, ledger: EffectLedger):
    """Whoever writes the statement by hand is stopped as well."""
    assert ledger.get(KEY).fence == 0
    EpochStore(engine).freeze("a backup was restored", "engineer")
    claim = "update effect set state = 'sending', fence = fence + 1, lease_until = now()"
    with pytest.raises(IntegrityError, match="the ledger is frozen"), engine.begin() as connection:
        connection.execute(text(claim))


def test_attempts_are_counted(engine: Engine, ledger: EffectLedger):
    """A database with fewer than somebody saw before is older than the world."""
    assert EpochStore(engine).attempts() == 0
    ledger.claim(KEY, 60)
    assert EpochStore(engine).attempts() == 1

"""Migrations against a real PostgreSQL."""

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from include.winddown.adapters.stores.database import ROOT, engine_of, migrate
from include.winddown.adapters.stores.tables import metadata

CATALOGUE = """
select c.conrelid::regclass::text as owner, c.conname as name, pg_get_constraintdef(c.oid) as definition
from pg_constraint c where c.connamespace = 'public'::regnamespace and c.conrelid <> 0
    and c.conrelid::regclass::text <> 'alembic_version'
union all
select tablename, indexname, indexdef from pg_indexes
where schemaname = 'public' and tablename <> 'alembic_version'
union all
select table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default, identity_generation)
from information_schema.columns where table_schema = 'public' and table_name <> 'alembic_version'
    and table_name in (select tablename from pg_tables where schemaname = 'public')
order by 1, 2, 3
"""


def config_of(url: str) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["url"] = url
    return config


def catalogue(url: str) -> list[tuple[str, str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute(CATALOGUE).fetchall()


def test_up_and_down_leave_an_empty_database(empty_database_url: str) -> None:
    """Down takes back everything up made: tables, functions and triggers."""
    migrate(empty_database_url)
    command.downgrade(config_of(empty_database_url), "base")
    with psycopg.connect(empty_database_url) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        functions = connection.execute(
            "select proname from pg_proc where pronamespace = 'public'::regnamespace"
        ).fetchall()
    assert (tables, functions) == ([("alembic_version",)], [])


def test_up_again_after_down(empty_database_url: str) -> None:
    """Up, down and up ends where one up ends."""
    migrate(empty_database_url)
    once = catalogue(empty_database_url)
    command.downgrade(config_of(empty_database_url), "base")
    migrate(empty_database_url)
    assert catalogue(empty_database_url) == once


def test_up_twice_changes_nothing(empty_database_url: str) -> None:
    """Migrating a database that is up to date is a no-op."""
    migrate(empty_database_url)
    once = catalogue(empty_database_url)
    migrate(empty_database_url)
    assert catalogue(empty_database_url) == once


def test_models_match_ddl(empty_database_url: str, database_url: str) -> None:
    """Every column, key, check and index of the tables in code is that of the migrations."""
    modelled = engine_of(empty_database_url)
    metadata.create_all(modelled)
    modelled.dispose()
    assert catalogue(empty_database_url) == catalogue(database_url)


def test_autogenerate_finds_nothing(engine: Engine) -> None:
    """Alembic itself sees no difference between models and database."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_without_an_address_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line names the variable that is missing."""
    monkeypatch.delenv("WINDDOWN_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit, match="set WINDDOWN_DATABASE_URL"):
        command.upgrade(Config(str(ROOT / "alembic.ini")), "head")


def test_the_address_may_come_from_the_environment(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`alembic upgrade head` reads WINDDOWN_DATABASE_URL."""
    monkeypatch.setenv("WINDDOWN_DATABASE_URL", empty_database_url)
    command.upgrade(Config(str(ROOT / "alembic.ini")), "head")
    assert ("plan", "plan_one_proposed") in {row[:2] for row in catalogue(empty_database_url)}


BEFORE_0006 = """
insert into exit (exit_id, merchant, marketplace_conn, desk_conn, dock_conn, destination, currency, opened_on,
    deadline_on, policy) values ('demo-1', 'M', 'a', 'b', 'c', 'd', 'RUB', '2026-11-01', '2027-01-31', '{}');
insert into snapshot (snapshot_id, exit_id) values ('s-1', 'demo-1');
insert into plan (plan_id, exit_id, snapshot_id, digest, summary)
    values ('plan-1', 'demo-1', 's-1', repeat('d', 64), '{"facts": {}}');
insert into approval_answer (plan_id, digest, ti_id, dag_run_id, option, user_id, user_name, subject)
    values ('plan-1', repeat('d', 64), 'ti-1', 'run-1', 'Approve', '7', 'ada', '[plan dddddddddddd] Return?');
insert into approval_answer (plan_id, digest, ti_id, dag_run_id, option, user_id, user_name, subject, answered_at)
    values ('plan-1', repeat('d', 64), 'ti-1', 'run-1', 'Reject', '7', 'ada', 'later', now() + interval '1 hour');
"""
SIGN = """
insert into approval (plan_id, digest, decision, answer_id, user_id, user_name)
select plan_id, digest, 'approved', answer_id, user_id, user_name from approval_answer where option = 'Approve'
"""


def test_answers_from_before_the_questions_keep_counting(empty_database_url: str) -> None:
    """Each gets the question it was an answer to; the exit is open to every approver and has no author yet."""
    command.upgrade(config_of(empty_database_url), "0004")
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(BEFORE_0006)
    migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        questions = connection.execute("select task_id, ti_id, asking_no, subject from approval_question")
        assert questions.fetchall() == [("approve", "ti-1", 0, "[plan dddddddddddd] Return?")]
        assert connection.execute("select approvers, authors from exit").fetchall() == [([], [])]
        connection.execute(SIGN)
    command.downgrade(config_of(empty_database_url), "0004")
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("select user_name from approval").fetchall() == [("ada",)]


def test_exits_from_before_the_course_are_being_cleared(empty_database_url: str) -> None:
    """Each has one move, by whoever opened it; going back makes it open again."""
    command.upgrade(config_of(empty_database_url), "0009")
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(BEFORE_0006.partition("insert into approval_answer")[0])
        connection.execute("update exit set authors = '{zoe,ben}'")
    migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        moves = connection.execute("select move_no, from_state, to_state, by_user from exit_move").fetchall()
        assert (moves, connection.execute("select state from exit").fetchall()) == (
            [(1, None, "clearing", "zoe")],
            [("clearing",)],
        )
    command.downgrade(config_of(empty_database_url), "0009")
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("select state from exit").fetchall() == [("open",)]

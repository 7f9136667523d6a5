"""
The environment of every Airflow process, all configuration in one place.

`docker-compose.yaml` sets the same for production; a test compares the two.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from include.local.settings import ROOT, Sandbox, Settings

FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"

TOKEN = "WINDDOWN_RUN"  # noqa: S105  the name of a variable
"""Every process of a run carries the run's token under this name, so that none can be left behind."""

_INHERITED_PREFIXES = ("AIRFLOW", "_AIRFLOW", "WINDDOWN", "VIRTUAL_ENV")
_INHERITED = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH")


def database_url(postgres_host: str, name: str) -> str:
    """Write the SQLAlchemy URL of one database behind a PostgreSQL socket directory."""
    return f"postgresql+psycopg://postgres@/{name}?host={quote(postgres_host)}"


def clean_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Leave out what a shell may carry from another Airflow, and what keeps Python from caching bytecode."""
    kept = {
        name: value
        for name, value in inherited.items()
        if name not in _INHERITED and not name.startswith(_INHERITED_PREFIXES)
    }
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:{kept.get('PATH', '')}",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}",
    }


def airflow_environment(settings: Settings) -> dict[str, str]:
    """
    Configure Airflow for one local run.

    Returns:
        Environment variables by name; pure, so that a test can compare them.
    """
    return {
        **_core(settings),
        **_pace(),
        **_connections(settings),
        # setproctitle would overwrite the environment that tells whose process it is.
        "SPT_NOENV": "1",
        "GX_ANALYTICS_ENABLED": "False",
        "TQDM_DISABLE": "1",
    }


def _core(settings: Settings) -> dict[str, str]:
    home = settings.var / "airflow"
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__AUTH_MANAGER": FAB,
        "AIRFLOW__CORE__DAGS_FOLDER": str(settings.dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
        "AIRFLOW__CORE__FERNET_KEY": settings.secrets.fernet_key,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{settings.base_url}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_url(settings.postgres_host, "airflow"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(settings.port),
        "AIRFLOW__API__BASE_URL": settings.base_url,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": settings.secrets.api_secret_key,
        "AIRFLOW__API_AUTH__JWT_SECRET": settings.secrets.jwt_secret,
        # include.local.accounts has brought roles and rights up to date already.
        "AIRFLOW__FAB__UPDATE_FAB_PERMS": "False",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(settings.log_port),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(settings.log_port),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


def _pace() -> dict[str, str]:
    # Two cores: quick enough to watch, idle enough to leave a laptop cool.
    return {
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.3",
        "AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "5",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        # of files that did not change; an edited one is read at the next refresh
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "2",
        "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "0",
    }


def _connections(settings: Settings) -> dict[str, str]:
    sandbox = settings.sandbox
    connections: dict[str, dict[str, object]] = {
        "winddown_db": {
            "conn_type": "postgres",
            "host": settings.postgres_host,
            "login": "postgres",
            "schema": "winddown",
        },
        "winddown_store": {"conn_type": "generic", "extra": {"root": f"file://{settings.var / 'store'}"}},
        "demo_marketplace": {
            "conn_type": "ozon",
            "host": sandbox.host,
            "port": sandbox.port,
            "login": sandbox.client_id,
            "password": sandbox.api_key,
            "extra": {"sandbox": True, "costs": str(sandbox.costs), "writer": "demo_writer"},
        },
        "demo_writer": {
            "conn_type": "ozon",
            "login": sandbox.client_id,
            "password": sandbox.admin_api_key,
        },
        **_desk_and_dock("demo", sandbox),
        "documents_desk": _papers(settings.inbox, sandbox),
    }
    if settings.input_folder and settings.mirror:
        connections |= _exports(settings.input_folder, settings.inbox, settings.mirror)
    return {f"AIRFLOW_CONN_{name.upper()}": json.dumps(value) for name, value in connections.items()}


def _exports(folder: Path, inbox: Path, mirror: Sandbox) -> dict[str, dict[str, object]]:
    """File exports, and a world of their own to return their goods through."""
    extra = {"kind": "exports", "folder": f"file://{folder}"}
    return {
        "exports_marketplace": {"conn_type": "generic", "extra": extra},
        "exports_documents_desk": _papers(inbox, mirror),
        **_desk_and_dock("exports", mirror),
    }


def _desk_and_dock(name: str, sandbox: Sandbox) -> dict[str, dict[str, object]]:
    return {
        f"{name}_desk": _door(
            sandbox, password=sandbox.partner_token, extra={"kind": "partner_api", "requests_per_s": 50}
        ),
        f"{name}_dock": _door(sandbox, password=sandbox.dock_token, extra={"kind": "dock_api"}),
    }


def _papers(inbox: Path, sandbox: Sandbox) -> dict[str, object]:
    """The same warehouse without its API: mail to its clerk, and files from him."""
    extra = {
        "kind": "documents",
        "folder": f"file://{inbox}",
        "from": "returns@merchant.example",
        "to": "warehouse@partner.example",
        "tls": "none",
    }
    return {
        "conn_type": "generic",
        "host": sandbox.host,
        "port": sandbox.smtp_port,
        "login": "winddown",
        "password": sandbox.smtp_password,
        "extra": extra,
    }


def _door(sandbox: Sandbox, *, password: str, extra: dict[str, object]) -> dict[str, object]:
    return {
        "conn_type": "http",
        "host": sandbox.host,
        "port": sandbox.port,
        "password": password,
        # Plain http never leaves this machine.
        "extra": {"scheme": "http", **extra},
    }

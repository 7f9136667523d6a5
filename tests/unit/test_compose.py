"""The production set-up keeps its promises: no default secret, no open port, nobody is root."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from include.local import secrets_file
from include.local.environment import airflow_environment
from include.local.settings import USERS, Sandbox, Secrets, Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yaml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
AIRFLOW_SERVICES = ("init", "api-server", "scheduler", "dag-processor", "triggerer", "worker")
REQUIRED = re.compile(r"\$\{([A-Z_]+):\?[^}]*\}")

LOCAL_ONLY = {
    "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": "no log server runs: every service reads the volume of logs",
    "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": "the same",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "local pace: a person watches a demo",
    "AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "local pace",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "local pace: the image's DAG files never change",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "local tuning for two cores",
    "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "local quiet",
}
"""Airflow settings of `make run` that production does not set, and why."""

OTHER_VALUE = {
    "AIRFLOW__CORE__TEST_CONNECTION": "Disabled",  # an engineer decides, see docs/connections.md
    "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
    "AIRFLOW__CORE__PARALLELISM": "32",
    "AIRFLOW__API__HOST": "0.0.0.0",  # noqa: S104  inside the container; the published port is on loopback
    "AIRFLOW__API__PORT": "8080",
    "AIRFLOW__API__WORKERS": "2",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "300",
}
"""Plain settings that production sets to something else."""


def environment(service: str) -> dict[str, str]:
    return {name: str(value) for name, value in SERVICES[service].get("environment", {}).items()}


def every_setting() -> dict[str, str]:
    return {name: value for service in AIRFLOW_SERVICES for name, value in environment(service).items()}


def local_environment() -> dict[str, str]:
    settings = Settings(
        var=Path("var"),
        dags=ROOT / "dags",
        port=1,
        log_port=2,
        postgres_host="socket",
        secrets=Secrets(
            fernet_key="fernet", jwt_secret="jwt", api_secret_key="api", passwords=dict.fromkeys(USERS, "x")
        ),
        sandbox=Sandbox(
            host="127.0.0.1",
            port=3,
            client_id="c",
            api_key="k",
            admin_api_key="a",
            partner_token="p",
            dock_token="d",
            world_token="w",
            costs=Path("costs.csv"),
        ),
    )
    return airflow_environment(settings)


def test_the_file_keeps_the_compose_schema():
    """A misspelt option would silently not protect."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [*command, str(ROOT / "docker-compose.yaml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_process_of_a_full_airflow_is_there():
    """The services of production, no more and no fewer."""
    assert set(SERVICES) == {*AIRFLOW_SERVICES, "postgres", "redis"}


def test_every_secret_must_come_from_outside():
    """Compose refuses to start while a secret is missing, and knows no default for one."""
    assert set(REQUIRED.findall(TEXT)) == {*secrets_file.generate(), *secrets_file.TO_FILL_IN}
    assert set(re.findall(r"\$\{([A-Z_]+):-", TEXT)) == {
        "WINDDOWN_VERSION",
        "WINDDOWN_PORT",
        "WINDDOWN_PROXY_IP",
    }
    assert set(re.findall(r"\$\{([A-Z_]+)[:}]", TEXT)) == set(re.findall(r"\$\{([A-Z_]+):[-?]", TEXT))


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_is_written_down(service):
    """Whatever is named like a secret, or stands before the @ of a URL, is a required variable."""
    for name, value in environment(service).items():
        if re.search(r"PASSWORD|SECRET|_KEY|AUTH$", name):
            assert REQUIRED.fullmatch(value), name
        for password in re.findall(r"://[a-z]*:(.*?)@", value) + re.findall(r'"password": "(.*?)"', value):
            assert REQUIRED.fullmatch(password), name


@pytest.mark.parametrize("service", SERVICES)
def test_no_port_is_open_to_the_network(service):
    """Only this machine reaches the UI; a TLS proxy stands in front."""
    ports = SERVICES[service].get("ports", [])
    assert all(re.match(r"127\.0\.0\.1:[^:]*(:-\d+\})?:\d+$", port) for port in ports)
    assert bool(ports) == (service == "api-server")
    assert "network_mode" not in SERVICES[service]


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_is_root_or_can_become_it(service):
    """A broken-into process can do little to its host."""
    given = SERVICES[service]
    uid, _, gid = given["user"].partition(":")
    assert int(uid) > 0
    assert gid.isdigit()
    assert given["cap_drop"] == ["ALL"]
    assert given["security_opt"] == ["no-new-privileges:true"]
    assert given["read_only"] is True
    assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & set(given)
    assert not any("docker.sock" in volume for volume in given.get("volumes", []))


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_takes_the_whole_host(service):
    """Memory, processes and logs are bounded, and a crash is followed by a start."""
    given = SERVICES[service]
    assert {"mem_limit", "pids_limit"} <= set(given)
    assert set(given["logging"]["options"]) == {"max-size", "max-file"}
    assert given["restart"] == ("no" if service == "init" else "unless-stopped")


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_says_how_it_is(service):
    """Each long-running service has a health check; init is waited for by its end."""
    assert ("healthcheck" in SERVICES[service]) == (service != "init")
    if service in AIRFLOW_SERVICES and service != "init":
        assert SERVICES[service]["depends_on"]["init"] == {"condition": "service_completed_successfully"}


def test_the_split_has_a_place_for_its_machine_code():
    """Without one numba refuses to compile, and no task of plan_wind_down could even be imported."""
    worker = SERVICES["worker"]
    place = Path(environment("worker")["NUMBA_CACHE_DIR"])
    mounted = [Path(volume.split(":")[1]) for volume in worker["volumes"]]
    assert worker["read_only"] is True
    assert any(folder in place.parents for folder in mounted)


def test_databases_and_queue_cannot_be_reached_from_outside():
    """PostgreSQL and Redis are on the internal network only."""
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {name for name, given in SERVICES.items() if given["networks"] != ["inside"]} == {
        "api-server",
        "worker",
    }


def test_workers_hold_no_key_of_airflow():
    """A task can neither read Airflow's metadata nor make a token."""
    assert not {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
        "AIRFLOW__CORE__FERNET_KEY",
        "AIRFLOW__API_AUTH__JWT_SECRET",
        "AIRFLOW__API__SECRET_KEY",
    } & set(environment("worker"))


def test_whatever_make_run_sets_production_sets():
    """An Airflow setting that the journey needs cannot be forgotten in production."""
    local = {name for name in local_environment() if name.startswith(("AIRFLOW__", "AIRFLOW_HOME"))}
    assert local - set(every_setting()) == set(LOCAL_ONLY)
    connections = {name for name in every_setting() if name.startswith("AIRFLOW_CONN_")}
    assert connections == {"AIRFLOW_CONN_WINDDOWN_DB", "AIRFLOW_CONN_WINDDOWN_STORE"}
    assert connections <= set(local_environment())


def test_plain_settings_agree_or_are_listed():
    """A setting without secret or address means the same in both, or the difference is written down."""
    local, production = local_environment(), every_setting()
    plain = {
        name
        for name in set(local) & set(production)
        if name.startswith("AIRFLOW__") and not re.search(r"_(KEY|SECRET|URL|CONN|FOLDER)$", name)
    }
    assert {name for name in plain if local[name] != production[name]} == set(OTHER_VALUE)
    assert {name: production[name] for name in OTHER_VALUE} == OTHER_VALUE


@pytest.mark.parametrize("service", AIRFLOW_SERVICES)
def test_a_setting_is_the_same_in_every_service(service):
    """Two values of one key would make tokens and sessions fail."""
    common = every_setting()
    assert {k: v for k, v in environment(service).items() if common[k] != v} == {}


def test_images_are_pinned_by_digest():
    """A tag can be moved; a digest cannot."""
    for service in ("postgres", "redis"):
        assert re.search(r":[\w.-]+@\$\{[A-Z]+_DIGEST:\?", SERVICES[service]["image"])
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "FROM apache/airflow:3.3.2-python3.12@${AIRFLOW_DIGEST}\n" in dockerfile
    assert re.search(r"^ARG AIRFLOW_DIGEST$", dockerfile, re.MULTILINE)


def test_the_image_holds_locked_packages_and_the_code_only():
    """Hashes are required, the last user is not root, and nothing but these paths enters the build."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = re.findall(r"^COPY --chown=50000:0 (\S+) ", dockerfile, re.MULTILINE)
    assert set(copied) == {"requirements.lock", "alembic.ini", "dags", "plugins", "include", "migrations"}
    assert all((ROOT / path).exists() for path in copied)
    let_in = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert set(let_in) == set(copied)
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)[-1] == "50000:0"
    assert "--require-hashes --only-binary :all: -r requirements.lock" in dockerfile

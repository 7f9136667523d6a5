"""The environment of a local run, as a pure function of its settings."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from include.local.environment import airflow_environment, clean_environment, database_url
from include.local.keys import generate
from include.local.settings import Sandbox, Settings

WORLD = Sandbox(
    host="127.0.0.1",
    port=5001,
    client_id="17",
    api_key="key",
    admin_api_key="writing key",
    partner_token="partner",
    dock_token="dock",
    world_token="world",
    costs=Path("/v/world.costs.csv"),
)
MIRROR = replace(WORLD, port=5002, partner_token="other")


@pytest.fixture
def settings() -> Settings:
    return Settings(
        var=Path("/v"),
        dags=Path("/repo/dags"),
        port=8081,
        log_port=9001,
        postgres_host="/v/post gres",
        secrets=generate(),
        sandbox=WORLD,
    )


def connection(environment: dict[str, str], name: str) -> dict[str, object]:
    return json.loads(environment[f"AIRFLOW_CONN_{name.upper()}"])


def test_api_listens_on_this_machine_only(settings: Settings) -> None:
    """The API is bound to the loopback address, and every address that names it says so."""
    environment = airflow_environment(settings)
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8081"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8081/execution/"


def test_nothing_is_reported_home(settings: Settings) -> None:
    """Neither Airflow nor Great Expectations collects usage data."""
    environment = airflow_environment(settings)
    assert environment["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert environment["GX_ANALYTICS_ENABLED"] == "False"


def test_doors_of_the_demo(settings: Settings) -> None:
    """Each door of the demo gets the address of the sandbox and its own key."""
    environment = airflow_environment(settings)
    market = connection(environment, "demo_marketplace")
    assert (market["port"], market["login"], market["password"]) == (5001, "17", "key")
    assert market["conn_type"] == "ozon"
    assert market["extra"] == {"sandbox": True, "costs": "/v/world.costs.csv", "writer": "demo_writer"}
    writer = connection(environment, "demo_writer")
    assert (writer["login"], writer["password"]) == ("17", "writing key")
    assert connection(environment, "demo_desk")["password"] == "partner"
    assert connection(environment, "demo_dock")["password"] == "dock"


def test_no_exports_without_a_folder(settings: Settings) -> None:
    """Without file exports there is no connection that points to them."""
    assert not any("EXPORTS" in name for name in airflow_environment(settings))


def test_exports_have_a_world_of_their_own(settings: Settings) -> None:
    """File exports are read from their folder and returned through the mirror, not through the demo's world."""
    environment = airflow_environment(replace(settings, input_folder=Path("/data/gift shop"), mirror=MIRROR))
    folder = connection(environment, "exports_marketplace")["extra"]
    assert folder == {"kind": "exports", "folder": "file:///data/gift shop"}
    desk = connection(environment, "exports_desk")
    assert (desk["port"], desk["password"]) == (5002, "other")


def test_database_url_quotes_the_socket_directory() -> None:
    """A space in the path of var/ does not break the address."""
    assert (
        database_url("/v/post gres", "winddown")
        == "postgresql+psycopg://postgres@/winddown?host=/v/post%20gres"
    )


def test_nothing_of_another_airflow_is_inherited() -> None:
    """What a shell carries from another Airflow, or against bytecode, does not reach our processes."""
    kept = clean_environment(
        {
            "AIRFLOW_HOME": "/other",
            "AIRFLOW_CONN_WINDDOWN_DB": "x",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C",
        }
    )
    assert set(kept) == {"LANG", "PATH", "PYTHONPATH"}


def test_every_secret_is_long_enough_and_new() -> None:
    """The JWT secret has at least 64 bytes, and two installations share nothing."""
    one, other = generate(), generate()
    assert len(one.jwt_secret) >= 64
    assert set(one.passwords.values()).isdisjoint(other.passwords.values())
    assert one.fernet_key != other.fernet_key

"""An exit is opened only with connections that can be what they stand for."""

import json
from typing import Any

import pytest
from airflow.sdk import Connection

from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.domain.errors import BadConnection
from include.winddown.runtime import doors
from include.winddown.steps.open_exit import open_exit

FORM: dict[str, object] = {
    "exit_id": "demo-1",
    "merchant": "Demo merchant",
    "marketplace_conn": "shop",
    "desk_conn": "desk",
    "dock_conn": "dock",
    "destination": "OWN-WH-1",
    "currency": "RUB",
    "opened_on": "2026-03-01",
    "deadline_on": "2026-06-01",
}


def connection(conn_id: str, **extra: str) -> Connection:
    return Connection(
        conn_id=conn_id, conn_type="http", host="peer.example", password="secret", extra=json.dumps(extra)
    )


@pytest.fixture
def conns(monkeypatch: pytest.MonkeyPatch, engine: Any) -> dict[str, Connection]:
    """The connections there are, by id; they may be changed."""
    there = {
        "shop": connection("shop", kind="exports", folder="file:///srv/exports"),
        "desk": connection("desk", kind="partner_api"),
        "dock": connection("dock", kind="dock_api"),
    }
    monkeypatch.setattr(doors, "connection_of", there.__getitem__)
    monkeypatch.setattr(doors, "database", lambda: engine)
    return there


@pytest.mark.usefixtures("conns")
def test_fitting_connections_open_the_exit(engine: Any) -> None:
    """Nothing outside is asked; the exit is stored."""
    assert open_exit(json.dumps(FORM)) == "demo-1"
    assert ExitStore(engine).open_ids() == ["demo-1"]


@pytest.mark.parametrize(
    ("conn_id", "other", "words"),
    [
        (
            "shop",
            {"kind": "partner_api"},
            "'shop' has kind 'partner_api' in its extra; give 'exports' or 'ozon'",
        ),
        ("desk", {"kind": "dock_api"}, "'desk' has kind 'dock_api' in its extra; give 'partner_api'"),
        ("dock", {}, "'dock' has kind None in its extra; give 'dock_api' or 'counts'"),
    ],
)
def test_connection_of_another_kind_is_refused(
    conns: dict[str, Connection], engine: Any, conn_id: str, other: dict[str, str], words: str
) -> None:
    """The exit could not be given another connection later, so it is not stored at all."""
    conns[conn_id] = connection(conn_id, **other)
    with pytest.raises(BadConnection, match=words):
        open_exit(json.dumps(FORM))
    assert ExitStore(engine).open_ids() == []


def ozon(**changes: Any) -> Connection:
    extra = {"costs": "no/such.csv", **changes.pop("extra", {})}
    said = {"conn_type": "ozon", "login": "1234567", "password": "secret", **changes}
    return Connection(conn_id="shop", extra=json.dumps(extra), **said)


@pytest.mark.parametrize(
    ("shop", "words"),
    [
        (ozon(), "the cost sheet no/such.csv of the connection 'shop'"),
        (ozon(extra={"kind": "ozon"}), "the cost sheet"),
        (ozon(conn_type="http", extra={"kind": "ozon"}, host="api-seller.ozon.ru"), "the cost sheet"),
        (ozon(extra={"sandbox": True}, host="127.0.0.1", port=5001), "the cost sheet"),
        (ozon(host="169.254.169.254"), "names https://169.254.169.254; a connection of kind ozon leads to"),
        (ozon(conn_type="http", extra={"kind": "ozon"}, host="evil.example"), "and nowhere else"),
        (ozon(host="127.0.0.1", port=5001), "and nowhere else"),
        (ozon(host="user:hunter2@api-seller.ozon.ru"), "a host with other signs than a name has"),
        (ozon(port=8443), "and nowhere else"),
        (ozon(extra={"scheme": "file"}), "and nowhere else"),
        (ozon(schema="http"), "and nowhere else"),
        (ozon(extra={"sandbox": "true"}, host="127.0.0.1", port=5001), "give true or false"),
        (ozon(login=""), "'shop' needs the Client-Id as its login"),
        (ozon(password=""), "'shop' needs the Api-Key as its password"),
        (ozon(password="hunter2\nhunter2"), "'shop' needs the Api-Key as its password"),
        (ozon(password="••••••"), "'shop' needs the Api-Key as its password"),
        (ozon(login="123 4567"), "'shop' needs the Client-Id as its login"),
        (ozon(extra={"kind": "exports"}), "'shop' needs 'folder' in its extra"),
    ],
)
def test_an_ozon_connection_leads_to_ozon_with_a_whole_key(
    conns: dict[str, Connection], engine: Any, shop: Connection, words: str
) -> None:
    """Address and key are judged before anything is sent; neither key nor user is shown (C_URL, C_CFG)."""
    conns["shop"] = shop
    with pytest.raises(BadConnection, match=words) as refused:
        open_exit(json.dumps(FORM))
    for secret in ("secret", "hunter2", "•"):
        assert secret not in str(refused.value)
    assert ExitStore(engine).open_ids() == []

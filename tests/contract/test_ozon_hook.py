"""Airflow's button Test on a connection of type ozon, against the sandbox."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from airflow.sdk import Connection

from include.winddown.runtime.ozon_hook import OzonHook
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "2", "--size", "6") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


@pytest.fixture
def pressed(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Try a connection out as Airflow does: it stands in the environment, and the hook gets its id."""

    def press(**changes: Any) -> tuple[bool, str]:
        said: dict[str, Any] = {
            "conn_id": "tried_out",
            "conn_type": "ozon",
            "host": "127.0.0.1",
            "port": int(sandbox.address.rsplit(":", 1)[1]),
            "login": sandbox.greeting["client_id"],
            "password": sandbox.greeting["api_key"],
            "extra": json.dumps({"sandbox": True}),
        }
        monkeypatch.setenv("AIRFLOW_CONN_TRIED_OUT", Connection(**said | changes).get_uri())
        return OzonHook(ozon_conn_id="tried_out").test_connection()

    return press


def test_a_fit_key_is_said_to_be_fit(pressed: Any) -> None:
    """The sentence is that of the key check; a cost sheet that only the workers have is no matter."""
    is_fit, sentence = pressed(extra='{"sandbox": true, "costs": "no/such.csv"}')
    assert is_fit, sentence
    assert sentence.startswith("The Api-Key only reads and lives until ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "wrong"}, "check that Client-Id and Api-Key"),
        ({"login": ""}, "needs the Client-Id as its login"),
        ({"extra": "{}"}, "and nowhere else"),
        ({"extra": '{"sandbox": true, "coasts": "x"}'}, "has 'coasts' in its extra"),
        ({"port": 9}, "gives no usable answer to POST /v1/roles"),
    ],
)
def test_an_unfit_connection_is_told_why(pressed: Any, changes: dict[str, Any], words: str) -> None:
    """The same words as on a failed run, and never the key."""
    is_fit, sentence = pressed(**changes)
    assert not is_fit
    assert words in sentence


def test_an_unfit_key_is_told_why(sandbox: Sandbox, pressed: Any) -> None:
    """A key that may write is refused before any exit is opened with it."""
    is_fit, sentence = pressed(password=sandbox.greeting["admin_api_key"])
    assert (is_fit, "may change things" in sentence) == (False, True)
    assert sandbox.greeting["admin_api_key"] not in sentence


def test_a_connection_that_is_not_there_is_named() -> None:
    """Nothing is raised: the button shows the sentence."""
    is_fit, sentence = OzonHook(ozon_conn_id="nowhere").test_connection()
    assert (is_fit, "'nowhere' is missing" in sentence) == (False, True)

"""An exit is opened only with connections that can be what they stand for."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import Connection

from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.domain.errors import BadConnection, BadExit, BadPolicy
from include.winddown.runtime import doors
from include.winddown.steps.open_exit import open_exit, read_form
from include.winddown.steps.take_snapshot import begin
from tests.contract.courses import walk

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


def connection(conn_id: str, **extra: Any) -> Connection:
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
        "winddown_approvers": connection("winddown_approvers", ada="7", ben="8", zoe="9"),
    }
    monkeypatch.setattr("include.winddown.steps.open_exit.started_by", lambda: "zoe")
    monkeypatch.setattr(doors, "connection_of", there.__getitem__)
    monkeypatch.setattr(doors, "database", lambda: engine)
    return there


@pytest.mark.usefixtures("conns")
def test_fitting_connections_open_the_exit(engine: Any) -> None:
    """Nothing outside is asked; the exit is stored."""
    assert open_exit(json.dumps(FORM)) == "demo-1"
    assert ExitStore(engine).open_ids() == ["demo-1"]


@pytest.mark.usefixtures("conns")
def test_an_exit_opened_again_keeps_its_day_and_says_which_settings_are_gone(
    engine: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """An empty day is the one it was opened on; a policy is replaced as a whole, and what that undoes is told."""
    caplog.set_level("INFO")
    policy = {"unexplained_max_qty": 3, "fees": {"sale_fee_minor": 900}}
    open_exit(json.dumps(FORM | {"policy": policy}))
    again = {"opened_on": "", "deadline_on": "2099-07-01", "policy": {"fees": {"sale_fee_minor": 800}}}
    open_exit(json.dumps(FORM | again))
    there = ExitStore(engine).get("demo-1")
    assert (there.opened_on, there.deadline_on) == (date(2026, 3, 1), date(2099, 7, 1))
    assert there.policy.fees.sale_fee_minor == 800
    assert "back at their defaults are: unexplained_max_qty 3 -> " in caplog.text
    assert "sale_fee_minor" not in caplog.text


@pytest.mark.usefixtures("conns")
def test_an_exit_names_its_approvers(engine: Any) -> None:
    """They are kept in order, and whoever opened it is an author of its plans."""
    open_exit(json.dumps(FORM | {"approvers": ["ben", " ada"]}))
    assert ExitStore(engine).get("demo-1").approvers == ("ada", "ben")
    assert ExitStore(engine).authors("demo-1") == ["zoe"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"approvers": ["eve"]}, r"its approver 'eve' is not among those who may approve \(ada, ben, zoe\)"),
        ({"approvers": ["zoe"]}, r"1 must approve and 0 may \(nobody\); left out is zoe, who opened"),
        (
            {"approvers": ["ada", "zoe"], "policy": {"approval_second_above_minor": 1}},
            r"2 must approve and 1 may \(ada\)",
        ),
    ],
)
@pytest.mark.usefixtures("conns")
def test_an_exit_whose_plans_nobody_could_approve_is_refused(
    engine: Any, form: dict[str, Any], words: str
) -> None:
    """A typo, an author alone, or one person where two are needed shows before anybody waits for an answer."""
    with pytest.raises(BadExit, match=words):
        open_exit(json.dumps(FORM | form))
    assert ExitStore(engine).open_ids() == []


@pytest.mark.parametrize(
    "extra", [{}, {"ada": True}, {"ada": " "}, {" ": "7"}, {"ada": None}, {"ada": ["7"]}]
)
def test_approvers_are_user_names_with_ids(conns: dict[str, Connection], extra: dict[str, Any]) -> None:
    """Nobody is not anybody, and an id is there."""
    conns["winddown_approvers"] = connection("winddown_approvers", **extra)
    with pytest.raises((BadConnection, BadExit), match=r"user name|0 may \(nobody\)"):
        open_exit(json.dumps(FORM))


def test_a_change_of_approvers_that_leaves_an_author_alone_is_refused(
    conns: dict[str, Connection], engine: Any
) -> None:
    """Whoever opened it stays an author, whoever changes it later."""
    assert conns
    open_exit(json.dumps(FORM))
    with pytest.raises(BadExit, match="left out is zoe"):
        open_exit(json.dumps(FORM | {"approvers": ["zoe"]}))
    assert ExitStore(engine).get("demo-1").approvers == ()


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
    return Connection(conn_id=said.pop("conn_id", "shop"), extra=json.dumps(extra), **said)


def refused(conns: dict[str, Connection], engine: Any, shop: Connection, words: str) -> None:
    """Open the exit with this marketplace connection: it is refused in these words, and shows no secret."""
    conns["shop"] = shop
    with pytest.raises(BadConnection, match=words) as stopped:
        open_exit(json.dumps(FORM))
    for secret in ("secret", "hunter2", "•"):
        assert secret not in str(stopped.value)
    assert ExitStore(engine).open_ids() == []


@pytest.mark.parametrize(
    ("shop", "words"),
    [
        (ozon(host="169.254.169.254"), "names https://169.254.169.254; a connection of kind ozon leads to"),
        (ozon(host="169.254.169.254", schema="http", port=80), "names http://169.254.169.254:80"),
        (ozon(host="http://169.254.169.254"), "a host with other signs than a name has"),
        (ozon(host="file:///etc/passwd"), "a host with other signs than a name has"),
        (ozon(extra={"scheme": "file"}), "and nowhere else"),
        (ozon(schema="http"), "and nowhere else"),
        (ozon(host="user:hunter2@api-seller.ozon.ru"), "a host with other signs than a name has"),
        (ozon(port=8443), "and nowhere else"),
        (ozon(host="127.0.0.1", port=5001), "and nowhere else"),
        (ozon(host="api-seller.ozon.ru.evil.example"), "and nowhere else"),
        (ozon(conn_type="http", extra={"kind": "ozon"}, host="evil.example"), "and nowhere else"),
        (ozon(extra={"sandbox": "true"}, host="127.0.0.1", port=5001), "give true or false"),
        (ozon(extra={"sandbox": True}, host="10.0.0.1", port=5001), "a sandbox is at http://127.0.0.1"),
    ],
)
def test_line_99_a_marketplace_elsewhere_is_refused(
    conns: dict[str, Connection], engine: Any, shop: Connection, words: str
) -> None:
    """One address exactly, judged before anything is sent; a user in it is not shown."""
    refused(conns, engine, shop, words)


@pytest.mark.parametrize(
    ("shop", "words"),
    [
        (ozon(login=""), "'shop' needs the Client-Id as its login"),
        (ozon(login=None), "'shop' needs the Client-Id as its login"),
        (ozon(login="123 4567"), "'shop' needs the Client-Id as its login"),
        (ozon(password=""), "'shop' needs the Api-Key as its password"),
        (ozon(password=None), "'shop' needs the Api-Key as its password"),
        (ozon(password="   "), "'shop' needs the Api-Key as its password"),
        (ozon(password="hunter2\nhunter2"), "'shop' needs the Api-Key as its password"),
        (ozon(password="hunter2\n"), "'shop' needs the Api-Key as its password"),
        (ozon(password="••••••"), "'shop' needs the Api-Key as its password"),
    ],
)
def test_line_100_a_key_that_is_none_is_refused(
    conns: dict[str, Connection], engine: Any, shop: Connection, words: str
) -> None:
    """Missing, blank, broken or masked: the field is named, never its value."""
    refused(conns, engine, shop, words)


def test_line_100_a_waiting_time_below_its_minimum_is_refused(
    conns: dict[str, Connection], engine: Any
) -> None:
    """The setting and its range are named; how long an unknown write is waited for is no setting at all."""
    assert conns
    for settings, words in (
        ({"approval_minutes": 0}, "approval_minutes is 0; give a whole number from 1 to"),
        ({"gate_confirm_after_minutes": -1}, "gate_confirm_after_minutes is -1; give a whole number from 0"),
        ({"horizon_seconds": 1}, "unknown policy setting 'horizon_seconds'"),
    ):
        with pytest.raises(BadPolicy, match=words):
            open_exit(json.dumps(FORM | {"policy": settings}))
    assert ExitStore(engine).open_ids() == []


@pytest.mark.parametrize(
    ("shop", "words"),
    [
        (ozon(), "the cost sheet no/such.csv of the connection 'shop'"),
        (ozon(extra={"kind": "ozon"}), "the cost sheet"),
        (ozon(conn_type="http", extra={"kind": "ozon"}, host="api-seller.ozon.ru"), "the cost sheet"),
        (ozon(extra={"sandbox": True}, host="127.0.0.1", port=5001), "the cost sheet"),
        (ozon(extra={"kind": "exports"}), "'shop' needs 'folder' in its extra"),
        (ozon(extra={"warehouses": {"22142605386000": "WH-1"}}), "the cost sheet"),
        (ozon(extra={"warehouses": ["WH-1"]}), "'shop': warehouses in its extra is .*, not an object"),
        (ozon(extra={"warehouses": {"WH-1": "22142605386000"}}), "the key 'WH-1', and ids of Ozon's are"),
        (ozon(extra={"warehouses": {"22142605386000": " "}}), "gives ' ' for 22142605386000"),
        (ozon(extra={"warehouse": {"22142605386000": "WH-1"}}), "has 'warehouse' in its extra; known are"),
    ],
)
def test_the_other_settings_of_an_ozon_connection_are_judged_too(
    conns: dict[str, Connection], engine: Any, shop: Connection, words: str
) -> None:
    """Once address and key are right, cost sheet and names of warehouses have their turn."""
    refused(conns, engine, shop, words)


TWO_CLIENTS = (
    r"connections 'shop' \(exit demo-1\) and 'shop-2' \(exit demo-2\) have one Api-Key and two Client-Ids"
)
TWO_MERCHANTS = r"exits demo-1 of 'Demo merchant' .* and demo-2 of 'Other merchant' .* have one Client-Id"


@pytest.fixture
def cabinets(conns: dict[str, Connection], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Make exits on Ozon connections of their own: exit demo-1 on shop, demo-2 on shop-2, and so on."""
    sheet = tmp_path / "costs.csv"
    sheet.write_text("sku,unit_cost,resale_value,handling_class,currency\n1,1.00,1.00,standard,RUB\n")

    def make(number: int = 1, merchant: str = "Demo merchant", **changes: Any) -> dict[str, Any]:
        shop = "shop" if number == 1 else f"shop-{number}"
        conns[shop] = ozon(**{"conn_id": shop, "extra": {"costs": str(sheet)}, **changes})
        return {**FORM, "exit_id": f"demo-{number}", "marketplace_conn": shop, "merchant": merchant}

    return make


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"login": "7654321"}, TWO_CLIENTS),
        ({"login": "7654321", "merchant": "Other merchant"}, TWO_CLIENTS),
        ({"merchant": "Other merchant"}, TWO_MERCHANTS),
        ({"merchant": "Other merchant", "password": "another"}, TWO_MERCHANTS),
    ],
)
def test_line_100_two_cabinets_with_one_key_are_refused(
    engine: Any, cabinets: Callable[..., dict[str, Any]], other: dict[str, Any], words: str
) -> None:
    """At the start and before each snapshot; exits, connections and fields are named, never a value."""
    open_exit(json.dumps(cabinets(2, **other)))
    with pytest.raises(BadConnection, match=words) as refused:
        open_exit(json.dumps(cabinets()))
    assert ExitStore(engine).open_ids() == ["demo-2"]
    ExitStore(engine).add(read_form(cabinets(), date(2026, 3, 1)))
    with pytest.raises(BadConnection, match=words):
        begin("demo-1", "", "False")
    for value in ("secret", "another", "1234567", "7654321"):
        assert value not in str(refused.value)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"password": "another"},
        {"login": "7654321", "password": "another", "merchant": "Other merchant"},
        {"password": "", "merchant": "Other merchant"},
        {"host": "127.0.0.1", "port": 5001, "login": "7654321", "extra": {"sandbox": True}},
    ],
)
def test_cabinets_that_are_told_apart_open_side_by_side(
    engine: Any, cabinets: Callable[..., dict[str, Any]], other: dict[str, Any]
) -> None:
    """Two exits or two keys of one cabinet, two cabinets, a connection that lost its key, a sandbox."""
    ExitStore(engine).add(read_form(cabinets(2, **other), date(2026, 3, 1)))
    for _ in range(2):
        open_exit(json.dumps(cabinets()))
    assert ExitStore(engine).open_ids() == ["demo-1", "demo-2"]


def test_a_closed_exit_has_no_cabinet(engine: Any, cabinets: Callable[..., dict[str, Any]]) -> None:
    """Its cabinet may go to another merchant."""
    open_exit(json.dumps(cabinets(2, merchant="Other merchant")))
    walk(engine, "demo-2", "closed")
    assert open_exit(json.dumps(cabinets())) == "demo-1"


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"reference": "no"}, "has reference 'no' in its extra; give true or false"),
        ({"horizon_s": 5}, "has horizon_s 5 in its extra; give 10 to 2592000 seconds"),
        ({"horizon_s": True}, "has horizon_s True in its extra"),
        ({"horizon_s": "60"}, "has horizon_s '60' in its extra"),
    ],
)
def test_a_desk_with_unknown_habits_is_refused(
    conns: dict[str, Connection], engine: Any, extra: dict[str, Any], words: str
) -> None:
    """How long an unknown write is waited for is measured at the desk, never guessed from a typo."""
    conns["desk"] = connection("desk", kind="partner_api", **extra)
    with pytest.raises(BadConnection, match=words):
        open_exit(json.dumps(FORM))
    assert ExitStore(engine).open_ids() == []


@pytest.mark.parametrize(
    ("extra", "knows", "horizon_s"),
    [({}, True, 30), ({"reference": False}, False, 86_400), ({"horizon_s": 600}, True, 600)],
)
def test_a_desk_that_keeps_no_reference_has_a_long_horizon(
    conns: dict[str, Connection], merchant_exit: Any, extra: dict[str, Any], knows: object, horizon_s: int
) -> None:
    """Half a minute where a second request would be refused, a day where it would not."""
    conns["demo_desk"] = connection("demo_desk", kind="partner_api", **extra)
    manner = doors.desk(merchant_exit).manner
    assert (manner.knows_reference, manner.horizon_s, manner.account) == (
        knows,
        horizon_s,
        "https://peer.example:443",
    )

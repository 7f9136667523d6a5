"""What a run is triggered with: Airflow's forms refuse first, and our own validation does not rely on them."""

import copy
import json
from datetime import date
from types import SimpleNamespace

import pytest

from include.winddown.domain.errors import BadExit, BadParam, BadPolicy
from include.winddown.runtime import stations
from include.winddown.steps.apply_to_leave import read_application
from include.winddown.steps.open_exit import read_form
from include.winddown.steps.take_snapshot import begin

TODAY = date(2026, 11, 23)
FORM = {
    "exit_id": "demo-1",
    "merchant": "Demo merchant",
    "marketplace_conn": "shop",
    "desk_conn": "desk",
    "dock_conn": "dock",
    "destination": "OWN-1",
    "currency": "RUB",
    "opened_on": None,
    "deadline_on": "2027-01-31",
    "policy": {},
    "policy_file": None,
    "approvers": [],
}


def test_line_98_the_form_is_as_the_dag_has_it(dag_bag):
    """Every field of the form is read, and no other."""
    assert set(dag_bag.dags["open_exit"].params) == set(FORM)
    assert read_form(FORM, TODAY).exit_id == "demo-1"


APPLICATION = {name: value for name, value in FORM.items() if name not in ("opened_on", "policy_file")} | {
    "scheme": "fbp",
    "country": "RU",
    "reason": "cost",
    "reason_words": "Storage eats the margin.",
    "contact_name": "Ada",
    "contact_email": "ada@firm.example",
    "contact_phone": "+7 495 123-45-67",
    "return_address": "Moscow, Lesnaya 1",
}


def test_the_form_of_an_application_is_as_the_dag_has_it(dag_bag):
    """Every field is read, and no other; an unknown one is named."""
    assert set(dag_bag.dags["apply_to_leave"].params) == set(APPLICATION)
    merchant_exit, request = read_application(APPLICATION, TODAY)
    assert (merchant_exit.opened_on, request.contact_phone) == (TODAY, "+74951234567")
    with pytest.raises(BadParam, match="unknown field 'limit'"):
        read_application(APPLICATION | {"limit": 9}, TODAY)
    with pytest.raises(BadParam, match="country is 'DE'"):
        read_application(APPLICATION | {"country": "DE"}, TODAY)


@pytest.mark.parametrize(
    ("dag_id", "conf"),
    [
        ("apply_to_leave", APPLICATION | {"reason": "anger"}),
        ("apply_to_leave", APPLICATION | {"contact_phone": None}),
        ("apply_to_leave", APPLICATION | {"deadline_on": "soon"}),
        ("apply_to_leave", {"exit_id": "demo-1"}),
        ("open_exit", FORM | {"exit_id": "../x"}),
        ("open_exit", FORM | {"merchant": ""}),
        ("open_exit", FORM | {"policy": "strict"}),
        ("open_exit", FORM | {"approvers": "ada"}),
        ("open_exit", FORM | {"approvers": [""]}),
        ("open_exit", FORM | {"approvers": [7]}),
        ("open_exit", FORM | {"policy_file": "../demo.yaml"}),
        ("open_exit", FORM | {"currency": "rubles"}),
        ("open_exit", FORM | {"deadline_on": 20270131}),
        ("take_snapshot", {"exit_id": 7}),
        ("take_snapshot", {"as_of": "yesterday"}),
        ("take_snapshot", {"replace": "yes"}),
        ("plan_wind_down", {"exit_id": None}),
        ("plan_wind_down", {"what_if": "deadline -7"}),
        ("plan_wind_down", {"what_if": None}),
        ("create_returns", {"exit_id": ["demo-1"]}),
        ("reconcile_returns", {"exit_id": 9999}),
    ],
)
def test_line_98_airflow_refuses_another_type(dag_bag, dag_id, conf):
    """The trigger form and the API validate before a run exists."""
    from airflow.sdk.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError):
        validate(dag_bag.dags[dag_id].params, conf)


def validate(params, conf):
    """Validate as Airflow does when a run is triggered."""
    given = copy.deepcopy(params)
    given.update(conf)
    given.validate()


@pytest.mark.parametrize("dag_id", ["open_exit", "take_snapshot", "plan_wind_down", "reconcile_returns"])
def test_line_98_an_unknown_param_is_refused(dag_bag, monkeypatch, dag_id):
    """Airflow lets it through, and a typo in exit_id would mean every exit: nothing runs."""
    dag = dag_bag.dags[dag_id]
    pushed = {}
    context = {
        "dag": dag,
        "dag_run": SimpleNamespace(conf={"exit": "demo-1", "limit": 9999}),
        "ti": SimpleNamespace(xcom_push=pushed.__setitem__),
    }
    monkeypatch.setattr(stations, "get_current_context", lambda: context)
    name = next(iter(dag.task_dict)).rpartition(".")[2]
    with pytest.raises(BadParam, match=rf"{dag_id} has no parameter 'exit'; it has .*exit_id"):
        stations._run(name, {})
    assert "has no parameter" in pushed[stations.PROBLEM]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"limit": 9999}, BadParam, "unknown field 'limit'; known are approvers, currency, deadline_on"),
        ({"merchant": 5}, BadParam, "merchant is 5; write a text"),
        ({"merchant": None}, BadParam, "merchant is None; write a text"),
        ({"merchant": "  "}, BadParam, "merchant is '  '; write a text"),
        ({"desk_conn": ["desk"]}, BadParam, r"desk_conn is \['desk'\]; write a text"),
        ({"approvers": "ada"}, BadParam, "approvers is 'ada'; give user names"),
        ({"approvers": ["ada", " "]}, BadParam, "give user names"),
        ({"approvers": [7]}, BadParam, "give user names"),
        ({"approvers": ["ada", "Ada "]}, BadExit, "an approver is named twice in Ada, ada"),
        ({"policy": "strict"}, BadPolicy, "policy is 'strict'; give settings by name"),
        ({"policy": [1]}, BadPolicy, r"policy is \[1\]; give settings by name"),
        ({"policy": {"rows_bad_max": "50"}}, BadPolicy, "rows_bad_max is '50'; give a whole number"),
        ({"policy": {"approval_minutes": 0}}, BadPolicy, "from 1 to 43200"),
        ({"policy": {"limit": 9999}}, BadPolicy, "unknown policy setting 'limit'"),
        ({"deadline_on": 20270131}, BadParam, "deadline_on is 20270131; write a date as YYYY-MM-DD"),
        ({"deadline_on": "2027-02-30"}, BadParam, "write a date as YYYY-MM-DD"),
        ({"deadline_on": "20270131"}, BadParam, "write a date as YYYY-MM-DD"),
        ({"opened_on": True}, BadParam, "opened_on is True; write a date"),
        ({"exit_id": "../x"}, BadExit, "lower-case letters"),
    ],
)
def test_line_98_the_exit_is_validated_without_airflow(change, error, words):
    """Params are no security control: an unknown key, another type and a number out of range are named."""
    with pytest.raises(error, match=words):
        read_form(json.loads(json.dumps(FORM | change)), TODAY)


def test_line_98_a_missing_field_is_named():
    """No default is made up."""
    with pytest.raises(BadParam, match="desk_conn is missing"):
        read_form({name: value for name, value in FORM.items() if name != "desk_conn"}, TODAY)


@pytest.mark.parametrize("as_of", ["2026-02-30", "20260301", "2026-W01-1"])
def test_line_98_a_day_that_does_not_exist_is_named(as_of):
    """It looks like a date to the form; nothing has begun."""
    with pytest.raises(BadParam, match=f"as_of is '{as_of}'; write a date as YYYY-MM-DD"):
        begin("demo-1", as_of, "False")

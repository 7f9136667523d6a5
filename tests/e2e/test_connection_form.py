"""The connection type ozon in the real api-server."""


def test_the_form_of_a_connection_to_ozon(stack):
    """Client-Id and Api-Key by name, no free host, the cost sheet as a field; no package is installed for it."""
    reply = stack.api("engineer").request("GET", "/connections/hook_meta", root="/ui")
    [form] = [one for one in reply.raise_for_status().json() if one["connection_type"] == "ozon"]
    assert form["hook_name"] == "Ozon Seller API"
    standard = form["standard_fields"]
    assert (standard["login"]["title"], standard["password"]["title"]) == ("Client-Id", "Api-Key")
    assert all(standard[name]["hidden"] for name in ("host", "port", "url_schema"))
    assert set(form["extra_fields"]) == {"costs", "requests_per_s", "warehouses", "writer"}


def test_a_connection_of_type_ozon_stays_one(stack):
    """Airflow keeps the type it is given, and hides the key."""
    engineer = stack.api("engineer")
    body = {"connection_id": "shop", "conn_type": "ozon", "login": "1234567", "password": "the-key"}
    engineer.request("POST", "/connections", json=body).raise_for_status()
    kept = engineer.get("/connections/shop")
    engineer.request("DELETE", "/connections/shop").raise_for_status()
    assert kept["conn_type"] == "ozon"
    assert "the-key" not in str(kept)


def test_the_button_test_judges_the_key(stack):
    """Only who may add connections presses it; it says what the check before each snapshot says."""
    sandbox = stack.settings.sandbox
    body = {
        "connection_id": "tried_out",
        "conn_type": "ozon",
        "host": "127.0.0.1",
        "port": sandbox.port,
        "login": sandbox.client_id,
        "password": sandbox.api_key,
        "extra": '{"sandbox": true}',
    }
    pressed = [
        stack.api("engineer").request("POST", "/connections/test", json=body | changes).json()
        for changes in ({}, {"password": "wrong"}, {"extra": "{}"})
    ]
    assert [one["status"] for one in pressed] == [True, False, False]
    assert "only reads and lives until" in pressed[0]["message"]
    assert "check that Client-Id and Api-Key" in pressed[1]["message"]
    assert "and nowhere else" in pressed[2]["message"]
    assert stack.api("operator").request("POST", "/connections/test", json=body).status_code == 403

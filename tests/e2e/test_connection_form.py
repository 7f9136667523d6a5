"""The connection type ozon in the real api-server."""


def test_the_form_of_a_connection_to_ozon(stack):
    """Client-Id and Api-Key by name, no free host, the cost sheet as a field; no package is installed for it."""
    reply = stack.api("engineer").request("GET", "/connections/hook_meta", root="/ui")
    [form] = [one for one in reply.raise_for_status().json() if one["connection_type"] == "ozon"]
    assert form["hook_name"] == "Ozon Seller API"
    standard = form["standard_fields"]
    assert (standard["login"]["title"], standard["password"]["title"]) == ("Client-Id", "Api-Key")
    assert all(standard[name]["hidden"] for name in ("host", "port", "url_schema"))
    assert set(form["extra_fields"]) == {"costs", "requests_per_s", "warehouses"}


def test_a_connection_of_type_ozon_stays_one(stack):
    """Airflow keeps the type it is given, and hides the key."""
    engineer = stack.api("engineer")
    body = {"connection_id": "shop", "conn_type": "ozon", "login": "1234567", "password": "the-key"}
    engineer.request("POST", "/connections", json=body).raise_for_status()
    kept = engineer.get("/connections/shop")
    engineer.request("DELETE", "/connections/shop").raise_for_status()
    assert kept["conn_type"] == "ozon"
    assert "the-key" not in str(kept)

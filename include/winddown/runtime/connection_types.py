"""
The connection types that winddown adds to Airflow, and their forms.

Airflow finds this through plugins/winddown-0.1.0.dist-info, which lies on PYTHONPATH: there is no
package to build or install. The api-server shows the form; what a connection may hold is judged
by runtime/doors.py when it is used.
"""

from typing import Any

OZON = "ozon"
APPROVERS_CONN = "winddown_approvers"
"""Who may approve plans: user name -> user id in its extra; written by include.local.accounts."""


def get_provider_info() -> dict[str, Any]:
    """Describe the provider, as apache_airflow_provider asks for it."""
    return {
        "package-name": "winddown",
        "name": "winddown",
        "description": "Takes a merchant's stock out of a marketplace's fulfilment service.",
        "connection-types": [
            {
                "connection-type": OZON,
                "hook-class-name": "include.winddown.runtime.ozon_hook.OzonHook",
                "hook-name": "Ozon Seller API",
                "ui-field-behaviour": {
                    "hidden-fields": ["host", "port", "schema"],
                    "relabeling": {"login": "Client-Id", "password": "Api-Key"},
                    "placeholders": {"login": "1234567"},
                },
                "conn-fields": {
                    "costs": {
                        "label": "Cost sheet",
                        "description": "Path of the cost sheet (CSV), readable on every worker.",
                        "schema": {"type": ["string", "null"]},
                    },
                    "requests_per_s": {
                        "label": "Requests a second",
                        "description": "This host's share of Ozon's limit, when several hosts share one key.",
                        "schema": {"type": ["integer", "null"], "minimum": 1},
                    },
                    "writer": {
                        "label": "Writer",
                        "description": "Connection with the key that sets prices; empty = mark_down and hand_over fail.",
                        "schema": {"type": ["string", "null"]},
                    },
                    "warehouses": {
                        "label": "Warehouses",
                        "description": "Ozon's warehouse id: the partner's code for it, as a JSON object.",
                        "schema": {"type": ["object", "null"]},
                    },
                },
            }
        ],
    }

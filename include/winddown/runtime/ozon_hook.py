"""The hook that Airflow wants for each connection type."""

from airflow.sdk import BaseHook

from include.winddown.runtime.connection_types import OZON


class OzonHook(BaseHook):
    """Names the connection type; the connection itself is read in runtime/doors.py and nowhere else."""

    conn_name_attr = "ozon_conn_id"
    default_conn_name = "ozon_default"
    conn_type = OZON
    hook_name = "Ozon Seller API"

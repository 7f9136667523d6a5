"""The hook that Airflow wants for each connection type."""

from airflow.sdk import BaseHook

from include.winddown.domain.errors import WinddownError
from include.winddown.runtime.connection_types import OZON


class OzonHook(BaseHook):
    """
    Names the connection type and tries a connection out.

    No task uses it: what a connection holds is read in runtime/ozon_connection.py and nowhere else.
    """

    conn_name_attr = "ozon_conn_id"
    default_conn_name = "ozon_default"
    conn_type = OZON
    hook_name = "Ozon Seller API"

    def __init__(self, ozon_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.ozon_conn_id = ozon_conn_id

    def test_connection(self) -> tuple[bool, str]:
        """Judge the key for Airflow's button Test, which shows the sentence."""
        # the api-server loads this module for the form alone
        from include.winddown.runtime import doors, ozon_connection

        try:
            return True, ozon_connection.try_out(doors.connection_of(self.ozon_conn_id))
        except (WinddownError, ConnectionError) as unfit:
            return False, str(unfit)

"""Register with Airflow what winddown adds to it."""

from airflow.plugins_manager import AirflowPlugin

from include.winddown.runtime import notes


class WinddownPlugin(AirflowPlugin):
    """Notes on failed runs."""

    name = "winddown"
    listeners = [notes]  # noqa: RUF012  Airflow reads the class attribute

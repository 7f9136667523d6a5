"""The real system for the end-to-end tests: started by the launcher's own code, in a folder of its own."""

from collections.abc import Iterator

import pytest

from include.local.journey import DAGS
from include.local.stack import Stack, Wish


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """
    PostgreSQL, sandbox and Airflow, up and with every DAG loaded.

    `stack.api(user)` is Airflow's API as viewer, operator, approver, approver2 or engineer; `stack.world` steers
    the demo merchant's sandbox and `stack.mirror` the one behind the file exports;
    `stack.database_url` is winddown's database; `stack.wish.input_folder` is an empty folder for
    exports, read through the connections exports_marketplace, exports_desk,
    exports_documents_desk and exports_dock.
    """
    base = tmp_path_factory.mktemp("stack")
    (base / "exports").mkdir()
    with Stack(Wish(var=base / "var", port=0, input_folder=base / "exports")) as running:
        running.wait_for_dags(DAGS)
        yield running

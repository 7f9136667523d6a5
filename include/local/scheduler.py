"""
The scheduler, with the libraries that tasks need imported before its workers are forked.

Every task runs in a fork of a LocalExecutor worker, which is a fork of the scheduler. What is
imported here once costs no task anything; otherwise each of some thirty tasks of a journey pays one
to four seconds for it. Only libraries are listed: our own code is read anew by every task, so that
an edit counts from the next task on.
"""

import importlib
import sys

# Airflow comes last: it configures logging, and Great Expectations would then write a line per closure.
PRELOADED = (
    "great_expectations",
    "duckdb",
    "httpx",
    "pandas",
    "pgpq",
    "psycopg",
    "pyarrow.parquet",
    "sqlalchemy.dialects.postgresql.psycopg",
    "upath",
    "airflow.sdk.io",
)


def main() -> None:
    """Import, then be the scheduler."""
    for name in PRELOADED:
        importlib.import_module(name)
    from airflow.__main__ import main as airflow

    sys.argv = ["airflow", "scheduler", *sys.argv[1:]]
    airflow()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

"""
Alembic's way in: which database, and inside one transaction.

The address comes from the caller (`migrate(url)`) or, at the command line, from the
environment variable WINDDOWN_DATABASE_URL.
"""

import os

from alembic import context
from sqlalchemy import text

from include.winddown.adapters.stores.database import engine_of
from include.winddown.adapters.stores.tables import metadata

VARIABLE = "WINDDOWN_DATABASE_URL"
# Two processes that start together must not both migrate; the number only has to be ours.
LOCK = 7_214_590_061


def run() -> None:
    url = context.config.attributes.get("url") or os.environ.get(VARIABLE)
    if not url:
        message = f"no database: set {VARIABLE}=postgresql://user:password@host/winddown"
        raise SystemExit(message)
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            context.configure(connection=connection, target_metadata=metadata, compare_server_default=True)
            with context.begin_transaction():
                connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                context.run_migrations()
    finally:
        engine.dispose()


run()

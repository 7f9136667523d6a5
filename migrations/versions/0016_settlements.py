"""How claims end: what a named person recorded, for how much."""

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    _run("0016_settlements.sql")


def downgrade() -> None:
    _run("0016_down.sql")


def _run(name: str) -> None:
    statements = (SQL / name).read_text(encoding="utf-8")
    # Without parameters, so that a percent sign in the text stays one.
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})

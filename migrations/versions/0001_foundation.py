"""The foundation: exits, snapshots, plans, approvals, the ledger of effects, units."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    for part in ("snapshots", "plans", "ledger", "guards"):
        _run(f"0001_{part}.sql")


def downgrade() -> None:
    _run("0001_down.sql")


def _run(name: str) -> None:
    statements = (SQL / name).read_text(encoding="utf-8")
    # Without parameters, so that a percent sign in the text stays one.
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
